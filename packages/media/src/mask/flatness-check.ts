import type { MaskBox, MaskCheck, MaskStyle } from '@sallyport/contracts';
import type { PaintedMask } from './masker.ts';
import { isWithin } from './outline.ts';
import { edge, gridOf, type Picture } from './swatch.ts';

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
    mask: PaintedMask,
    active: readonly PaintedMask[],
    output: Picture,
  ): MaskCheck['faults'][number]['fault'] | null {
    const box = mask.aligned;
    const grid = this.#gridOf(mask.track.trackId, box);
    const others = active.filter((other) => other !== mask).map(({ aligned }) => aligned);
    for (let row = 0; row < grid.rows; row++)
      for (let column = 0; column < grid.columns; column++) {
        const inside = cellInside(box, column, row, grid);
        if (inside === null || !isWithin(mask.outline, box, inside)) continue;
        if (others.some((other) => overlap(other, inside))) continue;
        this.cells += 1;
        const { mean, deviation } = measure(output, inside, this.#style === 'blur');
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
    const { columns, rows } = patchesOf(box, this.#style);
    const grid = { columns, rows, means: new Float64Array(columns * rows).fill(Number.NaN) };
    this.#grids.set(trackId, grid);
    return grid;
  }
}

/** A blur is an even slope in each quarter of a cell: colours meet at the centres. */
function patchesOf(box: MaskBox, style: MaskStyle): { columns: number; rows: number } {
  if (style === 'solid') return { columns: 1, rows: 1 };
  const { columns, rows } = gridOf(box);
  return style === 'blur' ? { columns: 2 * columns, rows: 2 * rows } : { columns, rows };
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

/** Mean, and deviation from it or from the slope that suits best. */
function measure(
  picture: Picture,
  box: MaskBox,
  isSloped: boolean,
): { mean: number; deviation: number } {
  const centreX = (box.width - 1) / 2;
  const centreY = (box.height - 1) / 2;
  let sum = 0;
  let squares = 0;
  let alongX = 0;
  let alongY = 0;
  let alongBoth = 0;
  for (let y = 0; y < box.height; y++) {
    const line = (box.y + y) * picture.width + box.x;
    for (let x = 0; x < box.width; x++) {
      const value = picture.pixels[line + x] ?? 0;
      sum += value;
      squares += value * value;
      alongX += value * (x - centreX);
      alongY += value * (y - centreY);
      alongBoth += value * (x - centreX) * (y - centreY);
    }
  }
  const count = box.width * box.height;
  const mean = sum / count;
  // The slopes are orthogonal to each other and to the mean: what each explains is taken off.
  const spreadX = spread(box.width);
  const spreadY = spread(box.height);
  const explained = isSloped
    ? alongX ** 2 / (spreadX * box.height) +
      alongY ** 2 / (spreadY * box.width) +
      alongBoth ** 2 / (spreadX * spreadY)
    : 0;
  return { mean, deviation: Math.sqrt(Math.max(0, (squares - explained) / count - mean * mean)) };
}

/** Sum of the squares of so many whole steps around their middle. */
function spread(length: number): number {
  return (length * (length * length - 1)) / 12;
}
