import type { Sighting } from '../sighting.ts';
import { clamped, onePerFigure, outputOf, type DecodeOutputs } from './outputs.ts';

const STRIDES = [8, 16, 32] as const;

/**
 * YuNet. Per stride s, rows of cells: score = sqrt(cls·obj), centre = (cell + b₀₁)·s, size = exp(b₂₃)·s.
 *
 * @throws RangeError when an output is missing or has another length: another model than the manifest says
 */
export const decodeYunet: DecodeOutputs = (outputs, { width, height }, [face]) => {
  if (face === undefined) return [];
  const faces: Sighting[] = [];
  for (const stride of STRIDES) {
    const columns = width / stride;
    const cells = columns * (height / stride);
    const classes = outputOf(outputs, `cls_${stride}`, cells);
    const objects = outputOf(outputs, `obj_${stride}`, cells);
    const boxes = outputOf(outputs, `bbox_${stride}`, 4 * cells);
    for (let cell = 0; cell < cells; cell++) {
      const confidence = Math.sqrt(clamped(classes[cell]) * clamped(objects[cell]));
      if (confidence < face.threshold) continue;
      const [x = 0, y = 0, wide = 0, tall = 0] = boxes.subarray(4 * cell, 4 * cell + 4);
      const centreX = ((cell % columns) + x) * stride;
      const centreY = (Math.floor(cell / columns) + y) * stride;
      const halfWidth = (Math.exp(wide) * stride) / 2;
      const halfHeight = (Math.exp(tall) * stride) / 2;
      faces.push({
        kind: face.target,
        confidence,
        left: centreX - halfWidth,
        top: centreY - halfHeight,
        right: centreX + halfWidth,
        bottom: centreY + halfHeight,
      });
    }
  }
  return onePerFigure(faces);
};
