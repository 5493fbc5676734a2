import { area, around, type Rectangle } from '../detect/sighting.ts';
import type { SeenAt } from './link.ts';
import { grown } from './path.ts';

/** A box at a time between, before or after sightings. */
export interface PlacedAt extends Rectangle {
  readonly atMs: number;
}

/** A gap whose ends' common box is at most this many times the larger end is covered by that box. */
const SMALL_UNION = 6;
/** A figure that is not seen may leave the straight line by this share of its side. */
const STRAY = 0.4;
const STEP_MS = 80;

/**
 * The places between two sightings of a figure that went far unseen: along the straight line, larger towards the
 * middle of the gap. Empty where the box around both ends is small enough to cover the gap by itself.
 */
export function fillGap(before: SeenAt, after: SeenAt): PlacedAt[] {
  const gapMs = after.atMs - before.atMs;
  const both = area(around(before, after));
  if (both <= SMALL_UNION * Math.max(area(before), area(after))) return [];
  const steps = Math.max(2, Math.ceil(gapMs / STEP_MS));
  return Array.from({ length: steps - 1 }, (_, at) => {
    const share = (at + 1) / steps;
    const mix = (from: number, to: number) => from + (to - from) * share;
    const place = {
      left: mix(before.left, after.left),
      top: mix(before.top, after.top),
      right: mix(before.right, after.right),
      bottom: mix(before.bottom, after.bottom),
    };
    const stray = 2 * STRAY * Math.min(share, 1 - share);
    return { atMs: Math.round(before.atMs + gapMs * share), ...grown(place, stray) };
  }).filter(({ atMs }, at, all) => atMs > (all[at - 1]?.atMs ?? before.atMs) && atMs < after.atMs);
}
