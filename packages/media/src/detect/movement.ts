import type { BlockGrid } from './blocks.ts';
import { joinBlocks } from './join-blocks.ts';
import type { Rectangle } from './sighting.ts';

/** Change of a block's brightness that is more than noise and the encoder's flicker. */
const LEAST_CHANGE = 6;
/** As few changed blocks are noise: the picture counts as still. */
const STILL_BLOCKS = 2;
/** Blocks that share one mark, along each side: movement is kept for the whole clip. */
const COARSE = 4;

/** Takes over the blocks that count as changed: what creeps in below that adds up until it counts, too. */
export function takeChanged(reference: Uint8Array, now: Uint8Array): void {
  for (const [at, value] of now.entries())
    if (Math.abs(value - (reference[at] ?? 0)) > LEAST_CHANGE) reference[at] = value;
}

/** Where two frames differ, in coarse squares. */
export class Movement {
  readonly isStill: boolean;
  readonly #marks: Uint8Array;
  readonly #columns: number;
  readonly #rows: number;
  readonly #side: number;

  constructor(before: Uint8Array, now: Uint8Array, grid: BlockGrid) {
    this.#columns = Math.ceil(grid.columns / COARSE);
    this.#rows = Math.ceil(grid.rows / COARSE);
    this.#side = COARSE * grid.side;
    this.#marks = new Uint8Array(this.#columns * this.#rows);
    let changed = 0;
    for (let row = 0; row < grid.rows; row++)
      for (let column = 0; column < grid.columns; column++) {
        const at = row * grid.columns + column;
        if (Math.abs((now[at] ?? 0) - (before[at] ?? 0)) <= LEAST_CHANGE) continue;
        changed += 1;
        this.#marks[Math.floor(row / COARSE) * this.#columns + Math.floor(column / COARSE)] = 1;
      }
    this.isStill = changed <= STILL_BLOCKS;
  }

  /** Boxes around what changed, in detection pixels; what lies near each other is one. */
  places(): Rectangle[] {
    if (this.isStill) return [];
    return joinBlocks(this.#marks, this.#columns, this.#rows).map((figure) => ({
      left: figure.left * this.#side,
      top: figure.top * this.#side,
      right: figure.right * this.#side,
      bottom: figure.bottom * this.#side,
    }));
  }

  /** Whether anything changed inside a box in detection pixels. */
  isIn(box: Rectangle): boolean {
    if (this.isStill) return false;
    const square = (pixels: number, limit: number) =>
      Math.min(limit - 1, Math.max(0, Math.floor(pixels / this.#side)));
    const toColumn = square(box.right - 1, this.#columns);
    const toRow = square(box.bottom - 1, this.#rows);
    for (let row = square(box.top, this.#rows); row <= toRow; row++)
      for (let column = square(box.left, this.#columns); column <= toColumn; column++)
        if (this.#marks[row * this.#columns + column] === 1) return true;
    return false;
  }
}
