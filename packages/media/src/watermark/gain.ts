/** How much of the mark each place bears: less in flat and dark places, more in busy ones. */
export interface Grid {
  readonly width: number;
  readonly height: number;
  /** Pixels along each side of a cell. */
  readonly cell: number;
}

export function gridOf(width: number, height: number): Grid {
  const cell = Math.max(2, Math.round(Math.min(width, height) / 360));
  return { width: Math.ceil(width / cell), height: Math.ceil(height / cell), cell };
}

const REACH = 3;
const LOWEST = 0.9;
const HIGHEST = 3.2;
const PER_DEVIATION = 0.1;
/** Dark places: the eye sees noise there first. */
const DARK_FLOOR = 0.55;
const DARK_RISE = 90;

/** Mean luma of every cell, by its middle row: a third of the reading, and gains are smoothed anyway. */
export function cellMeans(
  luma: Uint8Array,
  width: number,
  height: number,
  grid: Grid,
  means: Float32Array,
): void {
  const { cell } = grid;
  for (let row = 0; row < grid.height; row++) {
    const line = Math.min(height - 1, row * cell + (cell >> 1)) * width;
    for (let column = 0; column < grid.width; column++) {
      const left = column * cell;
      const right = Math.min(width, left + cell);
      let sum = 0;
      for (let at = line + left; at < line + right; at++) sum += luma[at] ?? 0;
      means[row * grid.width + column] = sum / (right - left);
    }
  }
}

/** Gains from cell means, through sums over 7 × 7 cells. */
export class GainMap {
  readonly #grid: Grid;
  readonly #sums: Float64Array;
  readonly #squares: Float64Array;
  readonly gains: Float32Array;

  constructor(grid: Grid) {
    this.#grid = grid;
    this.#sums = new Float64Array((grid.width + 1) * (grid.height + 1));
    this.#squares = new Float64Array((grid.width + 1) * (grid.height + 1));
    this.gains = new Float32Array(grid.width * grid.height);
  }

  measure(means: Float32Array): Float32Array {
    this.#integrate(means);
    const { width, height } = this.#grid;
    const sums = this.#sums;
    const squares = this.#squares;
    for (let y = 0; y < height; y++) {
      const top = Math.max(0, y - REACH) * (width + 1);
      const bottom = Math.min(height, y + REACH + 1) * (width + 1);
      const rows = (bottom - top) / (width + 1);
      for (let x = 0; x < width; x++) {
        const left = Math.max(0, x - REACH);
        const right = Math.min(width, x + REACH + 1);
        const count = rows * (right - left);
        const a = top + left;
        const b = top + right;
        const c = bottom + left;
        const d = bottom + right;
        const mean = ((sums[d] ?? 0) - (sums[b] ?? 0) - (sums[c] ?? 0) + (sums[a] ?? 0)) / count;
        const square =
          ((squares[d] ?? 0) - (squares[b] ?? 0) - (squares[c] ?? 0) + (squares[a] ?? 0)) / count;
        const deviation = Math.sqrt(Math.max(0, square - mean * mean));
        const busy = Math.min(HIGHEST, LOWEST + PER_DEVIATION * deviation);
        this.gains[y * width + x] = busy * Math.min(1, DARK_FLOOR + mean / DARK_RISE);
      }
    }
    return this.gains;
  }

  #integrate(means: Float32Array): void {
    const { width, height } = this.#grid;
    const wide = width + 1;
    for (let y = 0; y < height; y++) {
      let sum = 0;
      let square = 0;
      for (let x = 0; x < width; x++) {
        const value = means[y * width + x] ?? 0;
        sum += value;
        square += value * value;
        const at = (y + 1) * wide + x + 1;
        this.#sums[at] = (this.#sums[at - wide] ?? 0) + sum;
        this.#squares[at] = (this.#squares[at - wide] ?? 0) + square;
      }
    }
  }
}
