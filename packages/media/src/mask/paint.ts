import type { MaskBox, MaskStyle } from '@sallyport/contracts';
import type { Outline } from './outline.ts';
import { edge, type Picture, type Swatch } from './swatch.ts';

/** One plane of a picture and the part of it that is painted. */
interface Plane {
  readonly pixels: Uint8Array;
  readonly offset: number;
  readonly stride: number;
  readonly box: MaskBox;
  /** Rows, and columns, per row and column of the outline. */
  readonly step: 1 | 2;
}

/** Covers what lies inside the outline of an aligned box with a swatch; no pixel of the picture shines through. */
export function paintSwatch(
  picture: Picture,
  box: MaskBox,
  swatch: Swatch,
  style: MaskStyle,
  outline: Outline,
): void {
  if (box.width === 0 || box.height === 0) return;
  const { pixels, width } = picture;
  const half = { x: box.x / 2, y: box.y / 2, width: box.width / 2, height: box.height / 2 };
  const luma = width * picture.height;
  const planes = [
    { plane: { pixels, offset: 0, stride: width, box, step: 2 }, values: swatch.luma },
    { plane: { pixels, offset: luma, stride: width / 2, box: half, step: 1 }, values: swatch.blue },
    {
      plane: { pixels, offset: luma * 1.25, stride: width / 2, box: half, step: 1 },
      values: swatch.red,
    },
  ] as const;
  for (const { plane, values } of planes)
    if (style === 'blur') paintSmooth(plane, swatch, values, outline);
    else paintCells(plane, swatch, values, outline);
}

function paintCells(plane: Plane, grid: Swatch, values: Uint8Array, outline: Outline): void {
  const { pixels, offset, stride, box, step } = plane;
  const edges = Array.from({ length: grid.columns + 1 }, (_, column) =>
    edge(box.x, box.width, column, grid.columns),
  );
  for (let row = 0; row < grid.rows; row++) {
    const toY = edge(box.y, box.height, row + 1, grid.rows);
    for (let y = edge(box.y, box.height, row, grid.rows); y < toY; y++) {
      const line = offset + y * stride;
      const [from, to] = span(plane, outline, y - box.y, step);
      for (let column = 0; column < grid.columns; column++) {
        const left = Math.max(from, edges[column] ?? 0);
        const right = Math.min(to, edges[column + 1] ?? 0);
        if (left < right)
          pixels.fill(values[row * grid.columns + column] ?? 0, line + left, line + right);
      }
    }
  }
}

/** Colours run into each other between the centres of the cells. */
function paintSmooth(plane: Plane, grid: Swatch, values: Uint8Array, outline: Outline): void {
  const { pixels, offset, stride, box, step } = plane;
  const across = mixes(box.width, grid.columns);
  const down = mixes(box.height, grid.rows);
  const row = new Float32Array(grid.columns);
  for (let y = 0; y < box.height; y++) {
    const { first, share } = down[y] ?? { first: 0, share: 0 };
    const next = Math.min(grid.rows - 1, first + 1);
    for (let column = 0; column < grid.columns; column++) {
      const upper = values[first * grid.columns + column] ?? 0;
      row[column] = upper + share * ((values[next * grid.columns + column] ?? 0) - upper);
    }
    const [from, to] = span(plane, outline, y, step);
    const line = offset + (box.y + y) * stride;
    for (let x = from; x < to; x++) {
      const mix = across[x - box.x] ?? { first: 0, share: 0 };
      const left = row[mix.first] ?? 0;
      const right = row[Math.min(grid.columns - 1, mix.first + 1)] ?? 0;
      pixels[line + x] = Math.round(left + mix.share * (right - left));
    }
  }
}

/** For each pixel of a side, the cell whose centre comes before it and how far the next one's is reached. */
function mixes(length: number, count: number): { first: number; share: number }[] {
  return Array.from({ length }, (_, at) => {
    const place = Math.min(count - 1, Math.max(0, ((at + 0.5) * count) / length - 0.5));
    const first = Math.floor(place);
    return { first, share: place - first };
  });
}

/** First and one past the last column of a row of the plane. */
function span(plane: Plane, outline: Outline, row: number, step: 1 | 2): [number, number] {
  const at = 2 * (step === 2 ? row >> 1 : row);
  return [plane.box.x + step * (outline[at] ?? 0), plane.box.x + step * (outline[at + 1] ?? 0)];
}
