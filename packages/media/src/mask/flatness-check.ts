import type { MaskBox, MaskCheck, MaskStyle } from '@sallyport/contracts';
import type { ActiveMask } from './boxes-at.ts';
import { alignBox, edge, gridOf, type Picture } from './swatch.ts';

/** Luma deviation the codec may leave in a flat cell; a face's own detail is well above it. */
const MAX_DEVIATION = 7;
/** How far a cell's mean may drift between frames of one track. */
const MAX_DRIFT = 14;
const BLACK = 16;
/** Cells whose inside is smaller than this are all border: the comparison of the whole box judges them. */
const MIN_INSIDE = 4;
const BORDER = 2;

/** Judges the cells of a mask by themselves, without asking the code that painted them. */
export class FlatnessCheck {
  cells = 0;
  readonly #style: MaskStyle;
  readonly #grids = new Map<string, { columns: number; rows: number; means: Float64Array }>();

  constructor(style: MaskStyle) {
    this.#style = style;
  }

  fault(
    mask: ActiveMask,
    active: readonly ActiveMask[],
    output: Picture,
  ): MaskCheck['faults'][number]['fault'] | null {
    const box = alignBox(mask.box, output);
    const grid = this.#gridOf(mask.track.trackId, box);
    const others = active
      .filter((other) => other !== mask)
      .map((other) => alignBox(other.box, output));
    for (let row = 0; row < grid.rows; row++)
      for (let column = 0; column < grid.columns; column++) {
        const inside = cellInside(box, column, row, grid);
        if (inside === null || others.some((other) => overlap(other, inside))) continue;
        this.cells += 1;
        const { mean, deviation } = measure(output, inside);
        if (deviation > MAX_DEVIATION) return 'detail-visible';
        if (this.#style === 'solid' && Math.abs(mean - BLACK) > MAX_DRIFT) return 'not-solid';
        const cell = row * grid.columns + column;
        const first = grid.means[cell] ?? Number.NaN;
        if (Number.isNaN(first)) grid.means[cell] = mean;
        else if (Math.abs(first - mean) > MAX_DRIFT) return 'changes-with-source';
      }
    return null;
  }

  /** The grid is fixed by the first frame of a track, like its colours. */
  #gridOf(trackId: string, box: MaskBox) {
    const known = this.#grids.get(trackId);
    if (known !== undefined) return known;
    const { columns, rows } = this.#style === 'solid' ? { columns: 1, rows: 1 } : gridOf(box);
    const grid = { columns, rows, means: new Float64Array(columns * rows).fill(Number.NaN) };
    this.#grids.set(trackId, grid);
    return grid;
  }
}

function cellInside(
  box: MaskBox,
  column: number,
  row: number,
  grid: { readonly columns: number; readonly rows: number },
): MaskBox | null {
  const x = edge(box.x, box.width, column, grid.columns) + BORDER;
  const y = edge(box.y, box.height, row, grid.rows) + BORDER;
  const width = edge(box.x, box.width, column + 1, grid.columns) - BORDER - x;
  const height = edge(box.y, box.height, row + 1, grid.rows) - BORDER - y;
  return width < MIN_INSIDE || height < MIN_INSIDE ? null : { x, y, width, height };
}

function overlap(left: MaskBox, right: MaskBox): boolean {
  return (
    left.x < right.x + right.width &&
    right.x < left.x + left.width &&
    left.y < right.y + right.height &&
    right.y < left.y + left.height
  );
}

function measure(picture: Picture, box: MaskBox): { mean: number; deviation: number } {
  let sum = 0;
  let squares = 0;
  for (let y = box.y; y < box.y + box.height; y++) {
    const line = y * picture.width + box.x;
    for (let at = line; at < line + box.width; at++) {
      const value = picture.pixels[at] ?? 0;
      sum += value;
      squares += value * value;
    }
  }
  const count = box.width * box.height;
  const mean = sum / count;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
}
