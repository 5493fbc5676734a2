import type { MaskTarget } from '@sallyport/contracts';
import { blockGrid, type BlockGrid } from './blocks.ts';
import { LookPlan, placesToSearch } from './looks.ts';
import { Movement, takeChanged } from './movement.ts';
import { onePerFigure } from './networks/outputs.ts';
import {
  area,
  meets,
  overlapArea,
  type DetectionPicture,
  type Detector,
  type Look,
  type Rectangle,
  type Sighting,
} from './sighting.ts';

/** What a clip is searched with. */
export interface Detectors {
  readonly networks: readonly Detector[];
  /** Looks at a few frames only; null when there is none. */
  readonly secondOpinion: Detector | null;
  readonly motion: boolean;
}

/** Where nothing moves it is searched again after this long all the same. */
const RESEARCH_MS = 1000;
const RESEARCH_STILL_MS = 2000;
/** How often a second detector is asked. */
const SECOND_OPINION_EVERY_MS = 2000;
/** A figure of which this much lies inside another one of like size is the same figure, seen in another look. */
const SAME_FIGURE = 0.6;
const LIKE_SIZE = 4;

/**
 * Searches one frame after another with networks. Between searches of the whole picture only the surroundings of what
 * moved are looked at, closely; everywhere else what was seen stays seen.
 */
export class FrameSearch {
  readonly #detectors: Detectors;
  readonly #looks: LookPlan;
  readonly #grid: BlockGrid;
  /** Each block as it was when it was searched last. */
  #reference: Uint8Array | null = null;
  #kept: readonly Sighting[] = [];
  #wholeMs = -Infinity;
  #secondMs = -Infinity;

  constructor(detectors: Detectors, picture: { readonly width: number; readonly height: number }) {
    this.#detectors = detectors;
    this.#looks = new LookPlan(picture);
    this.#grid = blockGrid(picture);
  }

  /** @param grey mean brightness of each block of the picture */
  async search(picture: DetectionPicture, grey: Uint8Array): Promise<readonly Sighting[]> {
    const { atMs } = picture;
    const isFirst = this.#reference === null;
    const reference = (this.#reference ??= grey.slice());
    const movement = isFirst ? null : new Movement(reference, grey, this.#grid);
    const sinceMs = atMs - this.#wholeMs;
    if (movement?.isStill === true && sinceMs < RESEARCH_STILL_MS) return this.#kept;
    const places =
      movement === null || sinceMs >= RESEARCH_MS
        ? null
        : placesToSearch(movement.places(), this.#kept, picture);
    const close = places === null ? null : await this.#searchPlaces(picture, places);
    const found = close ?? (await this.#searchWhole(picture, movement));
    if (close === null) reference.set(grey);
    else takeChanged(reference, grey);
    this.#kept = found.filter((sighting) => isInside(sighting, picture));
    return this.#kept;
  }

  async #searchWhole(picture: DetectionPicture, movement: Movement | null): Promise<Sighting[]> {
    const { atMs } = picture;
    const found: Sighting[] = [];
    for (const detector of this.#detectors.networks)
      found.push(
        ...(await this.#lookAll(picture, detector, this.#looks.next(detector, atMs, movement))),
      );
    this.#looks.done(atMs, movement);
    this.#wholeMs = atMs;
    return [...found, ...(await this.#askSecond(picture, found))];
  }

  /** Null when a figure is not found again where it was: then the whole picture tells. */
  async #searchPlaces(
    picture: DetectionPicture,
    places: readonly Rectangle[],
  ): Promise<Sighting[] | null> {
    const found: Sighting[] = [];
    const seenBy = new Set<MaskTarget>();
    for (const detector of this.#detectors.networks) {
      for (const kind of detector.kinds) seenBy.add(kind);
      const looks = this.#looks.closely(detector, places, this.#kept);
      found.push(...(await this.#lookAll(picture, detector, looks)));
      // The whole picture was looked at: nothing of this detector's is left to keep.
      if (detector.isFixedSize) for (const kind of detector.kinds) seenBy.delete(kind);
    }
    const kept = this.#kept.filter((sighting) => seenBy.has(sighting.kind));
    const elsewhere = kept.filter((one) => !places.some((place) => meets(place, one)));
    const isLost = kept.some(
      (one) => !elsewhere.includes(one) && !found.some((other) => isLikely(one, other)),
    );
    return isLost ? null : [...found, ...elsewhere];
  }

  async #lookAll(
    picture: DetectionPicture,
    detector: Detector,
    looks: readonly Look[],
  ): Promise<Sighting[]> {
    let seen: Sighting[] = [];
    for (const look of looks) seen = merged(seen, await detector.detect(picture, look));
    return onePerFigure(seen);
  }

  /** What only the second detector saw. */
  async #askSecond(
    picture: DetectionPicture,
    found: readonly Sighting[],
  ): Promise<readonly Sighting[]> {
    const second = this.#detectors.secondOpinion;
    if (second === null || picture.atMs - this.#secondMs < SECOND_OPINION_EVERY_MS) return [];
    this.#secondMs = picture.atMs;
    const whole = { left: 0, top: 0, right: picture.width, bottom: picture.height };
    const seen = await second.detect(picture, { area: whole, longSide: picture.width });
    return seen
      .filter((one) => !found.some((other) => isSame(one, other)))
      .map((one) => ({ ...one, disputed: true }));
  }
}

/** The first look's figures, and of the next one's those that are not among them; of the same figure the larger box. */
function merged(seen: readonly Sighting[], next: readonly Sighting[]): Sighting[] {
  const fresh = next.filter((one) => !seen.some((other) => isSame(one, other)));
  const grown = seen.map((one) => {
    const same = next.find((other) => isSame(one, other));
    return same === undefined ? one : larger(one, same);
  });
  return [...grown, ...fresh];
}

function larger(one: Sighting, other: Sighting): Sighting {
  const confidence = Math.max(one.confidence, other.confidence);
  return { ...(area(one) >= area(other) ? one : other), confidence };
}

function isSame(one: Sighting, other: Sighting): boolean {
  if (one.kind !== other.kind) return false;
  const smaller = Math.min(area(one), area(other));
  const greater = Math.max(area(one), area(other));
  return greater < LIKE_SIZE * smaller && overlapArea(one, other) > SAME_FIGURE * smaller;
}

/** Whether a figure may have become the other within one step of the search. */
function isLikely(one: Sighting, other: Sighting): boolean {
  return one.kind === other.kind && meets(one, other);
}

/** A network may answer with a box outside of the picture, or with none at all. */
function isInside(box: Sighting, picture: DetectionPicture): boolean {
  return (
    box.right > Math.max(0, box.left) &&
    box.bottom > Math.max(0, box.top) &&
    box.left < picture.width &&
    box.top < picture.height
  );
}
