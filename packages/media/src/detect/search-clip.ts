import { decodeFrames, newOutcome, type DecodeOutcome, type FrameShape } from '../frames/decode.ts';
import type { MediaRange } from '../frames/frame.ts';
import type { ProbedFile } from '../probe/probe.ts';
import { reporter, type MediaTask } from '../task.ts';
import { averageBlocks, blockGrid } from './blocks.ts';
import { FrameSearch, type Detectors } from './frame-search.ts';
import { MotionSearch } from './motion-search.ts';
import { Movement } from './movement.ts';
import type { Sighting } from './sighting.ts';

/** Frames nearer than this to the last one searched are not searched: what was seen on either side covers them. */
const SEARCH_EVERY_MS = 79;
/** In a large picture, where a search costs more and figures are larger. */
const SEARCH_LARGE_EVERY_MS = 99;
const LARGE_WIDTH = 800;

/** One searched frame: what was seen, and where it differs from the one searched before. */
export interface SearchedFrame {
  /** Number of the frame in the clip. */
  readonly frame: number;
  readonly atMs: number;
  readonly sightings: Sighting[];
  /** Null for the first frame. */
  readonly movement: Movement | null;
}

export interface ClipSearch {
  readonly searched: SearchedFrame[];
  readonly outcome: DecodeOutcome;
  /** Times of all frames, rising. */
  readonly frameTimes: number[];
}

export interface SearchOptions extends MediaTask {
  readonly range?: MediaRange | undefined;
}

/**
 * Reads a clip once, at a small size, and searches every frame worth a search.
 *
 *   ffmpeg ─► small picture ─► grey blocks ─┬─► motion
 *                                           └─► did anything change? ─► networks
 */
export async function searchClip(
  source: ProbedFile,
  shape: FrameShape,
  detectors: Detectors,
  options: SearchOptions,
): Promise<ClipSearch> {
  const outcome = newOutcome();
  const clip: ClipSearch = { searched: [], outcome, frameTimes: [] };
  const grid = blockGrid(shape);
  const motion = detectors.motion ? new MotionSearch(grid) : null;
  const networks = new FrameSearch(detectors, shape);
  const report = reporter('detect', source.report.durationMs, options.onProgress);
  const everyMs = shape.width > LARGE_WIDTH ? SEARCH_LARGE_EVERY_MS : SEARCH_EVERY_MS;
  let [grey, before] = [0, 1].map(() => new Uint8Array(grid.columns * grid.rows)) as [
    Uint8Array,
    Uint8Array,
  ]; // two of them
  let nextMs = 0;
  const { range, signal } = options;
  for await (const frame of decodeFrames(source, { shape, range, signal }, outcome)) {
    clip.frameTimes.push(frame.ptsMs);
    report(frame.index + 1, frame.ptsMs);
    if (frame.ptsMs < nextMs) continue;
    nextMs = frame.ptsMs + everyMs;
    const { ptsMs: atMs, width, height, pixels } = frame;
    averageBlocks(frame, grid, grey);
    const movement = clip.searched.length === 0 ? null : new Movement(before, grey, grid);
    const picture = { atMs, width, height, pixels };
    const sightings = [...(await networks.search(picture, grey))];
    clip.searched.push({ frame: frame.index, atMs, sightings, movement });
    addMoved(clip.searched, motion?.add(grey, atMs) ?? []);
    [grey, before] = [before, grey];
  }
  addMoved(clip.searched, motion?.finish() ?? []);
  return clip;
}

/** What moved may become known later than what the networks saw: it is added to its own frame. */
function addMoved(
  searched: readonly SearchedFrame[],
  moved: readonly { readonly atMs: number; readonly sightings: readonly Sighting[] }[],
): void {
  const first = searched.length - moved.length;
  for (const [index, { sightings }] of moved.entries())
    searched[first + index]?.sightings.push(...sightings);
}
