import type { Sighting } from '../sighting.ts';
import { clamped, onePerFigure, outputOf, type DecodeOutputs } from './outputs.ts';

const STRIDE = 4;
/** Neighbouring plates hardly overlap; boxes of neighbouring cells do. */
const SAME_PLATE = 0.4;

/**
 * Our plate network: one score and one box per cell of four by four pixels, `score` [1,height/4,width/4] and `box`
 * [4,height/4,width/4] = left, top, right, bottom in pixels of the input.
 *
 * @throws RangeError when an output is missing or has another length: another model than the manifest says
 */
export const decodePlateMap: DecodeOutputs = (outputs, { width, height }, [plate]) => {
  if (plate === undefined) return [];
  const cells = (width / STRIDE) * (height / STRIDE);
  const scores = outputOf(outputs, 'score', cells);
  const boxes = outputOf(outputs, 'box', 4 * cells);
  const plates: Sighting[] = [];
  for (let cell = 0; cell < cells; cell++) {
    const confidence = clamped(scores[cell]);
    if (confidence < plate.threshold) continue;
    plates.push({
      kind: plate.target,
      confidence,
      left: boxes[cell] ?? 0,
      top: boxes[cells + cell] ?? 0,
      right: boxes[2 * cells + cell] ?? 0,
      bottom: boxes[3 * cells + cell] ?? 0,
    });
  }
  return onePerFigure(plates, SAME_PLATE);
};
