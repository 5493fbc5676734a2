import { complexTile, inverse, TILE } from './fourier.ts';
import { CHIPS_SHORT_SIDE, PHASES, SHIFTS, signsOf, type Layout } from './layout.ts';

/** Steps of a carrier byte for one standard deviation of the tile. */
export const CARRIER_SCALE = 24;

/** The tile of one epoch, standard deviation 1, moved by the epoch's shift. */
export function tileOf(layout: Layout, id: string, epoch: number): Float64Array {
  const { re, im } = complexTile();
  const signs = signsOf(layout, id, epoch % PHASES);
  const shiftX = layout.shiftX[epoch % SHIFTS] ?? 0;
  const shiftY = layout.shiftY[epoch % SHIFTS] ?? 0;
  for (let bin = 0; bin < layout.bins; bin++) {
    const u = layout.u[bin] ?? 0;
    const v = layout.v[bin] ?? 0;
    const turn = (-2 * Math.PI * (u * shiftX + v * shiftY)) / TILE;
    const sign = signs[bin] ?? 0;
    const a = (layout.phaseRe[bin] ?? 0) * sign;
    const b = (layout.phaseIm[bin] ?? 0) * sign;
    const real = a * Math.cos(turn) - b * Math.sin(turn);
    const imaginary = a * Math.sin(turn) + b * Math.cos(turn);
    const here = v * TILE + ((u + TILE) % TILE);
    const mirror = (TILE - v) * TILE + ((TILE - u) % TILE);
    re[here] = real;
    im[here] = imaginary;
    re[mirror] = real;
    im[mirror] = -imaginary;
  }
  inverse({ re, im });
  const deviation = Math.sqrt(re.reduce((sum, value) => sum + value * value, 0) / re.length);
  return re.map((value) => value / deviation);
}

/** Spreads a tile over a picture of whole rows of `stride` bytes, periodically, by cubic interpolation. */
export function spreadTile(
  tile: Float64Array,
  picture: { readonly width: number; readonly height: number; readonly stride: number },
  target: Int8Array,
): void {
  const { width, height, stride } = picture;
  const chip = Math.min(width, height) / CHIPS_SHORT_SIDE;
  const across = taps(stride, chip);
  const down = taps(height, chip);
  const wide = new Float32Array(TILE * stride);
  for (let row = 0; row < TILE; row++)
    for (let x = 0; x < stride; x++) {
      let sum = 0;
      for (let tap = 0; tap < 4; tap++)
        sum +=
          (tile[row * TILE + (across.index[x * 4 + tap] ?? 0)] ?? 0) *
          (across.weight[x * 4 + tap] ?? 0);
      wide[row * stride + x] = sum * CARRIER_SCALE;
    }
  for (let y = 0; y < height; y++) {
    const [a = 0, b = 0, c = 0, d = 0] = down.index.subarray(y * 4, y * 4 + 4);
    const [wa = 0, wb = 0, wc = 0, wd = 0] = down.weight.subarray(y * 4, y * 4 + 4);
    const rowA = wide.subarray(a * stride, (a + 1) * stride);
    const rowB = wide.subarray(b * stride, (b + 1) * stride);
    const rowC = wide.subarray(c * stride, (c + 1) * stride);
    const rowD = wide.subarray(d * stride, (d + 1) * stride);
    const line = y * stride;
    for (let x = 0; x < stride; x++) {
      const value =
        (rowA[x] ?? 0) * wa + (rowB[x] ?? 0) * wb + (rowC[x] ?? 0) * wc + (rowD[x] ?? 0) * wd;
      target[line + x] = value > 127 ? 127 : value < -127 ? -127 : Math.round(value);
    }
  }
}

/** Four neighbours and their Catmull-Rom weights for every pixel of one axis. */
function taps(length: number, chip: number): { index: Uint8Array; weight: Float32Array } {
  const index = new Uint8Array(4 * length);
  const weight = new Float32Array(4 * length);
  for (let at = 0; at < length; at++) {
    const place = (at + 0.5) / chip - 0.5;
    const whole = Math.floor(place);
    const t = place - whole;
    for (let tap = 0; tap < 4; tap++) index[at * 4 + tap] = (whole + tap - 1 + TILE) % TILE;
    weight[at * 4] = ((2 - t) * t - 1) * t * 0.5;
    weight[at * 4 + 1] = ((3 * t - 5) * t * t + 2) * 0.5;
    weight[at * 4 + 2] = ((4 - 3 * t) * t + 1) * t * 0.5;
    weight[at * 4 + 3] = (t - 1) * t * t * 0.5;
  }
  return { index, weight };
}
