import { likeness, type Sighting } from './sighting.ts';

const STRIDES = [8, 16, 32] as const;
/** Low on purpose: a face too many costs a mask, a face too few costs a person. */
const MIN_SCORE = 0.3;
const SAME_FACE = 0.45;
const MAX_FACES = 500;

/**
 * Turns YuNet's outputs into faces. Per stride s, rows of cells: score = sqrt(cls·obj), centre = (cell + b₀₁)·s,
 * size = exp(b₂₃)·s.
 *
 * @throws RangeError when an output is missing or has another length: another model than the pinned one
 */
export function decodeYunet(
  outputs: Readonly<Record<string, Float32Array>>,
  width: number,
  height: number,
): Sighting[] {
  const faces: Sighting[] = [];
  for (const stride of STRIDES) {
    const columns = width / stride;
    const cells = columns * (height / stride);
    const classes = outputOf(outputs, `cls_${stride}`, cells);
    const objects = outputOf(outputs, `obj_${stride}`, cells);
    const boxes = outputOf(outputs, `bbox_${stride}`, 4 * cells);
    for (let cell = 0; cell < cells; cell++) {
      const confidence = Math.sqrt(clamp(classes[cell]) * clamp(objects[cell]));
      if (confidence < MIN_SCORE) continue;
      const [x = 0, y = 0, wide = 0, tall = 0] = boxes.subarray(4 * cell, 4 * cell + 4);
      const centreX = ((cell % columns) + x) * stride;
      const centreY = (Math.floor(cell / columns) + y) * stride;
      const halfWidth = (Math.exp(wide) * stride) / 2;
      const halfHeight = (Math.exp(tall) * stride) / 2;
      faces.push({
        kind: 'face',
        confidence,
        left: centreX - halfWidth,
        top: centreY - halfHeight,
        right: centreX + halfWidth,
        bottom: centreY + halfHeight,
      });
    }
  }
  return onePerFace(faces);
}

/** Greedy suppression: of boxes that overlap, the surest stays. */
function onePerFace(faces: readonly Sighting[]): Sighting[] {
  const kept: Sighting[] = [];
  for (const face of [...faces].sort((one, other) => other.confidence - one.confidence)) {
    if (kept.length === MAX_FACES) break;
    if (kept.every((other) => likeness(face, other) < SAME_FACE)) kept.push(face);
  }
  return kept;
}

function outputOf(
  outputs: Readonly<Record<string, Float32Array>>,
  name: string,
  length: number,
): Float32Array {
  const values = outputs[name];
  if (values?.length !== length)
    throw new RangeError(`model output ${name} is missing or has another shape`);
  return values;
}

function clamp(value: number | undefined): number {
  return Math.min(1, Math.max(0, value ?? 0));
}
