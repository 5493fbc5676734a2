import type { Rectangle } from '../detect/sighting.ts';
import type { SeenAt } from './link.ts';

/** Pixels per millisecond. */
export interface Speed {
  readonly x: number;
  readonly y: number;
}

/** Sightings this near to an end of a track tell how fast the figure was there. */
const NEAR_MS = 500;

/** How a figure moved when it was last seen. */
export function speedAtEnd(sightings: readonly SeenAt[]): Speed {
  const last = sightings.at(-1);
  if (last === undefined) return { x: 0, y: 0 };
  const before = sightings.findLast((one) => last.atMs - one.atMs >= NEAR_MS) ?? sightings[0];
  return before === undefined ? { x: 0, y: 0 } : speedBetween(before, last);
}

/** How a figure moved when it was first seen. */
export function speedAtStart(sightings: readonly SeenAt[]): Speed {
  const first = sightings[0];
  if (first === undefined) return { x: 0, y: 0 };
  const after = sightings.find((one) => one.atMs - first.atMs >= NEAR_MS) ?? sightings.at(-1);
  return after === undefined ? { x: 0, y: 0 } : speedBetween(first, after);
}

/** Where a box is after so many milliseconds; before, when they are negative. */
export function shifted(box: Rectangle, speed: Speed, forMs: number): Rectangle {
  const x = speed.x * forMs;
  const y = speed.y * forMs;
  return { left: box.left + x, top: box.top + y, right: box.right + x, bottom: box.bottom + y };
}

export function longSide(box: Rectangle): number {
  return Math.max(box.right - box.left, box.bottom - box.top);
}

export function distance(one: Rectangle, other: Rectangle): number {
  return Math.hypot(
    (one.left + one.right - other.left - other.right) / 2,
    (one.top + one.bottom - other.top - other.bottom) / 2,
  );
}

/** The box grown on every side by a share of its longer side. */
export function grown(box: Rectangle, share: number): Rectangle {
  const by = share * longSide(box);
  return {
    left: box.left - by,
    top: box.top - by,
    right: box.right + by,
    bottom: box.bottom + by,
  };
}

function speedBetween(first: SeenAt, last: SeenAt): Speed {
  const elapsed = last.atMs - first.atMs;
  if (elapsed <= 0) return { x: 0, y: 0 };
  return {
    x: (last.left + last.right - first.left - first.right) / 2 / elapsed,
    y: (last.top + last.bottom - first.top - first.bottom) / 2 / elapsed,
  };
}
