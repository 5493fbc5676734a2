import { SallyportError, type MaskBox, type MaskPlan, type MaskTarget } from '@sallyport/contracts';
import { blockGrid } from '../detect/blocks.ts';
import { LookPlan } from '../detect/looks.ts';
import { Movement } from '../detect/movement.ts';
import { openNetworkDetector } from '../detect/network-detector.ts';
import { onePerFigure } from '../detect/networks/outputs.ts';
import type { DetectionPicture, Detector, Sighting } from '../detect/sighting.ts';
import { chooseModels } from '../models/choose-models.ts';
import type { FoundModel } from '../models/models.ts';
import { boxAt, type ActiveMask } from './boxes-at.ts';

/** What must not be seen in a released clip, and from which score on it surely is one. */
const SURELY: Partial<Record<MaskTarget, number>> = { face: 0.6, plate: 0.6 };
/** Three pictures a second are searched. */
const SEARCH_EVERY_MS = 330;
/** Detectors see a head in its mosaic: what lies inside masks by this share is covered. */
const COVERED = 0.5;
/** Points along each side of a box at which masks are looked for. */
const POINTS = 16;

/** A figure seen in the finished clip where no mask is. */
interface Uncovered {
  readonly kind: MaskTarget;
  readonly atMs: number;
  readonly box: MaskBox;
  readonly confidence: number;
}

/** Looks for faces and plates in the finished clip, outside of its masks. */
export class ResidualSearch {
  readonly targets: readonly MaskTarget[];
  framesSearched = 0;
  seenInMasks = 0;
  readonly #detectors: readonly Detector[];
  readonly #plan: MaskPlan;
  #looks: LookPlan | null = null;
  #nextMs = 0;
  #uncovered: Uncovered | null = null;

  constructor(detectors: readonly Detector[], plan: MaskPlan) {
    this.#detectors = detectors;
    this.#plan = plan;
    this.targets = [...new Set(detectors.flatMap(({ kinds }) => kinds))];
  }

  /** Searches a frame of the finished clip when one is due. */
  async look(picture: DetectionPicture, masks: readonly ActiveMask[]): Promise<void> {
    const { atMs } = picture;
    if (this.#detectors.length === 0 || this.#uncovered !== null || atMs < this.#nextMs) return;
    this.#nextMs = atMs + SEARCH_EVERY_MS;
    this.framesSearched += 1;
    const hidden = [...masks.map(({ box }) => box), ...this.#shownWithReason(atMs)];
    for (const seen of await this.#search(picture)) {
      const box = boxOf(seen, picture);
      if (box === null) continue;
      if (coveredShare(box, hidden) >= COVERED) this.seenInMasks += 1;
      else this.#uncovered ??= { kind: seen.kind, atMs, box, confidence: seen.confidence };
    }
  }

  /** @throws SallyportError `ERR_MEDIA_FIGURE_UNCOVERED` with the time and place of the first figure found */
  assertCovered(): void {
    if (this.#uncovered === null) return;
    const { kind, atMs, box, confidence } = this.#uncovered;
    throw new SallyportError('ERR_MEDIA_FIGURE_UNCOVERED', {
      detail: { kind, atMs, ...box, confidence: Math.round(100 * confidence) / 100 },
    });
  }

  async close(): Promise<void> {
    for (const detector of this.#detectors) await detector.close();
  }

  async #search(picture: DetectionPicture): Promise<Sighting[]> {
    // The whole picture each time, its parts in turn.
    const movement = this.#looks === null ? null : nowhere(picture);
    const looks = (this.#looks ??= new LookPlan(picture));
    const seen: Sighting[] = [];
    for (const detector of this.#detectors)
      for (const look of looks.next(detector, picture.atMs, movement))
        seen.push(...(await detector.detect(picture, look)));
    looks.done(picture.atMs, movement);
    return onePerFigure(seen);
  }

  /** Boxes of tracks that a person left open: a plan holds none without a reason. */
  #shownWithReason(atMs: number): MaskBox[] {
    return this.#plan.tracks
      .filter(({ decision, fromMs, toMs }) => decision === 'show' && fromMs <= atMs && atMs <= toMs)
      .map((track) => boxAt(track, atMs));
  }
}

/**
 * The search for what a plan was to hide; for plans without faces and plates it does nothing.
 *
 * @throws SallyportError `ERR_MEDIA_MODEL_MISSING`, `ERR_MEDIA_MODEL_DIGEST`, `ERR_MEDIA_MODEL_MANIFEST`,
 * `ERR_MEDIA_MODEL_SHAPE`
 */
export async function openResidualSearch(
  plan: MaskPlan,
  modelDirectory: string | undefined,
): Promise<ResidualSearch> {
  const targets = plan.targets.filter((target) => SURELY[target] !== undefined);
  const detectors: Detector[] = [];
  for (const model of await chooseModels(targets, modelDirectory, plan))
    detectors.push(await openNetworkDetector(sureOnly(model), targets));
  return new ResidualSearch(detectors, plan);
}

function sureOnly({ entry, path }: FoundModel): FoundModel {
  const classes = entry.classes.map((one) => ({
    ...one,
    threshold: Math.max(one.threshold, SURELY[one.target] ?? 1),
  }));
  return { path, entry: { ...entry, classes } };
}

function nowhere(picture: DetectionPicture): Movement {
  const grid = blockGrid(picture);
  const blank = new Uint8Array(grid.columns * grid.rows);
  return new Movement(blank, blank, grid);
}

/** In whole pixels, cut to the picture; null when nothing of it is inside. */
function boxOf(seen: Sighting, picture: DetectionPicture): MaskBox | null {
  const x = Math.max(0, Math.floor(seen.left));
  const y = Math.max(0, Math.floor(seen.top));
  const width = Math.min(picture.width, Math.ceil(seen.right)) - x;
  const height = Math.min(picture.height, Math.ceil(seen.bottom)) - y;
  return width < 1 || height < 1 ? null : { x, y, width, height };
}

function coveredShare(box: MaskBox, masks: readonly MaskBox[]): number {
  let covered = 0;
  for (let at = 0; at < POINTS * POINTS; at++) {
    const x = box.x + (((at % POINTS) + 0.5) * box.width) / POINTS;
    const y = box.y + ((Math.floor(at / POINTS) + 0.5) * box.height) / POINTS;
    if (
      masks.some(
        (mask) => x >= mask.x && x < mask.x + mask.width && y >= mask.y && y < mask.y + mask.height,
      )
    )
      covered += 1;
  }
  return covered / (POINTS * POINTS);
}
