import { randomBytes } from 'node:crypto';
import {
  SallyportError,
  type MaskDoubt,
  type MaskTarget,
  type MaskTrack,
  type PartialMedia,
  type ProbeReport,
} from '@sallyport/contracts';
import { decodeFrames, newOutcome, type DecodeOutcome } from '../frames/decode.ts';
import type { MediaRange } from '../frames/frame.ts';
import { detectionShape, type DetectionShape } from '../frames/shapes.ts';
import { findModel, type FoundModel } from '../models/models.ts';
import { probeFile, type ProbedFile } from '../probe/probe.ts';
import { reporter, type MediaTask } from '../task.ts';
import { clipDoubts, doubtsOf } from '../track/doubts.ts';
import { Linker } from '../track/link.ts';
import { toMaskTrack, type ClipFacts } from '../track/to-mask-track.ts';
import { openFaceDetector } from './face-detector.ts';
import { learnBackground } from './learn-background.ts';
import { openMotionDetector } from './motion-detector.ts';
import type { Detector } from './sighting.ts';

/** Longer side of the picture that is searched; smaller recordings are searched as they are. */
const LONG_SIDE = 1280;
/** Frames nearer than this to the last one searched are not searched: the union of both neighbours covers them. */
const SEARCH_EVERY_MS = 79;

export interface DetectOptions extends MediaTask {
  readonly targets: readonly MaskTarget[];
  /** Folder with the model files; needed for `face`. */
  readonly modelDirectory?: string | undefined;
  readonly range?: MediaRange | undefined;
}

/** What was found, for review. Times are milliseconds from the first frame of the range. */
export interface Detection {
  readonly tracks: MaskTrack[];
  readonly doubts: MaskDoubt[];
  readonly targets: MaskTarget[];
  readonly probe: ProbeReport;
  /** What is missing of a damaged recording; null when all of it was read. */
  readonly partial: PartialMedia | null;
  readonly frameCount: number;
  readonly durationMs: number;
  readonly models: { readonly name: string; readonly sha256: string }[];
}

/**
 * Searches a recording for figures and joins what was seen into tracks over the whole clip.
 *
 *   ffmpeg ─► small picture ─► detectors ─► link ─► tracks with margins, extensions, doubts
 *
 * @throws SallyportError `ERR_MEDIA_MODEL_MISSING` for `face` without its model (never unmasked in silence),
 * `ERR_MEDIA_MODEL_DIGEST`, `ERR_MEDIA_TARGET_UNKNOWN`, and those of probe and decoding
 */
export async function detectTracks(input: string, options: DetectOptions): Promise<Detection> {
  const targets = [...new Set(options.targets)];
  const models = await requireModels(targets, options.modelDirectory);
  const source = await probeFile(input, options);
  const shape = detectionShape(source.report, LONG_SIDE);
  const detectors = await openDetectors(targets, models, source, shape, options);
  try {
    const { outcome, linker, frameTimes } = await search(source, shape, detectors, options);
    const clip = factsOf(source.report, shape, outcome.durationMs, frameTimes);
    return {
      ...describe(linker, clip, outcome.partial, targets),
      targets,
      probe: source.report,
      partial: outcome.partial,
      frameCount: outcome.frames,
      durationMs: outcome.durationMs,
      models: models.map(({ entry }) => ({ name: entry.name, sha256: entry.sha256 })),
    };
  } finally {
    for (const detector of detectors) await detector.close();
  }
}

async function requireModels(
  targets: readonly MaskTarget[],
  directory: string | undefined,
): Promise<FoundModel[]> {
  const found: FoundModel[] = [];
  for (const target of targets) {
    if (target === 'plate' || target === 'person')
      throw new SallyportError('ERR_MEDIA_TARGET_UNKNOWN', { detail: { target } });
    if (target === 'motion') continue;
    const model = await findModel('face', directory);
    if (model === null) throw new SallyportError('ERR_MEDIA_MODEL_MISSING', { detail: { target } });
    found.push(model);
  }
  return found;
}

async function openDetectors(
  targets: readonly MaskTarget[],
  models: readonly FoundModel[],
  source: ProbedFile,
  shape: DetectionShape,
  options: DetectOptions,
): Promise<Detector[]> {
  const detectors: Detector[] = [];
  for (const { entry, path } of models)
    if (entry.kind === 'face') detectors.push(await openFaceDetector(path));
  if (targets.includes('motion'))
    detectors.push(openMotionDetector(await learnBackground(source, shape, options)));
  return detectors;
}

async function search(
  source: ProbedFile,
  shape: DetectionShape,
  detectors: readonly Detector[],
  options: DetectOptions,
): Promise<{ outcome: DecodeOutcome; linker: Linker; frameTimes: number[] }> {
  const outcome = newOutcome();
  const linker = new Linker();
  const frameTimes: number[] = [];
  const report = reporter('detect', source.report.durationMs, options.onProgress);
  const { range, signal } = options;
  let nextMs = 0;
  for await (const frame of decodeFrames(source, { shape, range, signal }, outcome)) {
    frameTimes.push(frame.ptsMs);
    report(frame.index + 1, frame.ptsMs);
    if (frame.ptsMs < nextMs) continue;
    nextMs = frame.ptsMs + SEARCH_EVERY_MS;
    const picture = { ...shape, atMs: frame.ptsMs, planes: frame.pixels };
    const sightings = [];
    for (const detector of detectors) sightings.push(...(await detector.detect(picture)));
    linker.add(frame.index, frame.ptsMs, sightings);
  }
  return { outcome, linker, frameTimes };
}

function describe(
  linker: Linker,
  clip: ClipFacts,
  partial: PartialMedia | null,
  targets: readonly MaskTarget[],
): { tracks: MaskTrack[]; doubts: MaskDoubt[] } {
  const tracks: MaskTrack[] = [];
  const doubts: MaskDoubt[] = clipDoubts(clip, partial, targets.includes('face'));
  for (const linked of linker.finish()) {
    const track = toMaskTrack(linked, randomBytes(16).toString('hex'), clip);
    if (track === null) continue;
    tracks.push(track);
    doubts.push(...doubtsOf(linked, track, clip));
  }
  return { tracks, doubts: doubts.sort((one, other) => one.fromMs - other.fromMs) };
}

function factsOf(
  probe: ProbeReport,
  shape: DetectionShape,
  durationMs: number,
  frameTimes: readonly number[],
): ClipFacts {
  const { width, height } = probe;
  return {
    width,
    height,
    durationMs,
    frameTimes,
    scaleX: width / shape.usedWidth,
    scaleY: height / shape.usedHeight,
  };
}
