import type { MaskBox, MaskStyle } from '@sallyport/contracts';

/** Cells across the longer side of a mask: too few for a face to be recognised, whatever its size. */
const CELLS_ACROSS = 5;
const LUMA_STEP = 24;
const CHROMA_STEP = 32;
const BLACK = 16;
const GREY = 128;

/** A picture in 4:2:0 with even sides. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/**
 * What one track's mask shows, taken once: a few quantised colours, stretched over the box in every frame.
 * Taking them again in every frame would let the masked clip be averaged over time into a sharper face.
 */
export interface Swatch {
  readonly columns: number;
  readonly rows: number;
  readonly luma: Uint8Array;
  readonly blue: Uint8Array;
  readonly red: Uint8Array;
}

/** Grown to even pixels, so that colour planes are covered to the edge, and cut to the picture. */
export function alignBox(box: MaskBox, picture: Pick<Picture, 'width' | 'height'>): MaskBox {
  const x = Math.max(0, box.x - (box.x & 1));
  const y = Math.max(0, box.y - (box.y & 1));
  const endX = Math.min(picture.width, box.x + box.width + ((box.x + box.width) & 1));
  const endY = Math.min(picture.height, box.y + box.height + ((box.y + box.height) & 1));
  return { x, y, width: Math.max(0, endX - x), height: Math.max(0, endY - y) };
}

/** @param box grown to even pixels by {@link alignBox} */
export function takeSwatch(picture: Picture, box: MaskBox, style: MaskStyle): Swatch {
  if (style === 'solid') return solidSwatch();
  const { columns, rows } = gridOf(box);
  const swatch: Swatch = {
    columns,
    rows,
    luma: new Uint8Array(columns * rows),
    blue: new Uint8Array(columns * rows),
    red: new Uint8Array(columns * rows),
  };
  const half = { x: box.x / 2, y: box.y / 2, width: box.width / 2, height: box.height / 2 };
  const lumaSize = picture.width * picture.height;
  const chromaWidth = picture.width / 2;
  const chromaSize = lumaSize / 4;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const cell = row * columns + column;
      const place = { column, row, columns, rows };
      swatch.luma[cell] = quantiseLuma(mean(picture.pixels, 0, picture.width, box, place));
      swatch.blue[cell] = quantiseChroma(mean(picture.pixels, lumaSize, chromaWidth, half, place));
      swatch.red[cell] = quantiseChroma(
        mean(picture.pixels, lumaSize + chromaSize, chromaWidth, half, place),
      );
    }
  }
  return swatch;
}

export function gridOf(box: Pick<MaskBox, 'width' | 'height'>): { columns: number; rows: number } {
  const cell = Math.max(box.width, box.height, 1) / CELLS_ACROSS;
  const count = (side: number) => Math.min(CELLS_ACROSS, Math.max(1, Math.round(side / cell)));
  return { columns: count(box.width), rows: count(box.height) };
}

function mean(
  pixels: Uint8Array,
  offset: number,
  stride: number,
  box: MaskBox,
  place: { column: number; row: number; columns: number; rows: number },
): number {
  const fromX = edge(box.x, box.width, place.column, place.columns);
  const toX = edge(box.x, box.width, place.column + 1, place.columns);
  const fromY = edge(box.y, box.height, place.row, place.rows);
  const toY = edge(box.y, box.height, place.row + 1, place.rows);
  let sum = 0;
  for (let y = fromY; y < toY; y++)
    for (let at = offset + y * stride + fromX; at < offset + y * stride + toX; at++)
      sum += pixels[at] ?? 0;
  return sum / Math.max(1, (toX - fromX) * (toY - fromY));
}

/** Where cell `index` of `count` begins along a side. */
export function edge(start: number, length: number, index: number, count: number): number {
  return start + Math.round((length * index) / count);
}

function solidSwatch(): Swatch {
  return {
    columns: 1,
    rows: 1,
    luma: Uint8Array.of(BLACK),
    blue: Uint8Array.of(GREY),
    red: Uint8Array.of(GREY),
  };
}

function quantiseLuma(value: number): number {
  return Math.min(235, Math.max(BLACK, Math.round(value / LUMA_STEP) * LUMA_STEP));
}

function quantiseChroma(value: number): number {
  return Math.min(
    240,
    Math.max(BLACK, GREY + Math.round((value - GREY) / CHROMA_STEP) * CHROMA_STEP),
  );
}
