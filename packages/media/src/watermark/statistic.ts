import { CHIP_STRIDE, ChipSource, CHIPS, LEDGER, PILOTS, type Layout } from './layout.ts';
import { softValues, type Alignment, type Stretches } from './align.ts';
import { CODE_BITS, decodeId } from './payload.ts';

/** What one alignment of one stretch of a clip says. */
export interface Reading {
  /** Soft ledger chips, phase after phase. */
  readonly chips: Float64Array;
  /** Soft code bits. */
  readonly code: Float64Array;
}

export function takeReading(
  layout: Layout,
  stretches: Stretches,
  from: number,
  to: number,
  alignment: Alignment,
): Reading {
  const chips = new Float64Array(CHIPS);
  const code = new Float64Array(CODE_BITS);
  const phases = stretches.gather(from, to, alignment.start, layout.bins);
  phases.forEach((bins, phase) => {
    const soft = softValues(layout, bins, alignment);
    chips.set(soft.subarray(PILOTS, PILOTS + LEDGER), phase * LEDGER);
    layout.codeBit[phase]?.forEach((bit, at) => {
      const value = soft[PILOTS + LEDGER + at] ?? 0;
      code[bit] = (code[bit] ?? 0) + value * (layout.codeSign[phase]?.[at] ?? 0);
    });
  });
  return { chips, code };
}

/** The id the code spells, where its check sum holds. It is a guess until its ledger chips agree. */
export function guessId({ code }: Reading): string | null {
  return code.some((value) => value !== 0) ? decodeId(code) : null;
}

/**
 * T = Σ s·c ÷ √Σs² of every id, s the soft ledger chips and c the id's own ±1 chips.
 *
 * An id that is not in the clip has chips that are independent of it, whatever the clip shows and whoever's
 * mark it carries: T then has mean 0 and deviation 1, and by Hoeffding P(T ≥ t) ≤ exp(−t²/2).
 */
export class LedgerMatcher {
  readonly #source: ChipSource;

  constructor(layout: Layout) {
    this.#source = new ChipSource(layout);
  }

  /** Calls `visit` with every id's statistic in every reading; one pass over the ids for all readings. */
  match(
    readings: readonly Reading[],
    ids: readonly string[],
    visit: (statistic: number, id: string, reading: number) => void,
  ): void {
    const tables = readings.map(({ chips }) => byteSums(chips));
    for (let first = 0; first < ids.length; first += BATCH) {
      const batch = ids.slice(first, first + BATCH);
      const packed = this.#source.chips(batch);
      tables.forEach((sums, reading) => {
        batch.forEach((id, at) => {
          let sum = 0;
          const start = at * CHIP_STRIDE;
          for (let byte = 0; byte < CHIPS / 8; byte++)
            sum += sums[(byte << 8) | (packed[start + byte] ?? 0)] ?? 0;
          visit(sum, id, reading);
        });
      });
    }
  }
}

const BATCH = 4096;

/** For every byte of packed chips, its eight soft values' share of T under all 256 sign patterns. */
function byteSums(chips: Float64Array): Float64Array {
  const energy = Math.sqrt(chips.reduce((sum, value) => sum + value * value, 0)) || 1;
  const sums = new Float64Array((CHIPS / 8) * 256);
  for (let byte = 0; byte < CHIPS / 8; byte++)
    for (let pattern = 0; pattern < 256; pattern++) {
      let sum = 0;
      for (let bit = 0; bit < 8; bit++)
        sum += (chips[byte * 8 + bit] ?? 0) * (((pattern >> bit) & 1) * 2 - 1);
      sums[(byte << 8) | pattern] = sum / energy;
    }
  return sums;
}
