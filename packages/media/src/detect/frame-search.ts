import { LookPlan } from './looks.ts';
import type { Movement } from './movement.ts';
import { onePerFigure } from './networks/outputs.ts';
import {
  area,
  overlapArea,
  type DetectionPicture,
  type Detector,
  type Sighting,
} from './sighting.ts';

/** What a clip is searched with. */
export interface Detectors {
  readonly networks: readonly Detector[];
  /** Looks at a few frames only; null when there is none. */
  readonly secondOpinion: Detector | null;
  readonly motion: boolean;
}

/** A still picture is searched again after this long all the same. */
const RESEARCH_MS = 2000;
/** How often a second detector is asked. */
const SECOND_OPINION_EVERY_MS = 2000;
/** A figure of which this much lies inside another one of like size is the same figure, seen in another look. */
const SAME_FIGURE = 0.6;
const LIKE_SIZE = 4;

/** Searches one frame after another with networks; a frame that does not differ keeps what was seen in it. */
export class FrameSearch {
  readonly #detectors: Detectors;
  readonly #looks: LookPlan;
  #kept: readonly Sighting[] = [];
  #searchedMs = -Infinity;
  #secondMs = -Infinity;

  constructor(detectors: Detectors, picture: { readonly width: number; readonly height: number }) {
    this.#detectors = detectors;
    this.#looks = new LookPlan(picture);
  }

  async search(picture: DetectionPicture, movement: Movement | null): Promise<readonly Sighting[]> {
    const { atMs } = picture;
    if (movement?.isStill === true && atMs - this.#searchedMs < RESEARCH_MS) return this.#kept;
    const found: Sighting[] = [];
    for (const detector of this.#detectors.networks) {
      let seen: Sighting[] = [];
      for (const look of this.#looks.next(detector, atMs, movement))
        seen = merged(seen, await detector.detect(picture, look));
      found.push(...onePerFigure(seen));
    }
    this.#looks.done(atMs, movement);
    found.push(...(await this.#askSecond(picture, found)));
    this.#searchedMs = atMs;
    this.#kept = found.filter((sighting) => isInside(sighting, picture));
    return this.#kept;
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

/** A network may answer with a box outside of the picture, or with none at all. */
function isInside(box: Sighting, picture: DetectionPicture): boolean {
  return (
    box.right > Math.max(0, box.left) &&
    box.bottom > Math.max(0, box.top) &&
    box.left < picture.width &&
    box.top < picture.height
  );
}
