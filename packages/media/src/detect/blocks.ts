import type { DetectionPicture } from './sighting.ts';

/** Side of the square of detection pixels that becomes one value of the background model. */
export const BLOCK = 4;

export function blockGrid(picture: { readonly usedWidth: number; readonly usedHeight: number }): {
  readonly columns: number;
  readonly rows: number;
} {
  return {
    columns: Math.max(1, Math.ceil(picture.usedWidth / BLOCK)),
    rows: Math.max(1, Math.ceil(picture.usedHeight / BLOCK)),
  };
}

/** Mean of the green plane (the first, and nearest to brightness) in each block. */
export function averageBlocks(
  picture: Pick<DetectionPicture, 'planes' | 'width' | 'usedWidth' | 'usedHeight'>,
  target: Uint8Array,
): void {
  const { planes, width } = picture;
  const { columns, rows } = blockGrid(picture);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let y = 0; y < BLOCK; y++) {
        const at = (row * BLOCK + y) * width + column * BLOCK;
        sum +=
          (planes[at] ?? 0) + (planes[at + 1] ?? 0) + (planes[at + 2] ?? 0) + (planes[at + 3] ?? 0);
      }
      target[row * columns + column] = (sum + 8) >> 4;
    }
}
