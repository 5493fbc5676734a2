/** Side of the mark's tile in chips. */
export const TILE = 128;

const STAGES = 7;
const COSINE = Float64Array.from({ length: TILE / 2 }, (_, at) =>
  Math.cos((2 * Math.PI * at) / TILE),
);
const SINE = Float64Array.from({ length: TILE / 2 }, (_, at) =>
  Math.sin((2 * Math.PI * at) / TILE),
);
const REVERSED = Uint8Array.from({ length: TILE }, (_, at) => {
  let turned = 0;
  for (let bit = 0; bit < STAGES; bit++) turned |= ((at >> bit) & 1) << (STAGES - 1 - bit);
  return turned;
});

/** A 128 × 128 picture of complex numbers, row by row. */
export interface Complex {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

export function complexTile(): Complex {
  return { re: new Float64Array(TILE * TILE), im: new Float64Array(TILE * TILE) };
}

/** Forward transform in place: Σ f·exp(−2πi(ux+vy)/128); only columns up to ±`reach` are right after. */
export function forward({ re, im }: Complex, reach: number): void {
  for (let row = 0; row < TILE; row++) line(re, im, row * TILE, 1);
  for (let column = -reach; column <= reach; column++)
    line(re, im, (column + TILE) & (TILE - 1), TILE);
}

/** Inverse transform in place without the factor 1/128². */
export function inverse(tile: Complex): void {
  // Exchanging the parts conjugates input and output up to a factor i, which cancels.
  for (let row = 0; row < TILE; row++) line(tile.im, tile.re, row * TILE, 1);
  for (let column = 0; column < TILE; column++) line(tile.im, tile.re, column, TILE);
}

const lineRe = new Float64Array(TILE);
const lineIm = new Float64Array(TILE);

function line(re: Float64Array, im: Float64Array, start: number, step: number): void {
  let any = 0;
  for (let at = 0, from = start; at < TILE; at++, from += step) {
    const to = REVERSED[at] ?? 0;
    const real = re[from] ?? 0;
    const imaginary = im[from] ?? 0;
    lineRe[to] = real;
    lineIm[to] = imaginary;
    any += Math.abs(real) + Math.abs(imaginary);
  }
  // Most rows of a band-limited spectrum are empty.
  if (any === 0) return;
  pairs();
  for (let half = 2; half < TILE; half <<= 1) {
    const stride = TILE / (2 * half);
    for (let first = 0; first < TILE; first += 2 * half)
      for (let at = 0; at < half; at++) {
        const cosine = COSINE[at * stride] ?? 0;
        const sine = SINE[at * stride] ?? 0;
        const low = first + at;
        const high = low + half;
        const a = lineRe[high] ?? 0;
        const b = lineIm[high] ?? 0;
        const real = a * cosine + b * sine;
        const imaginary = b * cosine - a * sine;
        lineRe[high] = (lineRe[low] ?? 0) - real;
        lineIm[high] = (lineIm[low] ?? 0) - imaginary;
        lineRe[low] = (lineRe[low] ?? 0) + real;
        lineIm[low] = (lineIm[low] ?? 0) + imaginary;
      }
  }
  for (let at = 0, to = start; at < TILE; at++, to += step) {
    re[to] = lineRe[at] ?? 0;
    im[to] = lineIm[at] ?? 0;
  }
}

/** The first stage, which turns nothing. */
function pairs(): void {
  for (let low = 0; low < TILE; low += 2) {
    const a = lineRe[low] ?? 0;
    const b = lineIm[low] ?? 0;
    const real = lineRe[low + 1] ?? 0;
    const imaginary = lineIm[low + 1] ?? 0;
    lineRe[low] = a + real;
    lineIm[low] = b + imaginary;
    lineRe[low + 1] = a - real;
    lineIm[low + 1] = b - imaginary;
  }
}
