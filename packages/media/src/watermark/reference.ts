import type { ProbedFile } from '../probe/probe.ts';
import { readStretches, type StretchSize } from './stretches.ts';

/** Side of the small pictures by which two clips are laid side by side in time. */
const THUMB = 24;

/** The unmarked recording a leaked clip came from, as means over half a second. */
export class Reference {
  readonly #size: StretchSize;
  readonly #stretches: { readonly thumb: Float64Array; readonly luma: Uint16Array }[] = [];

  constructor(size: StretchSize) {
    this.#size = size;
  }

  async load(source: ProbedFile, signal: AbortSignal | undefined): Promise<void> {
    for await (const { luma } of readStretches(source, this.#size, signal))
      this.#stretches.push({
        thumb: thumbOf(luma, this.#size),
        luma: Uint16Array.from(luma, (value) => Math.round(value * FINE)),
      });
  }

  /** Takes the recording out of a stretch of the clip; `luma` becomes what the clip adds to it. */
  subtract(luma: Float32Array): void {
    const best = this.#nearest(thumbOf(luma, this.#size));
    if (best === null) return;
    const { slope, offset } = fit(luma, best);
    for (let at = 0; at < luma.length; at++)
      luma[at] = (luma[at] ?? 0) - offset - (slope * (best[at] ?? 0)) / FINE;
  }

  /** The stretch of the recording that looks most alike, whatever the brightness. */
  #nearest(thumb: Float64Array): Uint16Array | null {
    let best: Uint16Array | null = null;
    let likeness = -Infinity;
    for (const stretch of this.#stretches) {
      let sum = 0;
      for (let at = 0; at < thumb.length; at++) sum += (thumb[at] ?? 0) * (stretch.thumb[at] ?? 0);
      if (sum > likeness) [best, likeness] = [stretch.luma, sum];
    }
    return best;
  }
}

/** Sixteenths of a luma step. */
const FINE = 16;

/** Means of a coarse grid, mean 0 and length 1. */
function thumbOf(luma: Float32Array, { width, height }: StretchSize): Float64Array {
  const thumb = new Float64Array(THUMB * THUMB);
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * THUMB) / height) * THUMB;
    for (let x = 0; x < width; x++) {
      const to = row + Math.floor((x * THUMB) / width);
      thumb[to] = (thumb[to] ?? 0) + (luma[y * width + x] ?? 0);
    }
  }
  const mean = thumb.reduce((sum, value) => sum + value, 0) / thumb.length;
  const length = Math.sqrt(thumb.reduce((sum, value) => sum + (value - mean) ** 2, 0)) || 1;
  return thumb.map((value) => (value - mean) / length);
}

/** The straight line from recording to clip with the least squares: brightness and contrast may have changed. */
function fit(luma: Float32Array, reference: Uint16Array): { slope: number; offset: number } {
  let [x, y, xx, xy] = [0, 0, 0, 0];
  const count = luma.length;
  for (let at = 0; at < count; at++) {
    const from = (reference[at] ?? 0) / FINE;
    const to = luma[at] ?? 0;
    x += from;
    y += to;
    xx += from * from;
    xy += from * to;
  }
  const spread = xx - (x * x) / count;
  const slope = spread === 0 ? 1 : (xy - (x * y) / count) / spread;
  return { slope, offset: (y - slope * x) / count };
}
