import type { MaskTrack } from '@sallyport/contracts';
import { averageBlocks, blockGrid } from '@sallyport/media/internal/detect/blocks.js';
import { Movement } from '@sallyport/media/internal/detect/movement.js';
import type { ClipSearch, SearchedFrame } from '@sallyport/media/internal/detect/search-clip.js';
import type { Rectangle, Sighting } from '@sallyport/media/internal/detect/sighting.js';
import { newOutcome } from '@sallyport/media/internal/frames/decode.js';
import { boxAt } from '@sallyport/media/internal/mask/boxes-at.js';
import type { ClipFacts } from '@sallyport/media/internal/track/to-mask-track.js';

export const WIDTH = 640;
export const HEIGHT = 360;
const GRID = blockGrid({ width: WIDTH, height: HEIGHT });

export function box(left: number, top: number, side = 40): Rectangle {
  return { left, top, right: left + side, bottom: top + side };
}

/** A figure's place at a time; null when it is not there. */
export type Path = (atMs: number) => Rectangle | null;

export interface Scene {
  readonly search: ClipSearch;
  readonly clip: ClipFacts;
}

/** A clip with one bright figure, searched at the given times by a detector that is blind at some of them. */
export function scene(
  times: readonly number[],
  path: Path,
  isBlind: (atMs: number) => boolean = () => false,
): Scene {
  let before: Uint8Array | null = null;
  const searched: SearchedFrame[] = times.map((atMs, frame) => {
    const place = path(atMs);
    const grey = paint(place);
    const movement = before === null ? null : new Movement(before, grey, GRID);
    before = grey;
    const sightings: Sighting[] =
      place === null || isBlind(atMs) ? [] : [{ kind: 'face', confidence: 0.9, ...place }];
    return { frame, atMs, sightings, movement };
  });
  const durationMs = (times.at(-1) ?? 0) + 80;
  const outcome = { ...newOutcome(), frames: times.length, durationMs };
  return {
    search: { searched, outcome, frameTimes: [...times] },
    clip: { width: WIDTH, height: HEIGHT, durationMs, scaleX: 1, scaleY: 1, frameTimes: times },
  };
}

/** Whether a mask hides all of a figure, as far as it is in the picture. */
export function isCovered(tracks: readonly MaskTrack[], atMs: number, place: Rectangle): boolean {
  return tracks.some((track) => {
    if (atMs < track.fromMs || atMs > track.toMs) return false;
    const mask = boxAt(track, atMs);
    return (
      mask.x <= Math.max(0, place.left) &&
      mask.y <= Math.max(0, place.top) &&
      mask.x + mask.width >= Math.min(WIDTH, place.right) &&
      mask.y + mask.height >= Math.min(HEIGHT, place.bottom)
    );
  });
}

function paint(place: Rectangle | null): Uint8Array {
  const pixels = new Uint8Array(WIDTH * HEIGHT).fill(90);
  if (place !== null)
    for (let y = Math.max(0, place.top); y < Math.min(HEIGHT, place.bottom); y++)
      pixels.fill(
        200,
        y * WIDTH + Math.min(WIDTH, Math.max(0, place.left)),
        y * WIDTH + Math.min(WIDTH, Math.max(0, place.right)),
      );
  const grey = new Uint8Array(GRID.columns * GRID.rows);
  averageBlocks({ width: WIDTH, height: HEIGHT, pixels }, GRID, grey);
  return grey;
}
