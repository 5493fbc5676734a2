import {
  DETECTED,
  type MaskBox,
  type MaskKeyframe,
  type MaskTarget,
  type MaskTrack,
} from '@sallyport/contracts';
import type { Rectangle } from '../detect/sighting.ts';
import { union } from '../mask/boxes-at.ts';
import { MARGIN } from '../mask/margins.ts';
import { extendAfter, extendBefore, type MovementAt } from './extend.ts';
import { fillGap, type PlacedAt } from './fill-gaps.ts';
import type { LinkedTrack } from './link.ts';
import { smooth } from './smooth.ts';

const MIN_MARGIN_PIXELS = 2;
/** Confidence from which a single sighting is a figure. */
const SURE = 0.5;
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

/**
 * Turns linked sightings into a track of the mask plan: boxes steadied, gaps filled, extended in time, margins,
 * whole pixels, counts.
 *
 * @param movements where the searched frames differ, in order of time: what the extension follows
 */
export function toMaskTrack(
  linked: LinkedTrack,
  trackId: string,
  clip: ClipFacts,
  movements: readonly MovementAt[] = [],
): MaskTrack | null {
  const { kind } = linked;
  const first = linked.sightings[0];
  const last = linked.sightings.at(-1);
  if (first === undefined || last === undefined) return null;
  const steady = smooth(linked.sightings);
  const picture = {
    left: 0,
    top: 0,
    right: clip.width / clip.scaleX,
    bottom: clip.height / clip.scaleY,
  };
  const followed = isCredible(linked) ? movements : [];
  const before = extendBefore(kind, steady, followed, picture);
  const limitMs = Math.max(clip.durationMs, last.atMs);
  const after = extendAfter(kind, steady, followed, limitMs, picture);
  const between = steady.flatMap((sighting, at) => {
    const next = steady[at + 1];
    return [
      ...keyframes([sighting], 'seen', kind, clip),
      ...(next === undefined ? [] : keyframes(fillGap(sighting, next), 'interpolated', kind, clip)),
    ];
  });
  if (between.length === 0) return null;
  return {
    trackId,
    kind,
    origin: 'detector',
    decision: 'mask',
    reason: `${DETECTED}${kind}`,
    fromMs: before.untilMs,
    toMs: after.untilMs,
    keyframes: [
      ...keyframes(before.places, 'extended', kind, clip),
      ...thin(between),
      ...keyframes(after.places, 'extended', kind, clip),
    ],
    ...countFrames(linked, before.untilMs, after.untilMs, clip.frameTimes),
    lowestConfidence: rounded(lowestConfidence(linked)),
  };
}

/** What was seen once or twice, and unsurely, is masked where it was but not followed. */
function isCredible({ sightings }: LinkedTrack): boolean {
  return sightings.length > 2 || sightings.some(({ confidence }) => confidence >= SURE);
}

/** Places outside of the picture are left out: the neighbours' union covers what is at the border. */
function keyframes(
  places: readonly (PlacedAt & { readonly confidence?: number })[],
  origin: MaskKeyframe['origin'],
  kind: MaskTarget,
  clip: ClipFacts,
): MaskKeyframe[] {
  return places.flatMap((place) => {
    const box = toFootage(place, kind, clip);
    if (box === null) return [];
    const { atMs, confidence } = place;
    const sure = confidence === undefined ? {} : { confidence: rounded(confidence) };
    return [{ atMs, ...box, origin, ...sure }];
  });
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
