import type { ModelClass } from '@sallyport/contracts';

export const FACE: ModelClass = { index: 0, target: 'face', threshold: 0.3 };

/** YuNet's outputs for a square of 64 pixels, silent but for the given cells. */
export function yunetOutputs(
  cells: readonly { stride: number; cell: number; score: number; box: readonly number[] }[],
) {
  const result: Record<string, Float32Array> = {};
  for (const stride of [8, 16, 32]) {
    const count = (64 / stride) * (64 / stride);
    result[`cls_${stride}`] = new Float32Array(count);
    result[`obj_${stride}`] = new Float32Array(count).fill(1);
    result[`bbox_${stride}`] = new Float32Array(4 * count);
  }
  for (const { stride, cell, score, box } of cells) {
    result[`cls_${stride}`]?.set([score * score], cell);
    result[`bbox_${stride}`]?.set(box, 4 * cell);
  }
  return result;
}
