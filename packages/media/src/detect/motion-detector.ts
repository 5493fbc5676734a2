import { BackgroundModel, type Background } from './background-model.ts';
import type { BlockGrid } from './blocks.ts';
import { joinBlocks } from './join-blocks.ts';
import type { Sighting } from './sighting.ts';

/** Fewer changed blocks than this, or than this share of the picture, are noise of the camera, not a figure. */
const MIN_BLOCKS = 4;
const MIN_SHARE = 0.0006;
/** When more of the picture than this changes at once, light or camera changed: all of it is masked. */
const WHOLE_PICTURE = 0.6;

/**
 * Whatever moves, without a model file: each frame is compared with a background that is learned while the
 * clip runs, starting from `background` where one was learned. It cannot see what stands still throughout.
 */
export class MotionDetector {
  readonly #grid: BlockGrid;
  readonly #model: BackgroundModel;

  constructor(grid: BlockGrid, background?: Background) {
    this.#grid = grid;
    this.#model = new BackgroundModel(grid.columns, grid.rows);
    if (background !== undefined) this.#model.seed(background);
  }

  /** @param grey mean brightness of each block */
  see(grey: Uint8Array, atMs: number): Sighting[] {
    const { columns, rows, side } = this.#grid;
    const changed = this.#model.changed(grey, atMs);
    if (changed.share > WHOLE_PICTURE)
      return [
        {
          kind: 'motion',
          confidence: 1,
          left: 0,
          top: 0,
          right: columns * side,
          bottom: rows * side,
        },
      ];
    const least = Math.max(MIN_BLOCKS, MIN_SHARE * columns * rows);
    return joinBlocks(changed.blocks, columns, rows)
      .filter((figure) => figure.blocks >= least)
      .map((figure) => ({
        kind: 'motion',
        // As few changed blocks as noise could make are an unsure sighting; four times as many are a figure.
        confidence: Math.min(1, 0.25 + (0.25 * figure.blocks) / least / 1.5),
        left: figure.left * side,
        top: figure.top * side,
        right: figure.right * side,
        bottom: figure.bottom * side,
      }));
  }
}
