import type { MaskTarget } from '@sallyport/contracts';
import type { Movement } from '../detect/movement.ts';
import { around, meets, type Rectangle } from '../detect/sighting.ts';
import type { PlacedAt } from './fill-gaps.ts';
import type { SeenAt } from './link.ts';
import { grown, longSide, shifted, speedAtEnd, speedAtStart, type Speed } from './path.ts';

/** How long a mask stands before the first and after the last sighting in any case. */
const LEAST_MS: Record<MaskTarget, number> = {
  face: 700,
  motion: 400,
  plate: 700,
  person: 700,
  vehicle: 700,
};
/** And at most, while something moves where the figure must be: what moves there is most likely itself. */
const MOST_MS: Record<MaskTarget, number> = {
  face: 3000,
  motion: 400,
  plate: 3000,
  person: 2000,
  vehicle: 2000,
};
/** After no movement for this long the figure stands still or is gone. */
const STILL_MS = 350;
const STEP_MS = 200;
/** How far from its straight path a figure is looked for, in shares of its side. */
const ASTRAY = 0.35;

/** What is known of the clip around a track, in order of time. */
export interface MovementAt {
  readonly atMs: number;
  readonly movement: Movement | null;
}

interface Extent {
  /** Time from which or until which the mask stands. */
  readonly untilMs: number;
  /** Places beyond the sightings, in order of time. */
  readonly places: PlacedAt[];
}

/** Where a figure is masked after it was last seen. */
export function extendAfter(
  kind: MaskTarget,
  sightings: readonly SeenAt[],
  movements: readonly MovementAt[],
  limitMs: number,
  picture: Rectangle,
): Extent {
  const last = sightings.at(-1);
  if (last === undefined) return { untilMs: 0, places: [] };
  const later = movements.filter(
    ({ atMs }) => atMs > last.atMs && atMs - last.atMs <= MOST_MS[kind],
  );
  const speed = speedAtEnd(sightings);
  const untilMs = Math.min(limitMs, follow(kind, last, speed, later, picture, 1));
  return { untilMs, places: placesUntil(last, speed, untilMs) };
}

/** Where a figure is masked before it was first seen. */
export function extendBefore(
  kind: MaskTarget,
  sightings: readonly SeenAt[],
  movements: readonly MovementAt[],
  picture: Rectangle,
): Extent {
  const first = sightings[0];
  if (first === undefined) return { untilMs: 0, places: [] };
  // What moved between two frames was there at the earlier of them already.
  const earlier = movements
    .map(({ movement }, at) => ({ atMs: movements[at - 1]?.atMs ?? 0, movement }))
    .filter(({ atMs }) => atMs < first.atMs && first.atMs - atMs <= MOST_MS[kind])
    .reverse();
  const speed = speedAtStart(sightings);
  const untilMs = Math.max(0, follow(kind, first, speed, earlier, picture, -1));
  return { untilMs, places: placesUntil(first, speed, untilMs).reverse() };
}

/** Goes from a sighting along its path, forward or backward, as long as something moves there. */
function follow(
  kind: MaskTarget,
  from: SeenAt,
  speed: Speed,
  movements: readonly MovementAt[],
  picture: Rectangle,
  direction: 1 | -1,
): number {
  let movedMs = from.atMs;
  for (const { atMs, movement } of movements) {
    const place = grown(expected(from, speed, atMs - from.atMs), ASTRAY);
    if (!meets(place, picture)) break;
    if (movement?.isIn(place) === true) movedMs = atMs;
    else if (Math.abs(atMs - movedMs) > STILL_MS) break;
  }
  const leastMs = from.atMs + direction * LEAST_MS[kind];
  return direction === 1 ? Math.max(leastMs, movedMs) : Math.min(leastMs, movedMs);
}

/** One place every so often, from near to far: each covers where the figure was seen last as well as its path. */
function placesUntil(from: SeenAt, speed: Speed, untilMs: number): PlacedAt[] {
  const spanMs = untilMs - from.atMs;
  const steps = Math.max(1, Math.ceil(Math.abs(spanMs) / STEP_MS));
  if (spanMs === 0) return [];
  return Array.from({ length: steps }, (_, at) => {
    const forMs = Math.round((spanMs * (at + 1)) / steps);
    return { atMs: from.atMs + forMs, ...around(from, expected(from, speed, forMs)) };
  });
}

/** The straight path, at most two sides of the figure long: beyond that a guess covers only what is not it. */
function expected(from: SeenAt, speed: Speed, forMs: number): Rectangle {
  const far = Math.hypot(speed.x, speed.y) * Math.abs(forMs);
  const most = 2 * longSide(from);
  return shifted(from, speed, far > most ? (forMs * most) / far : forMs);
}
