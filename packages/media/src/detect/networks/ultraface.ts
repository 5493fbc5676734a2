import type { Sighting } from '../sighting.ts';
import { clamped, onePerFigure, outputOf, type DecodeOutputs } from './outputs.ts';

/** Cells over strides 8, 16, 32, 64 with so many boxes each. */
const LEVELS = [
  { stride: 8, boxes: 3 },
  { stride: 16, boxes: 2 },
  { stride: 32, boxes: 2 },
  { stride: 64, boxes: 3 },
] as const;

/**
 * UltraFace. `scores` [N,2] with the class's column, `boxes` [N,4] = left, top, right, bottom as shares of the
 * picture, decoded already.
 *
 * @throws RangeError when an output is missing or has another length: another model than the manifest says
 */
export const decodeUltraface: DecodeOutputs = (outputs, { width, height }, [face]) => {
  if (face === undefined) return [];
  const count = LEVELS.reduce(
    (sum, { stride, boxes }) =>
      sum + boxes * Math.ceil(width / stride) * Math.ceil(height / stride),
    0,
  );
  const scores = outputOf(outputs, 'scores', 2 * count);
  const boxes = outputOf(outputs, 'boxes', 4 * count);
  const faces: Sighting[] = [];
  for (let at = 0; at < count; at++) {
    const confidence = clamped(scores[2 * at + face.index]);
    if (confidence < face.threshold) continue;
    const [left = 0, top = 0, right = 0, bottom = 0] = boxes.subarray(4 * at, 4 * at + 4);
    faces.push({
      kind: face.target,
      confidence,
      left: left * width,
      top: top * height,
      right: right * width,
      bottom: bottom * height,
    });
  }
  return onePerFigure(faces);
};
