import type { MaskBox, MaskTrack, TrackKind } from '@sallyport/contracts';
import { MARGIN } from './margins.ts';

/** A track that must be masked in the frame at hand, and where. */
export interface ActiveMask {
  readonly track: MaskTrack;
  readonly box: MaskBox;
  /** How much of the box's sides is margin, in pixels: what was seen lies inside by that much. */
  readonly margin: { readonly x: number; readonly y: number };
}

/** Walks a plan in time order: cost per frame grows with the masks in view, not with the length of the plan. */
export class PlanCursor {
  readonly #waiting: MaskTrack[];
  #active: { readonly track: MaskTrack; key: number }[] = [];

  constructor(tracks: readonly MaskTrack[]) {
    this.#waiting = tracks
      .filter((track) => track.decision === 'mask')
      .sort((left, right) => right.fromMs - left.fromMs);
  }

  /** The masks of the frame at `atMs`; times must not fall from call to call. */
  at(atMs: number): ActiveMask[] {
    for (
      let next = this.#waiting.at(-1);
      next !== undefined && next.fromMs <= atMs;
      next = this.#waiting.at(-1)
    ) {
      this.#active.push({ track: next, key: 0 });
      this.#waiting.pop();
    }
    this.#active = this.#active.filter(({ track }) => atMs <= track.toMs);
    return this.#active.map((entry) => {
      entry.key = keyBefore(entry.track, atMs, entry.key);
      const { track, key } = entry;
      return { track, box: boxAt(track, atMs, key), margin: marginAt(track, key) };
    });
  }
}

/**
 * Where a track stands at a time. Between two sightings of a detector the union of both boxes: the mask is
 * never smaller than what was seen on either side. Hand-placed boxes move in a straight line.
 */
export function boxAt(track: MaskTrack, atMs: number, from = keyBefore(track, atMs, 0)): MaskBox {
  const before = track.keyframes[from];
  const after = track.keyframes[from + 1];
  if (before === undefined) throw new RangeError('a track has at least one keyframe');
  if (after === undefined || atMs <= before.atMs) return plain(before);
  if (atMs >= after.atMs) return plain(after);
  if (track.origin === 'detector') return union(before, after);
  return between(before, after, (atMs - before.atMs) / (after.atMs - before.atMs));
}

/** The least margin of the keyframes that may stand at the time; hand-placed boxes have none. */
function marginAt(track: MaskTrack, key: number): ActiveMask['margin'] {
  const share = track.origin === 'detector' ? marginShare(track.kind) : 0;
  const before = track.keyframes[key];
  if (before === undefined || share === 0) return { x: 0, y: 0 };
  const after = track.keyframes[key + 1] ?? before;
  // One pixel less: boxes were rounded outwards.
  const inside = (side: number) => Math.max(0, Math.floor(share * side) - 1);
  return {
    x: inside(Math.min(before.width, after.width)),
    y: inside(Math.min(before.height, after.height)),
  };
}

/** Share of a keyframe's side that its margin takes, on each side. */
function marginShare(kind: TrackKind): number {
  if (kind === 'manual' || kind === 'region') return 0;
  return MARGIN[kind] / (1 + 2 * MARGIN[kind]);
}

export function union(left: MaskBox, right: MaskBox): MaskBox {
  const x = Math.min(left.x, right.x);
  const y = Math.min(left.y, right.y);
  return {
    x,
    y,
    width: Math.max(left.x + left.width, right.x + right.width) - x,
    height: Math.max(left.y + left.height, right.y + right.height) - y,
  };
}

function keyBefore(track: MaskTrack, atMs: number, start: number): number {
  let key = start;
  for (;;) {
    const next = track.keyframes[key + 1];
    if (next === undefined || next.atMs > atMs) return key;
    key += 1;
  }
}

/** Rounded outwards. */
function between(left: MaskBox, right: MaskBox, share: number): MaskBox {
  const mix = (from: number, to: number) => from + (to - from) * share;
  const x = Math.floor(mix(left.x, right.x));
  const y = Math.floor(mix(left.y, right.y));
  const endX = Math.ceil(mix(left.x + left.width, right.x + right.width));
  const endY = Math.ceil(mix(left.y + left.height, right.y + right.height));
  return { x, y, width: endX - x, height: endY - y };
}

function plain({ x, y, width, height }: MaskBox): MaskBox {
  return { x, y, width, height };
}
