import { complexTile, inverse, TILE } from './fourier.ts';
import { EPOCH_MS, PHASES, PILOTS, SHIFTS, type Layout } from './layout.ts';
import { emptyBins, type Bins } from './spectrum.ts';

/** Length of the stretches a clip is read in. */
export const STRETCH_MS = 500;
const STRETCHES_PER_EPOCH = EPOCH_MS / STRETCH_MS;
/** Places of the export's clock a clip may start at before shifts and signs repeat. */
const STARTS = STRETCHES_PER_EPOCH * SHIFTS;

/** Where in the export's clock the stretches lie, and how the tile lies on the picture. */
export interface Alignment {
  /** Stretches since the start of the first epoch, modulo all epochs. */
  readonly start: number;
  readonly shiftX: number;
  readonly shiftY: number;
  /** How far the pilot's peak stands out, in deviations of the correlation. */
  readonly pilot: number;
}

/** The stretches' bins summed up from the first, so that any range is a difference. */
export class Stretches {
  readonly count: number;
  readonly #layout: Layout;
  readonly #sums: readonly Bins[];

  constructor(layout: Layout, stretches: readonly Bins[]) {
    this.#layout = layout;
    this.count = stretches.length;
    const sums: Bins[] = [emptyBins(layout.bins)];
    for (const bins of stretches) {
      const last = sums.at(-1) ?? emptyBins(layout.bins);
      sums.push({
        re: last.re.map((value, at) => value + (bins.re[at] ?? 0)),
        im: last.im.map((value, at) => value + (bins.im[at] ?? 0)),
      });
    }
    this.#sums = sums;
  }

  /**
   * Adds the stretches from…to with every epoch's shift undone, one sum a phase.
   *
   * @param bins how many of the layout's bins are wanted, from its first
   */
  gather(from: number, to: number, start: number, bins: number): Bins[] {
    const phases = Array.from({ length: PHASES }, () => emptyBins(bins));
    for (const { epoch, first, end } of epochsOf(from, to, start)) {
      const target = phases[epoch % PHASES] ?? emptyBins(bins);
      const before = this.#sums[first] ?? emptyBins(bins);
      const after = this.#sums[end] ?? emptyBins(bins);
      this.#addTurned(target, before, after, bins, epoch);
    }
    return phases;
  }

  #addTurned(target: Bins, before: Bins, after: Bins, bins: number, epoch: number): void {
    const { u, v, shiftX, shiftY } = this.#layout;
    const x = shiftX[epoch % SHIFTS] ?? 0;
    const y = shiftY[epoch % SHIFTS] ?? 0;
    for (let bin = 0; bin < bins; bin++) {
      const turn = ((u[bin] ?? 0) * x + (v[bin] ?? 0) * y) & (TILE - 1);
      const cosine = COSINE[turn] ?? 0;
      const sine = SINE[turn] ?? 0;
      const re = (after.re[bin] ?? 0) - (before.re[bin] ?? 0);
      const im = (after.im[bin] ?? 0) - (before.im[bin] ?? 0);
      target.re[bin] = (target.re[bin] ?? 0) + re * cosine - im * sine;
      target.im[bin] = (target.im[bin] ?? 0) + re * sine + im * cosine;
    }
  }
}

const COSINE = Float64Array.from({ length: TILE }, (_, at) => Math.cos((2 * Math.PI * at) / TILE));
const SINE = Float64Array.from({ length: TILE }, (_, at) => Math.sin((2 * Math.PI * at) / TILE));

function epochsOf(
  from: number,
  to: number,
  start: number,
): { epoch: number; first: number; end: number }[] {
  const parts: { epoch: number; first: number; end: number }[] = [];
  for (let first = from; first < to;) {
    const clock = first + start;
    const epoch = Math.floor(clock / STRETCHES_PER_EPOCH) % SHIFTS;
    const end = Math.min(to, first + STRETCHES_PER_EPOCH - (clock % STRETCHES_PER_EPOCH));
    parts.push({ epoch, first, end });
    first = end;
  }
  return parts;
}

/**
 * Every start of the clock that explains the pilot about as well as the best one, best first. The pilot shares no
 * bin with the ledger chips, so that this choice costs no false alarms.
 */
export function align(
  layout: Layout,
  stretches: Stretches,
  from: number,
  to: number,
  most: number,
): Alignment[] {
  const found: (Alignment & { readonly pilots: Bins })[] = [];
  for (let start = 0; start < STARTS; start++) {
    const pilots = emptyBins(PILOTS);
    for (const part of stretches.gather(from, to, start, PILOTS))
      for (let bin = 0; bin < PILOTS; bin++) {
        pilots.re[bin] = (pilots.re[bin] ?? 0) + (part.re[bin] ?? 0);
        pilots.im[bin] = (pilots.im[bin] ?? 0) + (part.im[bin] ?? 0);
      }
    found.push({ start, pilots, ...pilotPeak(layout, pilots, false) });
  }
  found.sort((one, other) => other.pilot - one.pilot);
  const fine = distinct(found, from, to, 2 * most).map(({ start, pilots }) => ({
    start,
    ...pilotPeak(layout, pilots),
  }));
  fine.sort((one, other) => other.pilot - one.pilot);
  const best = fine[0]?.pilot ?? 0;
  return fine.filter(({ pilot }) => pilot >= best * ALIKE).slice(0, most);
}

/**
 * The first of every kind that reads other signs: a clip within one epoch fits most starts alike, and a few of
 * them must not crowd out the phase that is right.
 */
function distinct<T extends Alignment>(
  found: readonly T[],
  from: number,
  to: number,
  most: number,
): T[] {
  const kinds = new Map<string, T>();
  for (const one of found) {
    const parts = epochsOf(from, to, one.start);
    const kind = parts.map(({ epoch, first }) => `${first}:${epoch % PHASES}`).join();
    if (!kinds.has(kind)) kinds.set(kind, one);
    if (kinds.size === most) break;
  }
  return [...kinds.values()];
}

/** Peaks within this share of the best one are kept: a clip within one epoch cannot tell which epoch it is. */
const ALIKE = 0.93;

const correlation = complexTile();

/** The shift at which the pilot fits best, in whole chips or, `fine`, between them. */
export function pilotPeak(
  layout: Layout,
  bins: Bins,
  fine = true,
): { shiftX: number; shiftY: number; pilot: number } {
  const { re, im } = correlation;
  re.fill(0);
  im.fill(0);
  let energy = 0;
  for (let bin = 0; bin < PILOTS; bin++) {
    const at = (layout.v[bin] ?? 0) * TILE + (((layout.u[bin] ?? 0) + TILE) & (TILE - 1));
    const [a, b] = matched(layout, bins, bin);
    re[at] = a;
    im[at] = b;
    energy += a * a + b * b;
  }
  inverse(correlation);
  let peak = 0;
  for (let at = 1; at < re.length; at++) if ((re[at] ?? 0) > (re[peak] ?? 0)) peak = at;
  const deviation = Math.sqrt(energy / 2);
  if (deviation === 0) return { shiftX: 0, shiftY: 0, pilot: 0 };
  const shiftX = peak % TILE;
  const shiftY = Math.floor(peak / TILE);
  if (!fine) return { shiftX, shiftY, pilot: (re[peak] ?? 0) / deviation };
  return refine(layout, bins, shiftX, shiftY, deviation);
}

/** The peaks of two pictures' pilots by one transform: their correlations are real and travel as its two parts. */
export function peaksOf(layout: Layout, one: Bins, other: Bins): [number, number] {
  const { re, im } = correlation;
  re.fill(0);
  im.fill(0);
  let [energy, otherEnergy] = [0, 0];
  for (let bin = 0; bin < PILOTS; bin++) {
    const u = layout.u[bin] ?? 0;
    const v = layout.v[bin] ?? 0;
    const [a, b] = matched(layout, one, bin);
    const [c, d] = matched(layout, other, bin);
    const at = v * TILE + ((u + TILE) & (TILE - 1));
    const mirror = (TILE - v) * TILE + ((TILE - u) & (TILE - 1));
    re[at] = a - d;
    im[at] = b + c;
    re[mirror] = a + d;
    im[mirror] = c - b;
    energy += a * a + b * b;
    otherEnergy += c * c + d * d;
  }
  inverse(correlation);
  let [peak, otherPeak] = [0, 0];
  for (let at = 0; at < re.length; at++) {
    peak = Math.max(peak, re[at] ?? 0);
    otherPeak = Math.max(otherPeak, im[at] ?? 0);
  }
  // Both halves of the spectrum are set here: the correlation is twice that of `pilotPeak`.
  return [
    energy === 0 ? 0 : peak / Math.sqrt(2 * energy),
    otherEnergy === 0 ? 0 : otherPeak / Math.sqrt(2 * otherEnergy),
  ];
}

/** Shifts between whole chips, by steps of a quarter and an eighth. */
function refine(
  layout: Layout,
  bins: Bins,
  wholeX: number,
  wholeY: number,
  deviation: number,
): { shiftX: number; shiftY: number; pilot: number } {
  let best = { shiftX: wholeX, shiftY: wholeY, sum: pilotAt(layout, bins, wholeX, wholeY) };
  for (const step of [0.35, 0.15]) {
    const { shiftX, shiftY } = best;
    for (const dx of [-step, 0, step])
      for (const dy of [-step, 0, step]) {
        const sum = pilotAt(layout, bins, shiftX + dx, shiftY + dy);
        if (sum > best.sum) best = { shiftX: shiftX + dx, shiftY: shiftY + dy, sum };
      }
  }
  return { shiftX: best.shiftX, shiftY: best.shiftY, pilot: best.sum / deviation };
}

function pilotAt(layout: Layout, bins: Bins, shiftX: number, shiftY: number): number {
  let sum = 0;
  for (let bin = 0; bin < PILOTS; bin++) {
    const turn =
      (2 * Math.PI * ((layout.u[bin] ?? 0) * shiftX + (layout.v[bin] ?? 0) * shiftY)) / TILE;
    const [a, b] = matched(layout, bins, bin);
    sum += a * Math.cos(turn) - b * Math.sin(turn);
  }
  return sum;
}

/** A bin times the conjugate of the carrier's phase. */
function matched(layout: Layout, bins: Bins, bin: number): [number, number] {
  const re = bins.re[bin] ?? 0;
  const im = bins.im[bin] ?? 0;
  const phaseRe = layout.phaseRe[bin] ?? 0;
  const phaseIm = layout.phaseIm[bin] ?? 0;
  return [re * phaseRe + im * phaseIm, im * phaseRe - re * phaseIm];
}

/** The real part of every bin once carrier and shift are undone, outliers held to three medians. */
export function softValues(layout: Layout, bins: Bins, alignment: Alignment): Float64Array {
  const values = new Float64Array(layout.bins);
  for (let bin = 0; bin < layout.bins; bin++) {
    const turn =
      (2 *
        Math.PI *
        ((layout.u[bin] ?? 0) * alignment.shiftX + (layout.v[bin] ?? 0) * alignment.shiftY)) /
      TILE;
    const [a, b] = matched(layout, bins, bin);
    values[bin] = a * Math.cos(turn) - b * Math.sin(turn);
  }
  const sizes = values.map(Math.abs).sort();
  const limit = 3 * (sizes[sizes.length >> 1] ?? 0);
  return values.map((value) => Math.max(-limit, Math.min(limit, value)));
}
