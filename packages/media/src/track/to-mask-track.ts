import {
  DETECTED,
  type MaskBox,
  type MaskKeyframe,
  type MaskTarget,
  type MaskTrack,
} from '@sallyport/contracts';
import type { Rectangle } from '../detect/sighting.ts';
import { union } from '../mask/boxes-at.ts';
import { moved, type LinkedTrack, type SeenAt } from './link.ts';

/** Share of a box's side that is added around it: detectors stop at the chin and the hairline. */
const MARGIN: Record<MaskTarget, number> = { face: 0.25, motion: 0.06, plate: 0.15, person: 0.08 };
const MIN_MARGIN_PIXELS = 2;
/** How long a mask stands before the first and after the last sighting. */
const EXTENSION_MS: Record<MaskTarget, number> = {
  face: 700,
  motion: 400,
  plate: 700,
  person: 700,
};
/** A keyframe is left out when its neighbours' union covers it and is hardly larger. */
const THINNING_GROWTH = 1.1;
const THINNING_SPAN_MS = 2000;

export interface ClipFacts {
  readonly width: number;
  readonly height: number;
  readonly durationMs: number;
  /** Footage pixels per detection pixel. */
  readonly scaleX: number;
  readonly scaleY: number;
  /** Times of all frames, rising. */
  readonly frameTimes: readonly number[];
}

/** Turns linked sightings into a track of the mask plan: margins, extension in time, whole pixels, counts. */
export function toMaskTrack(
  linked: LinkedTrack,
  trackId: string,
  clip: ClipFacts,
): MaskTrack | null {
  const first = linked.sightings[0];
  const last = linked.sightings.at(-1);
  if (first === undefined || last === undefined) return null;
  const fromMs = Math.max(0, first.atMs - EXTENSION_MS[linked.kind]);
  const toMs = Math.min(
    Math.max(clip.durationMs, last.atMs),
    last.atMs + EXTENSION_MS[linked.kind],
  );
  const seen = linked.sightings.flatMap((sighting) => keyframe(sighting, linked.kind, clip));
  if (seen.length === 0) return null;
  return {
    trackId,
    kind: linked.kind,
    origin: 'detector',
    decision: 'mask',
    reason: `${DETECTED}${linked.kind}`,
    fromMs,
    toMs,
    keyframes: withExtensions(thin(seen), linked, { fromMs, toMs }, clip),
    ...countFrames(linked, fromMs, toMs, clip.frameTimes),
    lowestConfidence: rounded(lowestConfidence(linked)),
  };
}

function keyframe(sighting: SeenAt, kind: MaskTarget, clip: ClipFacts): MaskKeyframe[] {
  const box = toFootage(sighting, kind, clip);
  if (box === null) return [];
  return [
    { atMs: sighting.atMs, ...box, origin: 'seen', confidence: rounded(sighting.confidence) },
  ];
}

/** In footage pixels, with its margin, rounded outwards and cut to the picture; null when nothing is inside. */
function toFootage(box: Rectangle, kind: MaskTarget, clip: ClipFacts): MaskBox | null {
  const left = box.left * clip.scaleX;
  const right = box.right * clip.scaleX;
  const top = box.top * clip.scaleY;
  const bottom = box.bottom * clip.scaleY;
  const sideX = Math.max(MIN_MARGIN_PIXELS, MARGIN[kind] * (right - left));
  const sideY = Math.max(MIN_MARGIN_PIXELS, MARGIN[kind] * (bottom - top));
  const x = Math.max(0, Math.floor(left - sideX));
  const y = Math.max(0, Math.floor(top - sideY));
  const width = Math.min(clip.width, Math.ceil(right + sideX)) - x;
  const height = Math.min(clip.height, Math.ceil(bottom + sideY)) - y;
  return width < 1 || height < 1 ? null : { x, y, width, height };
}

/** Before its first and after its last sighting a figure is taken to have moved on as it moved then. */
function withExtensions(
  keys: readonly MaskKeyframe[],
  linked: LinkedTrack,
  span: { readonly fromMs: number; readonly toMs: number },
  clip: ClipFacts,
): MaskKeyframe[] {
  const first = keys[0];
  const last = keys.at(-1);
  const [start, second] = linked.sightings;
  const end = linked.sightings.at(-1);
  if (first === undefined || last === undefined || start === undefined || end === undefined)
    return [...keys];
  const result = [...keys];
  if (span.fromMs < first.atMs) {
    const back =
      second === undefined
        ? start
        : moved(start, reverseSpeed(start, second), first.atMs - span.fromMs);
    result.unshift(extended(first, toFootage(back, linked.kind, clip), span.fromMs));
  }
  if (span.toMs > last.atMs) {
    const on = moved(end, linked, span.toMs - last.atMs);
    result.push(extended(last, toFootage(on, linked.kind, clip), span.toMs));
  }
  return result;
}

function extended(edge: MaskBox, beyond: MaskBox | null, atMs: number): MaskKeyframe {
  return { atMs, ...union(edge, beyond ?? edge), origin: 'extended' };
}

function reverseSpeed(first: SeenAt, second: SeenAt): { speedX: number; speedY: number } {
  const elapsed = Math.max(1, second.atMs - first.atMs);
  return {
    speedX: (first.left + first.right - second.left - second.right) / 2 / elapsed,
    speedY: (first.top + first.bottom - second.top - second.bottom) / 2 / elapsed,
  };
}

/** Fewer keyframes, never a smaller mask: what is left out lies inside the union of those that stay. */
function thin(keys: readonly MaskKeyframe[]): MaskKeyframe[] {
  const kept: MaskKeyframe[] = [];
  for (const key of keys) {
    const before = kept.at(-2);
    const last = kept.at(-1);
    if (before !== undefined && last !== undefined && isCovered(before, last, key)) kept.pop();
    kept.push(key);
  }
  return kept;
}

function isCovered(before: MaskKeyframe, middle: MaskKeyframe, after: MaskKeyframe): boolean {
  const both = union(before, after);
  return (
    after.atMs - before.atMs <= THINNING_SPAN_MS &&
    both.x <= middle.x &&
    both.y <= middle.y &&
    both.x + both.width >= middle.x + middle.width &&
    both.y + both.height >= middle.y + middle.height &&
    both.width * both.height <= THINNING_GROWTH * middle.width * middle.height
  );
}

function countFrames(linked: LinkedTrack, fromMs: number, toMs: number, times: readonly number[]) {
  const first = linked.sightings[0];
  const last = linked.sightings.at(-1);
  const seenFrames = linked.sightings.length;
  if (first === undefined || last === undefined)
    return { seenFrames, interpolatedFrames: 0, extendedFrames: 0 };
  const spanned = last.frame - first.frame + 1;
  const masked = firstAfter(times, toMs) - firstAfter(times, fromMs - 1);
  return {
    seenFrames,
    interpolatedFrames: spanned - seenFrames,
    extendedFrames: Math.max(0, masked - spanned),
  };
}

/** Index of the first time later than `atMs`. */
function firstAfter(times: readonly number[], atMs: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? Infinity) <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

function lowestConfidence(linked: LinkedTrack): number {
  return linked.sightings.reduce((lowest, sighting) => Math.min(lowest, sighting.confidence), 1);
}

function rounded(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 1000) / 1000;
}
