/**
 * The part of the mark that reads without a list of ids.
 *
 *   64 bits id │ 24 bits CRC │ 6 zero bits  ─► convolutional code, 64 states, rate 1/4 ─► 376 bits
 */
export const CODE_BITS = 376;

const ID_BITS = 64;
const CRC_BITS = 24;
const TAIL_BITS = 6;
const STEPS = ID_BITS + CRC_BITS + TAIL_BITS;
const STATES = 64;
/** Generators of the code of constraint length 7 with the largest free distance at rate 1/4 (octal). */
const GENERATORS = [0o135, 0o147, 0o163, 0o171] as const;
const CRC_POLYNOMIAL = 0x864cfb;
const CRC_START = 0xb704ce;

/** Four outputs of ±1 for each (input bit, state): index ((bit·64 + state)·4 + output). */
const OUTPUTS = Int8Array.from({ length: 2 * STATES * 4 }, (_, at) => {
  const register = at >> 2;
  return parity(register & (GENERATORS[at & 3] ?? 0)) * 2 - 1;
});

/** The ±1 code bits of an id of 16 hexadecimal digits. */
export function encodeId(id: string): Int8Array {
  const word = BigInt(`0x${id}`);
  const bits = Array.from({ length: ID_BITS }, (_, at) => Number((word >> BigInt(63 - at)) & 1n));
  const code = new Int8Array(CODE_BITS);
  let state = 0;
  [...bits, ...crc24(bits), ...new Array<number>(TAIL_BITS).fill(0)].forEach((bit, step) => {
    const register = (bit << 6) | state;
    code.set(OUTPUTS.subarray(register * 4, register * 4 + 4), step * 4);
    state = register >> 1;
  });
  return code;
}

/** The id whose code lies nearest to the soft bits, or null where its check sum is wrong. */
export function decodeId(soft: Float64Array): string | null {
  const bits = viterbi(soft);
  const id = bits.slice(0, ID_BITS);
  const sum = bits.slice(ID_BITS, ID_BITS + CRC_BITS);
  if (crc24(id).some((bit, at) => bit !== sum[at])) return null;
  const word = id.reduce((value, bit) => (value << 1n) | BigInt(bit), 0n);
  return word.toString(16).padStart(16, '0');
}

function viterbi(soft: Float64Array): number[] {
  let metric = new Float64Array(STATES).fill(-Infinity);
  metric[0] = 0;
  let next = new Float64Array(STATES);
  const choices = new Uint8Array(STEPS * STATES);
  for (let step = 0; step < STEPS; step++) {
    for (let state = 0; state < STATES; state++) {
      // A state's top bit is the input that led to it; its two predecessors differ in their lowest bit.
      const bit = state >> 5;
      const even = (state << 1) & 63;
      const fromEven = branch(metric, soft, step, bit, even);
      const fromOdd = branch(metric, soft, step, bit, even | 1);
      next[state] = Math.max(fromEven, fromOdd);
      choices[step * STATES + state] = fromOdd > fromEven ? 1 : 0;
    }
    [metric, next] = [next, metric];
  }
  const bits = new Array<number>(STEPS).fill(0);
  let state = 0;
  for (let step = STEPS - 1; step >= 0; step--) {
    bits[step] = state >> 5;
    state = ((state << 1) & 63) | (choices[step * STATES + state] ?? 0);
  }
  return bits;
}

function branch(
  metric: Float64Array,
  soft: Float64Array,
  step: number,
  bit: number,
  from: number,
): number {
  const at = ((bit << 6) | from) * 4;
  let sum = metric[from] ?? -Infinity;
  for (let output = 0; output < 4; output++)
    sum += (OUTPUTS[at + output] ?? 0) * (soft[step * 4 + output] ?? 0);
  return sum;
}

function crc24(bits: readonly number[]): number[] {
  let sum = CRC_START;
  for (const bit of bits) {
    const carry = ((sum >> 23) & 1) ^ bit;
    sum = ((sum << 1) & 0xffffff) ^ (carry === 1 ? CRC_POLYNOMIAL : 0);
  }
  return Array.from({ length: CRC_BITS }, (_, at) => (sum >> (23 - at)) & 1);
}

function parity(word: number): number {
  let rest = word;
  let odd = 0;
  for (; rest !== 0; rest >>= 1) odd ^= rest & 1;
  return odd;
}
