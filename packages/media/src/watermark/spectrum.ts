import { complexTile, forward, TILE } from './fourier.ts';
import { HIGHEST_RADIUS, type Layout } from './layout.ts';

/**
 * A picture seen by the tile: folded onto 128 × 128 chips, transformed, and cut to the band.
 * Row v (0…{@link REACH}), column u + {@link REACH}.
 */
export interface Spectrum {
  readonly re: Float32Array;
  readonly im: Float32Array;
}

/** The band plus the frame that whitening looks at. */
export const REACH = HIGHEST_RADIUS + 2;
const COLUMNS = 2 * REACH + 1;
const ROWS = REACH + 1;
export const SPECTRUM_SIZE = COLUMNS * ROWS;

/** Where a pixel of the picture lies in chips: a projective map, row by row. */
export type Geometry = readonly [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];

/** A picture of known scale; `mirror` turns it round. */
export function scaled(chipX: number, chipY = chipX, mirror = false): Geometry {
  return [(mirror ? -1 : 1) / chipX, 0, 0, 0, 1 / chipY, 0, 0, 0, 1];
}

const scratch = complexTile();

/** @param residual from `ResidualMaker` */
export function foldSpectrum(
  residual: Float32Array,
  width: number,
  height: number,
  geometry: Geometry,
): Spectrum {
  scratch.im.fill(0);
  const folded = scratch.re.fill(0);
  const [a, b, c, d, e, f, g, h, i] = geometry;
  if (g === 0 && h === 0 && b === 0 && d === 0)
    foldScaled(residual, width, height, geometry, folded);
  else
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const depth = g * x + h * y + i;
        const column = Math.round((a * x + b * y + c) / depth) & (TILE - 1);
        const row = Math.round((d * x + e * y + f) / depth) & (TILE - 1);
        const to = row * TILE + column;
        folded[to] = (folded[to] ?? 0) + (residual[y * width + x] ?? 0);
      }
  forward(scratch, REACH);
  return cut();
}

function foldScaled(
  residual: Float32Array,
  width: number,
  height: number,
  geometry: Geometry,
  folded: Float64Array,
): void {
  const [a, , c, , e, f] = geometry;
  const columns = Uint8Array.from({ length: width }, (_, x) => Math.round(a * x + c) & (TILE - 1));
  for (let y = 0; y < height; y++) {
    const row = (Math.round(e * y + f) & (TILE - 1)) * TILE;
    const line = y * width;
    for (let x = 0; x < width; x++) {
      const to = row + (columns[x] ?? 0);
      folded[to] = (folded[to] ?? 0) + (residual[line + x] ?? 0);
    }
  }
}

function cut(): Spectrum {
  const re = new Float32Array(SPECTRUM_SIZE);
  const im = new Float32Array(SPECTRUM_SIZE);
  for (let v = 0; v < ROWS; v++)
    for (let u = -REACH; u <= REACH; u++) {
      const from = v * TILE + ((u + TILE) & (TILE - 1));
      const to = v * COLUMNS + u + REACH;
      re[to] = scratch.re[from] ?? 0;
      im[to] = scratch.im[from] ?? 0;
    }
  return { re, im };
}

/** The spectrum of the mirrored picture: x becomes −x. */
export function mirrored({ re, im }: Spectrum): Spectrum {
  const mirror = { re: new Float32Array(SPECTRUM_SIZE), im: new Float32Array(SPECTRUM_SIZE) };
  for (let v = 0; v < ROWS; v++)
    for (let column = 0; column < COLUMNS; column++) {
      const from = v * COLUMNS + column;
      const to = v * COLUMNS + (COLUMNS - 1 - column);
      mirror.re[to] = re[from] ?? 0;
      mirror.im[to] = im[from] ?? 0;
    }
  return mirror;
}

const NEIGHBOURS = 2;
/** Full flattening would blow up bins where nothing is. */
const FLATTENING = 0.9;

/** The bins of a layout, in its order, whitened by the mean magnitude of their neighbours. */
export function whitenedBins(layout: Layout, spectrum: Spectrum): Bins {
  const magnitudes = new Float32Array(SPECTRUM_SIZE);
  for (let at = 0; at < SPECTRUM_SIZE; at++)
    magnitudes[at] = Math.sqrt((spectrum.re[at] ?? 0) ** 2 + (spectrum.im[at] ?? 0) ** 2);
  const smooth = smoothed(magnitudes);
  const bins = emptyBins(layout.bins);
  for (let bin = 0; bin < layout.bins; bin++) {
    const at = (layout.v[bin] ?? 0) * COLUMNS + (layout.u[bin] ?? 0) + REACH;
    const scale = (smooth[at] ?? 0) ** -FLATTENING;
    bins.re[bin] = (spectrum.re[at] ?? 0) * scale;
    bins.im[bin] = (spectrum.im[at] ?? 0) * scale;
  }
  return bins;
}

/** One complex value for every bin of a layout. */
export interface Bins {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

export function emptyBins(count: number): Bins {
  return { re: new Float64Array(count), im: new Float64Array(count) };
}

/** Means over 5 × 5 bins within the band's frame. */
function smoothed(magnitudes: Float32Array): Float32Array {
  const across = new Float32Array(SPECTRUM_SIZE);
  const smooth = new Float32Array(SPECTRUM_SIZE);
  for (let v = 0; v < ROWS; v++)
    for (let column = NEIGHBOURS; column < COLUMNS - NEIGHBOURS; column++) {
      const at = v * COLUMNS + column;
      let sum = 0;
      for (let step = -NEIGHBOURS; step <= NEIGHBOURS; step++) sum += magnitudes[at + step] ?? 0;
      across[at] = sum;
    }
  for (let v = NEIGHBOURS; v < ROWS - NEIGHBOURS; v++)
    for (let column = 0; column < COLUMNS; column++) {
      const at = v * COLUMNS + column;
      let sum = 0;
      for (let step = -NEIGHBOURS; step <= NEIGHBOURS; step++)
        sum += across[at + step * COLUMNS] ?? 0;
      smooth[at] = sum / (2 * NEIGHBOURS + 1) ** 2 + 1e-9;
    }
  return smooth;
}
