import type { ModelClass } from '@sallyport/contracts';
import type { Sighting } from '../sighting.ts';
import { clamped, onePerFigure, type DecodeOutputs } from './outputs.ts';

const STRIDES = [8, 16, 32] as const;
/** Centre, size and objectness come before the classes. */
const BEFORE_CLASSES = 5;

/**
 * YOLOX. One output [N, 5 + classes], N cells over strides 8, 16, 32, row by row: centre = (b₀₁ + cell)·s, size =
 * exp(b₂₃)·s, score = objectness · class.
 *
 * @throws RangeError when the output is missing or has another length: another model than the manifest says
 */
export const decodeYolox: DecodeOutputs = (outputs, { width, height }, classes) => {
  const cells = STRIDES.reduce((sum, stride) => sum + (width / stride) * (height / stride), 0);
  const [values, ...others] = Object.values(outputs);
  const row = (values?.length ?? 0) / cells;
  const highest = Math.max(...classes.map(({ index }) => index));
  if (values === undefined || others.length > 0 || !Number.isInteger(row))
    throw new RangeError('the one model output is missing or has another shape');
  if (row <= BEFORE_CLASSES + highest)
    throw new RangeError(`the model output has no class ${highest}`);
  const floor = Math.min(...classes.map(({ threshold }) => threshold));
  const figures: Sighting[] = [];
  let at = 0;
  for (const stride of STRIDES) {
    const columns = width / stride;
    for (let cell = 0; cell < columns * (height / stride); cell++, at += row) {
      const objectness = clamped(values[at + 4]);
      if (objectness < floor) continue;
      const best = bestClass(values, at + BEFORE_CLASSES, objectness, classes);
      if (best === null) continue;
      const centreX = ((values[at] ?? 0) + (cell % columns)) * stride;
      const centreY = ((values[at + 1] ?? 0) + Math.floor(cell / columns)) * stride;
      const halfWidth = (Math.exp(values[at + 2] ?? 0) * stride) / 2;
      const halfHeight = (Math.exp(values[at + 3] ?? 0) * stride) / 2;
      figures.push({
        ...best,
        left: centreX - halfWidth,
        top: centreY - halfHeight,
        right: centreX + halfWidth,
        bottom: centreY + halfHeight,
      });
    }
  }
  return onePerFigure(figures);
};

/** The class that passes its own threshold by most; null when none does. */
function bestClass(
  values: Float32Array,
  from: number,
  objectness: number,
  classes: readonly ModelClass[],
): Pick<Sighting, 'kind' | 'confidence'> | null {
  let best: Pick<Sighting, 'kind' | 'confidence'> | null = null;
  for (const { index, target, threshold } of classes) {
    const confidence = objectness * clamped(values[from + index]);
    if (confidence >= threshold && confidence > (best?.confidence ?? 0))
      best = { kind: target, confidence };
  }
  return best;
}
