import type { MaskTarget } from '@sallyport/contracts';
import type { Movement } from './movement.ts';
import type { Detector, Look, Rectangle } from './sighting.ts';

/** Longer side at which the whole picture is searched, and from which on parts of it are searched, too. */
const WHOLE_SIDE = 640;
const TILED_FROM = 800;
/** Longest side of a part before the overlap. */
const PART_SIDE = 700;
/** How far neighbouring parts overlap: a small figure lies wholly in one of them. */
const OVERLAP = 32;
/** Parts searched at a time; one where nothing moves waits this long at most. */
const MOST_PARTS = 2;
const PART_EVERY_MS = 1000;
/** A figure that fills the picture is found only in a strongly shrunken one. */
const NEAR_SIDE: Partial<Record<MaskTarget, number>> = { face: 160, plate: 320 };

interface Part extends Rectangle {
  searchedMs: number;
}

/** Decides what of each frame a detector looks at: all of it, and closely where something moved. */
export class LookPlan {
  readonly #whole: Rectangle;
  readonly #parts: Part[];
  readonly #size: number;

  constructor(picture: { readonly width: number; readonly height: number }) {
    const { width, height } = picture;
    this.#whole = { left: 0, top: 0, right: width, bottom: height };
    this.#size = Math.max(width, height);
    this.#parts = this.#size > TILED_FROM ? partsOf(width, height) : [];
  }

  /** @param movement since the last search; null for the first frame */
  next(detector: Detector, atMs: number, movement: Movement | null): Look[] {
    const whole = this.#whole;
    if (detector.isFixedSize) return [{ area: whole, longSide: this.#size }];
    const longSide = this.#parts.length > 0 ? WHOLE_SIDE : this.#size;
    const near = detector.kinds
      .map((kind) => NEAR_SIDE[kind] ?? 0)
      .filter((side) => side > 0 && side < longSide)
      .map((side) => ({ area: whole, longSide: side }));
    const parts = this.#due(atMs, movement).map((area) => ({ area, longSide: this.#size }));
    return [{ area: whole, longSide }, ...parts, ...near];
  }

  /** Remembers that the parts of this frame were searched, after all detectors were asked. */
  done(atMs: number, movement: Movement | null): void {
    for (const part of this.#due(atMs, movement)) part.searchedMs = atMs;
  }

  #due(atMs: number, movement: Movement | null): Part[] {
    if (movement === null) return this.#parts;
    return this.#parts
      .filter((part) => atMs - part.searchedMs >= PART_EVERY_MS || movement.isIn(part))
      .sort((one, other) => one.searchedMs - other.searchedMs)
      .slice(0, MOST_PARTS);
  }
}

function partsOf(width: number, height: number): Part[] {
  const count = (side: number) => Math.ceil(side / PART_SIDE);
  const columns = count(width);
  const rows = count(height);
  return Array.from({ length: columns * rows }, (_, at) => {
    const column = at % columns;
    const row = (at - column) / columns;
    return {
      left: Math.max(0, Math.floor((column * width) / columns) - OVERLAP),
      top: Math.max(0, Math.floor((row * height) / rows) - OVERLAP),
      right: Math.min(width, Math.ceil(((column + 1) * width) / columns) + OVERLAP),
      bottom: Math.min(height, Math.ceil(((row + 1) * height) / rows) + OVERLAP),
      searchedMs: 0,
    };
  });
}
