/** What is left of a picture when its own content is damped: the mark is a larger part of it. */

/** Half sides of the boxes, in pixels of a picture with about one chip a pixel. */
const MEAN_REACH = 4;
const DEVIATION_REACH = 7;
/** Keeps empty areas, where there is only rounding, from being blown up. */
const FLOOR = 1.2;
const LIMIT = 2.5;

export class ResidualMaker {
  readonly #width: number;
  readonly #height: number;
  readonly #reach: number;
  readonly #one: Float32Array;
  readonly #other: Float32Array;
  readonly #columns: Float64Array;

  /** `chip` is the expected size of a chip in pixels, 1 where it is not known. */
  constructor(width: number, height: number, chip = 1) {
    this.#width = width;
    this.#height = height;
    this.#reach = Math.max(1, chip);
    this.#one = new Float32Array(width * height);
    this.#other = new Float32Array(width * height);
    this.#columns = new Float64Array(width);
  }

  /** Replaces the luma by (luma − mean of its neighbours) ÷ (deviation of its neighbours), held to ±2.5. */
  apply(luma: Float32Array): void {
    const size = this.#width * this.#height;
    const means = this.#one;
    this.#boxMean(luma, means, Math.round(MEAN_REACH * this.#reach));
    for (let at = 0; at < size; at++) {
      const high = (luma[at] ?? 0) - (means[at] ?? 0);
      luma[at] = high;
      means[at] = high * high;
    }
    const squares = this.#other;
    this.#boxMean(means, squares, Math.round(DEVIATION_REACH * this.#reach));
    for (let at = 0; at < size; at++) {
      const value = (luma[at] ?? 0) / (Math.sqrt(Math.max(0, squares[at] ?? 0)) + FLOOR);
      luma[at] = value > LIMIT ? LIMIT : value < -LIMIT ? -LIMIT : value;
    }
  }

  /** Box mean by running sums; at the edges over the pixels there are. */
  #boxMean(source: Float32Array, target: Float32Array, reach: number): void {
    const width = this.#width;
    const height = this.#height;
    const columns = this.#columns.fill(0);
    for (let y = 0; y < Math.min(reach, height); y++)
      for (let x = 0; x < width; x++) columns[x] = (columns[x] ?? 0) + (source[y * width + x] ?? 0);
    for (let y = 0; y < height; y++) {
      if (y + reach < height)
        for (let x = 0, at = (y + reach) * width; x < width; x++, at++)
          columns[x] = (columns[x] ?? 0) + (source[at] ?? 0);
      if (y - reach - 1 >= 0)
        for (let x = 0, at = (y - reach - 1) * width; x < width; x++, at++)
          columns[x] = (columns[x] ?? 0) - (source[at] ?? 0);
      const rows = Math.min(height - 1, y + reach) - Math.max(0, y - reach) + 1;
      let sum = 0;
      for (let x = 0; x < Math.min(reach, width); x++) sum += columns[x] ?? 0;
      for (let x = 0; x < width; x++) {
        if (x + reach < width) sum += columns[x + reach] ?? 0;
        if (x - reach - 1 >= 0) sum -= columns[x - reach - 1] ?? 0;
        const across = Math.min(width - 1, x + reach) - Math.max(0, x - reach) + 1;
        target[y * width + x] = sum / (rows * across);
      }
    }
  }
}
