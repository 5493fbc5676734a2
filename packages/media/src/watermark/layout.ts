import { createCipheriv, type Cipher } from 'node:crypto';
import { TILE } from './fourier.ts';
import { KeyStream, streamKey } from './keys.ts';
import { CODE_BITS, encodeId } from './payload.ts';

/**
 * What a key makes of the spectrum of a 128 × 128 tile (chips; 360 chips are the shorter side of a picture).
 *
 *   radius 5…30 cycles a tile, axes left out ─► keyed order ─┬─ 256 bins pilot   fixed sign: finds the tile
 *                                                            ├─ 400 bins ledger  ±1 from PRF(key, id): proves an id
 *                                                            └─ the rest code    convolutional code: reads an id
 *
 * The low band outlives compression and scaling; below 5 cycles the picture itself is too strong. The three parts share no bin, so that
 * what the pilot chose says nothing about the ledger chips. Every five seconds (an epoch) the tile moves by
 * one of 16 keyed shifts, and the signs change with a period of four epochs.
 */
export const LOWEST_RADIUS = 5;
export const HIGHEST_RADIUS = 30;
export const CHIPS_SHORT_SIDE = 360;
export const EPOCH_MS = 5000;
/** Epochs until the shifts repeat. */
export const SHIFTS = 16;
/** Epochs until the signs repeat. */
export const PHASES = 4;
export const PILOTS = 256;
export const LEDGER = 400;
/** Ledger chips of an id over all phases. */
export const CHIPS = PHASES * LEDGER;
const CHIP_BYTES = CHIPS / 8;
const BLOCK = 16;
const BLOCKS_PER_ID = Math.ceil(CHIP_BYTES / BLOCK);

export interface Layout {
  readonly bins: number;
  /** Cycles a tile along x (signed) and y (positive). */
  readonly u: Int16Array;
  readonly v: Int16Array;
  /** The pilot's and carriers' phases as unit numbers. */
  readonly phaseRe: Float64Array;
  readonly phaseIm: Float64Array;
  /** Code bit and keyed sign of each code bin, one row a phase. */
  readonly codeBit: readonly Uint16Array[];
  readonly codeSign: readonly Int8Array[];
  readonly shiftX: Uint8Array;
  readonly shiftY: Uint8Array;
  readonly chipKey: Uint8Array;
}

export function openLayout(key: Uint8Array): Layout {
  const { u, v } = keyedBins(key);
  const bins = u.length;
  const turns = Float64Array.from(
    new KeyStream(key, 'phases').words(bins),
    (word) => (2 * Math.PI * word) / 2 ** 32,
  );
  const shifts = new KeyStream(key, 'shifts').bytes(2 * SHIFTS);
  const codeBins = bins - PILOTS - LEDGER;
  const signs = new KeyStream(key, 'code signs');
  // Each phase goes on where the one before stopped, so that all bits get the same number of bins.
  const codeBit = Array.from({ length: PHASES }, (_, phase) =>
    Uint16Array.from({ length: codeBins }, (_unused, at) => (phase * codeBins + at) % CODE_BITS),
  );
  return {
    bins,
    u,
    v,
    phaseRe: turns.map(Math.cos),
    phaseIm: turns.map(Math.sin),
    codeBit,
    codeSign: Array.from({ length: PHASES }, () => signs.signs(codeBins)),
    shiftX: shifts.subarray(0, SHIFTS).map((byte) => byte % TILE),
    shiftY: shifts.subarray(SHIFTS).map((byte) => byte % TILE),
    chipKey: streamKey(key, 'ledger chips'),
  };
}

function keyedBins(key: Uint8Array): { u: Int16Array; v: Int16Array } {
  const u: number[] = [];
  const v: number[] = [];
  for (let row = 2; row <= HIGHEST_RADIUS; row++)
    for (let column = -HIGHEST_RADIUS; column <= HIGHEST_RADIUS; column++) {
      const radius = Math.hypot(row, column);
      if (Math.abs(column) < 2 || radius < LOWEST_RADIUS || radius > HIGHEST_RADIUS) continue;
      u.push(column);
      v.push(row);
    }
  const order = new KeyStream(key, 'bins').permutation(u.length);
  return {
    u: Int16Array.from(order, (at) => u[at] ?? 0),
    v: Int16Array.from(order, (at) => v[at] ?? 0),
  };
}

/** Signs of all bins of an id in one phase. */
export function signsOf(layout: Layout, id: string, phase: number): Int8Array {
  const signs = new Int8Array(layout.bins).fill(1);
  const packed = new ChipSource(layout).chips([id]);
  for (let at = 0; at < LEDGER; at++) {
    const chip = phase * LEDGER + at;
    signs[PILOTS + at] = (((packed[chip >> 3] ?? 0) >> (chip & 7)) & 1) * 2 - 1;
  }
  const code = encodeId(id);
  const bits = layout.codeBit[phase] ?? new Uint16Array(0);
  bits.forEach((bit, at) => {
    signs[PILOTS + LEDGER + at] = (code[bit] ?? 0) * (layout.codeSign[phase]?.[at] ?? 0);
  });
  return signs;
}

/** Ledger chips of many ids at once, eight a byte, lowest bit first; {@link CHIP_STRIDE} bytes an id. */
export class ChipSource {
  readonly #cipher: Cipher;

  constructor(layout: Layout) {
    // One block never repeats (id ‖ number), so that a block cipher without chaining is a random function.
    this.#cipher = createCipheriv('aes-256-ecb', layout.chipKey, null).setAutoPadding(false);
  }

  chips(ids: readonly string[]): Uint8Array {
    const blocks = Buffer.alloc(ids.length * BLOCKS_PER_ID * BLOCK);
    ids.forEach((id, at) => {
      const high = Number.parseInt(id.slice(0, 8), 16);
      const low = Number.parseInt(id.slice(8), 16);
      for (let block = 0; block < BLOCKS_PER_ID; block++) {
        const start = (at * BLOCKS_PER_ID + block) * BLOCK;
        blocks.writeUInt32BE(high, start);
        blocks.writeUInt32BE(low, start + 4);
        blocks[start + 15] = block;
      }
    });
    return this.#cipher.update(blocks);
  }
}

export const CHIP_STRIDE = BLOCKS_PER_ID * BLOCK;
