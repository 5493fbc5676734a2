import { around } from '../detect/sighting.ts';
import type { SeenAt } from './link.ts';

/** Sightings this near in time steady each other. */
const WINDOW_MS = 250;

/** Boxes without the detector's trembling: each grown to the mean of its neighbours, never smaller than seen. */
export function smooth(sightings: readonly SeenAt[]): SeenAt[] {
  let from = 0;
  let to = 0;
  const sum = { left: 0, top: 0, right: 0, bottom: 0 };
  const add = (one: SeenAt | undefined, sign: number) => {
    sum.left += sign * (one?.left ?? 0);
    sum.top += sign * (one?.top ?? 0);
    sum.right += sign * (one?.right ?? 0);
    sum.bottom += sign * (one?.bottom ?? 0);
  };
  return sightings.map((one) => {
    for (; (sightings[to]?.atMs ?? Infinity) <= one.atMs + WINDOW_MS; to++) add(sightings[to], 1);
    for (; (sightings[from]?.atMs ?? Infinity) < one.atMs - WINDOW_MS; from++)
      add(sightings[from], -1);
    const count = to - from;
    const mean = {
      left: sum.left / count,
      top: sum.top / count,
      right: sum.right / count,
      bottom: sum.bottom / count,
    };
    return { ...one, ...around(one, mean) };
  });
}
