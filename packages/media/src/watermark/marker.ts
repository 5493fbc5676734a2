import { readFileSync } from 'node:fs';
import { SallyportError } from '@sallyport/contracts';
import { CARRIER_SCALE, spreadTile, tileOf } from './carrier.ts';
import { cellMeans, GainMap, gridOf, type Grid } from './gain.ts';
import { EPOCH_MS, openLayout, type Layout } from './layout.ts';
import type { MarkId } from './mark-id.ts';

/** Below this a chip is smaller than the finest wave a pixel grid carries. */
export const SMALLEST_SIDE = 240;
/** Standard strength: about 48 dB against the unmarked picture. */
export const STRENGTH = 0.6;
/** What a second try uses: about 45 dB. */
export const STRONGER = 0.8;

/** Frames between two looks at the picture. */
const REFRESH_FRAMES = 6;
const KEPT_GAIN = 0.5;
/** Mean change of the cells' luma that counts as another scene. */
const SCENE_CHANGE = 20;
/** The tile of an epoch passes into the next one over this time, in steps, so that no change is seen. */
const FADE_MS = 600;
const FADE_STEPS = 8;
const FULL_SHARE = 128;
const PAGE = 65_536;

export interface MarkerOptions {
  /** From `deriveMarkKey`. */
  readonly key: Uint8Array;
  readonly id: MarkId;
  readonly width: number;
  readonly height: number;
  /** Default {@link STRENGTH}; the mark's amplitude is proportional to it. */
  readonly strength?: number | undefined;
}

/** Marks the frames of one clip, in order, in place. */
export interface Marker {
  /** `luma` is a plane without padding; `ptsMs` counts from the first frame of the export. */
  mark(luma: Uint8Array, ptsMs: number): void;
}

interface Kernel {
  readonly memory: WebAssembly.Memory;
  readonly mark: (...numbers: number[]) => void;
  readonly mix: (...numbers: number[]) => void;
}

/**
 * Opens a marker for one export. Chroma is never touched.
 *
 *   every 6th frame: luma ─► cell means ─► gains       every epoch: id, key ─► tile ─► carrier
 *   every frame:     luma += carrier × gain            (WebAssembly, 16 pixels at a time)
 *
 * @throws SallyportError `ERR_WATERMARK_TOO_SMALL`
 */
export function openMarker(options: MarkerOptions): Marker {
  const { key, id, width, height, strength = STRENGTH } = options;
  if (Math.min(width, height) < SMALLEST_SIDE)
    throw new SallyportError('ERR_WATERMARK_TOO_SMALL', {
      detail: { width, height, smallest: SMALLEST_SIDE },
    });
  return new PictureMarker(openLayout(key), id, width, height, strength);
}

class PictureMarker implements Marker {
  readonly #layout: Layout;
  readonly #id: string;
  readonly #width: number;
  readonly #height: number;
  readonly #stride: number;
  readonly #strength: number;
  readonly #grid: Grid;
  readonly #means: Float32Array;
  readonly #lastMeans: Float32Array;
  readonly #gainMap: GainMap;
  readonly #gains: Float32Array;
  readonly #kernel: Kernel;
  readonly #places: { readonly luma: number; readonly gain: number; readonly mixed: number };
  /** Where the carriers of two epochs lie, and which epochs they are. */
  readonly #carriers: { readonly at: number; epoch: number }[];
  #mixed = '';
  #frames = 0;

  constructor(layout: Layout, id: string, width: number, height: number, strength: number) {
    this.#layout = layout;
    this.#id = id;
    this.#width = width;
    this.#height = height;
    this.#stride = Math.ceil(width / 16) * 16;
    this.#strength = strength;
    this.#grid = gridOf(width, height);
    this.#means = new Float32Array(this.#grid.width * this.#grid.height);
    this.#lastMeans = new Float32Array(this.#means.length);
    this.#gains = new Float32Array(this.#means.length);
    this.#gainMap = new GainMap(this.#grid);
    const plane = this.#stride * height;
    const gainBytes = 2 * this.#stride * this.#grid.height;
    this.#kernel = openKernel(4 * plane + gainBytes);
    this.#places = { luma: 0, mixed: plane, gain: 4 * plane };
    this.#carriers = [2 * plane, 3 * plane].map((at) => ({ at, epoch: -1 }));
  }

  mark(luma: Uint8Array, ptsMs: number): void {
    if (this.#frames % REFRESH_FRAMES === 0) this.#refreshGains(luma);
    this.#frames += 1;
    const carrier = this.#carrierAt(Math.max(0, ptsMs));
    const { memory, mark } = this.#kernel;
    const plane = new Uint8Array(memory.buffer, this.#places.luma, this.#stride * this.#height);
    this.#copyIn(luma, plane);
    const { cell } = this.#grid;
    mark(this.#places.luma, carrier, this.#places.gain, this.#stride, this.#height, cell);
    this.#copyOut(plane, luma);
  }

  #copyIn(luma: Uint8Array, plane: Uint8Array): void {
    const size = this.#width * this.#height;
    if (this.#stride === this.#width) plane.set(luma.subarray(0, size));
    else
      for (let row = 0; row < this.#height; row++)
        plane.set(luma.subarray(row * this.#width, (row + 1) * this.#width), row * this.#stride);
  }

  #copyOut(plane: Uint8Array, luma: Uint8Array): void {
    if (this.#stride === this.#width) luma.set(plane);
    else
      for (let row = 0; row < this.#height; row++) {
        const from = row * this.#stride;
        luma.set(plane.subarray(from, from + this.#width), row * this.#width);
      }
  }

  #refreshGains(luma: Uint8Array): void {
    cellMeans(luma, this.#width, this.#height, this.#grid, this.#means);
    const fresh = this.#gainMap.measure(this.#means);
    const kept = this.#frames === 0 || this.#isNewScene() ? 0 : KEPT_GAIN;
    for (let at = 0; at < fresh.length; at++)
      this.#gains[at] = kept * (this.#gains[at] ?? 0) + (1 - kept) * (fresh[at] ?? 0);
    this.#lastMeans.set(this.#means);
    this.#writeGains();
  }

  #isNewScene(): boolean {
    let change = 0;
    for (let at = 0; at < this.#means.length; at++)
      change += Math.abs((this.#means[at] ?? 0) - (this.#lastMeans[at] ?? 0));
    return change / this.#means.length > SCENE_CHANGE;
  }

  #writeGains(): void {
    const { width, height, cell } = this.#grid;
    const scale = (this.#strength * 1024) / CARRIER_SCALE;
    const rows = new Int16Array(
      this.#kernel.memory.buffer,
      this.#places.gain,
      this.#stride * height,
    );
    for (let row = 0; row < height; row++) {
      let at = row * this.#stride;
      for (let column = 0; column < width; column++) {
        // 250 keeps carrier × gain within 16 bits.
        const gain = Math.min(250, Math.round((this.#gains[row * width + column] ?? 0) * scale));
        for (let pixel = 0; pixel < cell; pixel++) rows[at++] = gain;
      }
    }
  }

  /** Where the carrier for this time lies. */
  #carrierAt(ptsMs: number): number {
    const epoch = Math.floor(ptsMs / EPOCH_MS);
    const intoFade = (ptsMs % EPOCH_MS) - (EPOCH_MS - FADE_MS);
    const current = this.#carrierOf(epoch);
    if (intoFade <= 0) return current;
    const next = this.#carrierOf(epoch + 1);
    const share = Math.round((FADE_STEPS * intoFade) / FADE_MS) * (FULL_SHARE / FADE_STEPS);
    const wanted = `${epoch} ${share}`;
    if (this.#mixed !== wanted) {
      this.#kernel.mix(this.#places.mixed, current, next, this.#stride * this.#height, share);
      this.#mixed = wanted;
    }
    return this.#places.mixed;
  }

  #carrierOf(epoch: number): number {
    const slot = this.#carriers[epoch % 2] ?? { at: 0, epoch };
    if (slot.epoch !== epoch) {
      const picture = { width: this.#width, height: this.#height, stride: this.#stride };
      const target = new Int8Array(
        this.#kernel.memory.buffer,
        slot.at,
        this.#stride * this.#height,
      );
      spreadTile(tileOf(this.#layout, this.#id, epoch), picture, target);
      slot.epoch = epoch;
    }
    return slot.at;
  }
}

let compiled: WebAssembly.Module | null = null;

/** `marker.wasm` is assembled from marker.wat by the build. */
function openKernel(bytes: number): Kernel {
  compiled ??= new WebAssembly.Module(readFileSync(new URL('./marker.wasm', import.meta.url)));
  const { memory, mark, mix } = new WebAssembly.Instance(compiled).exports;
  if (!(memory instanceof WebAssembly.Memory) || !isFunction(mark) || !isFunction(mix))
    throw new TypeError('marker.wasm does not export memory, mark and mix');
  memory.grow(Math.ceil(bytes / PAGE));
  return { memory, mark, mix };
}

function isFunction(value: unknown): value is (...numbers: number[]) => void {
  return typeof value === 'function';
}
