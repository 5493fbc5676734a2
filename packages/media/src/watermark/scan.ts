import { peaksOf, pilotPeak } from './align.ts';
import type { Layout } from './layout.ts';
import { foldSpectrum, mirrored, scaled, whitenedBins, type Geometry } from './spectrum.ts';
import type { StretchSize } from './stretches.ts';

/** The residual of a few seconds, summed up: short enough to lie within one epoch more often than not. */
export interface View extends StretchSize {
  readonly residual: Float32Array;
}

/** Chip sizes looked at, in pixels of a picture of 360 rows: a picture at half size up to a third of it. */
const SMALLEST_CHIP = 0.5;
const LARGEST_CHIP = 2.95;
/** Over the width of a picture this is at most a chip. */
const STEP = 0.004;
/** Of two views in a row one at most lies across a change of epochs. */
const FIRST_VIEWS = 2;
const FINALISTS = 3;
const REFINING = [0.002, 0.001, 0.0005];

export interface Scaling {
  readonly chipX: number;
  readonly chipY: number;
  readonly score: number;
}

/** Finds the scale of a picture that was cut or resized, by the pilot of any of the keys; best first. */
export async function scanScale(
  views: readonly View[],
  layouts: readonly Layout[],
  pause: (done: number) => Promise<void>,
): Promise<Scaling[]> {
  const found: Scaling[] = [];
  const total = Math.log(LARGEST_CHIP / SMALLEST_CHIP) / STEP;
  for (let at = 0; at <= total; at++) {
    const chip = SMALLEST_CHIP * Math.exp(at * STEP);
    const score = scoreOf(views.slice(0, FIRST_VIEWS), layouts, scaled(chip), false);
    found.push({ chipX: chip, chipY: chip, score });
    await pause(at / total);
  }
  found.sort((one, other) => other.score - one.score);
  const finalists: Scaling[] = [];
  for (const one of found) {
    if (finalists.some(({ chipX }) => Math.abs(Math.log(chipX / one.chipX)) < 3 * STEP)) continue;
    finalists.push(one);
    if (finalists.length === FINALISTS) break;
  }
  const refined: Scaling[] = [];
  for (const { chipX, chipY } of finalists) {
    const score = scoreOf(views, layouts, scaled(chipX, chipY));
    refined.push(await refineScale(views, layouts, { chipX, chipY, score }, pause));
  }
  return refined.sort((one, other) => other.score - one.score);
}

async function refineScale(
  views: readonly View[],
  layouts: readonly Layout[],
  start: Scaling,
  pause: (done: number) => Promise<void>,
): Promise<Scaling> {
  let best = start;
  for (const step of REFINING) {
    const { chipX, chipY } = best;
    for (const x of [1 - step, 1, 1 + step])
      for (const y of [1 - step, 1, 1 + step]) {
        const score = scoreOf(views, layouts, scaled(chipX * x, chipY * y));
        if (score > best.score) best = { chipX: chipX * x, chipY: chipY * y, score };
        await pause(1);
      }
  }
  return best;
}

/** Sum of the views' pilot peaks, of the better of both hands and of the best key. */
export function scoreOf(
  views: readonly View[],
  layouts: readonly Layout[],
  geometry: Geometry,
  fine = true,
): number {
  const scores = new Float64Array(2 * layouts.length);
  for (const { residual, width, height } of views) {
    const straight = foldSpectrum(residual, width, height, geometry);
    const mirror = mirrored(straight);
    layouts.forEach((layout, key) => {
      const one = whitenedBins(layout, straight);
      const other = whitenedBins(layout, mirror);
      const peaks = fine
        ? [pilotPeak(layout, one).pilot, pilotPeak(layout, other).pilot]
        : peaksOf(layout, one, other);
      peaks.forEach((peak, hand) => {
        scores[2 * key + hand] = (scores[2 * key + hand] ?? 0) + peak;
      });
    });
  }
  return Math.max(...scores);
}
