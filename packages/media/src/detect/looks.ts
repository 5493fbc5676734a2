import type { MaskTarget } from '@sallyport/contracts';
import type { Movement } from './movement.ts';
import { area, around, meets, type Detector, type Look, type Rectangle } from './sighting.ts';

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

/** What is looked at around something that moved, in detection pixels. */
const SURROUNDING = 32;
const MOST_PLACES = 6;
/** Above this share of the whole picture's cost the whole picture is searched. */
const MOST_SHARE = 0.7;

/** A place is seen at least this large, however large the figures in it are: others may come into it. */
const CLOSE_SIDE = 384;
/** Longer side at which a figure that was seen before is surely seen again. */
const CLEARLY_SEEN = 32;

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
    const parts = this.#due(atMs, movement).map((part) => ({ area: part, longSide: this.#size }));
    return [{ area: whole, longSide }, ...parts, ...near];
  }

  /** Looks at some places only, as large as the smallest figure known in each of them needs to be seen again. */
  closely(detector: Detector, places: readonly Rectangle[], known: readonly Rectangle[]): Look[] {
    if (detector.isFixedSize) return [{ area: this.#whole, longSide: this.#size }];
    return places.map((place) => {
      const sides = known.filter((figure) => meets(place, figure)).map(longSide);
      const scale = Math.min(1, CLEARLY_SEEN / Math.min(...sides));
      const side = longSide(place);
      return {
        area: place,
        longSide: Math.ceil(Math.max(scale * side, Math.min(side, CLOSE_SIDE))),
      };
    });
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

/**
 * The surroundings of what moved, with all of the figures seen there before; null when the whole picture is searched
 * at no greater cost.
 */
export function placesToSearch(
  moved: readonly Rectangle[],
  seen: readonly Rectangle[],
  picture: { readonly width: number; readonly height: number },
): Rectangle[] | null {
  const places: Rectangle[] = [];
  for (const one of moved) {
    let place = surroundings(one, picture);
    for (const figure of seen)
      if (meets(place, figure)) place = around(place, surroundings(figure, picture));
    // Places that meet are one; it may meet others in turn.
    for (let at = places.findIndex((other) => meets(place, other)); at >= 0;) {
      place = around(place, places[at] ?? place);
      places.splice(at, 1);
      at = places.findIndex((other) => meets(place, other));
    }
    places.push(place);
  }
  const searched = places.reduce((sum, place) => sum + area(place), 0);
  const isDear = searched > MOST_SHARE * Math.min(picture.width * picture.height, WHOLE_SIDE ** 2);
  return places.length > MOST_PLACES || isDear ? null : places;
}

function longSide(box: Rectangle): number {
  return Math.max(box.right - box.left, box.bottom - box.top);
}

function surroundings(
  box: Rectangle,
  picture: { readonly width: number; readonly height: number },
): Rectangle {
  return {
    left: Math.max(0, Math.floor(box.left) - SURROUNDING),
    top: Math.max(0, Math.floor(box.top) - SURROUNDING),
    right: Math.min(picture.width, Math.ceil(box.right) + SURROUNDING),
    bottom: Math.min(picture.height, Math.ceil(box.bottom) + SURROUNDING),
  };
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
