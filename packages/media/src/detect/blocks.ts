import type { DetectionPicture } from './sighting.ts';

/** Width from which blocks are twice as large: the figures are, too. */
const LARGE_WIDTH = 800;

/** The squares of detection pixels that become one value each of brightness. */
export interface BlockGrid {
  readonly columns: number;
  readonly rows: number;
  /** Side of a block in detection pixels. */
  readonly side: number;
}

export function blockGrid(picture: { readonly width: number; readonly height: number }): BlockGrid {
  const side = picture.width > LARGE_WIDTH ? 8 : 4;
  return {
    side,
    columns: Math.max(1, Math.ceil(picture.width / side)),
    rows: Math.max(1, Math.ceil(picture.height / side)),
  };
}

/** Mean brightness of each block; at the right and bottom edge, of what there is of it. */
export function averageBlocks(
  picture: Pick<DetectionPicture, 'pixels' | 'width' | 'height'>,
  { columns, rows, side }: BlockGrid,
  target: Uint8Array,
): void {
  const { pixels, width, height } = picture;
  for (let row = 0; row < rows; row++) {
    const toY = Math.min(height, (row + 1) * side);
    for (let column = 0; column < columns; column++) {
      const fromX = column * side;
      const toX = Math.min(width, fromX + side);
      let sum = 0;
      for (let y = row * side; y < toY; y++)
        for (let at = y * width + fromX; at < y * width + toX; at++) sum += pixels[at] ?? 0;
      target[row * columns + column] = Math.round(sum / ((toX - fromX) * (toY - row * side)));
    }
  }
}
