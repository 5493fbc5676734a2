/** Least change of a block's brightness that counts, and how many deviations of its own noise it must exceed. */
const MIN_CHANGE = 11;
const DEVIATIONS = 3.5;
/** How fast the background follows slow light, and how fast something that stopped becomes background. */
const FOLLOW_MS = 4_000;
const ABSORB_MS = 45_000;
const MIN_NOISE = 1.5;

/** A scene without its passers-by: brightness of each block and how much it flickers by itself. */
export interface Background {
  readonly brightness: Uint8Array;
  readonly noise: Float32Array;
}

/** A learned background: mean and deviation of each block's brightness. */
export class BackgroundModel {
  readonly #columns: number;
  readonly #rows: number;
  readonly #mean: Float32Array;
  readonly #noise: Float32Array;
  readonly #blocks: Uint8Array;
  #lastMs: number | null = null;

  constructor(columns: number, rows: number) {
    this.#columns = columns;
    this.#rows = rows;
    this.#mean = new Float32Array(columns * rows);
    this.#noise = new Float32Array(columns * rows).fill(MIN_NOISE);
    this.#blocks = new Uint8Array(columns * rows);
  }

  /** Starts from a scene learned beforehand. */
  seed(background: Background): void {
    this.#mean.set(background.brightness);
    for (const [block, noise] of background.noise.entries())
      this.#noise[block] = Math.max(MIN_NOISE, noise);
    this.#lastMs ??= 0;
  }

  /** Marks the blocks that differ from the background, then learns. The result is valid until the next call. */
  changed(grey: Uint8Array, atMs: number): { readonly blocks: Uint8Array; readonly share: number } {
    if (this.#lastMs === null) {
      this.#mean.set(grey);
      this.#lastMs = atMs;
    }
    const elapsed = Math.max(1, atMs - this.#lastMs);
    this.#lastMs = atMs;
    const follow = Math.min(0.5, elapsed / FOLLOW_MS);
    const absorb = Math.min(0.5, elapsed / ABSORB_MS);
    let count = 0;
    for (let block = 0; block < grey.length; block++) {
      const mean = this.#mean[block] ?? 0;
      const noise = this.#noise[block] ?? MIN_NOISE;
      const change = (grey[block] ?? 0) - mean;
      const isChanged = Math.abs(change) > Math.max(MIN_CHANGE, DEVIATIONS * noise);
      this.#blocks[block] = isChanged ? 1 : 0;
      if (isChanged) count += 1;
      this.#mean[block] = mean + change * (isChanged ? absorb : follow);
      if (!isChanged)
        this.#noise[block] = Math.max(
          MIN_NOISE,
          noise + (1.25 * Math.abs(change) - noise) * follow,
        );
    }
    const share = count / (this.#columns * this.#rows);
    // After a change of light or of the camera's position the old background is of no use.
    if (share > 0.6) this.#mean.set(grey);
    return { blocks: this.#blocks, share };
  }
}
