import type { ModelClass } from '@sallyport/contracts';
import type { ModelOutputs } from '../../onnx.ts';
import { likeness, type Sighting } from '../sighting.ts';

/** Turns a network's outputs into sightings in pixels of its input of the given size. */
export type DecodeOutputs = (
  outputs: ModelOutputs,
  input: { readonly width: number; readonly height: number },
  classes: readonly ModelClass[],
) => Sighting[];

const SAME_FIGURE = 0.45;
const MAX_FIGURES = 500;

/** @throws RangeError when the output is missing or has another length: another model than the manifest says */
export function outputOf(outputs: ModelOutputs, name: string, length: number): Float32Array {
  const values = outputs[name];
  if (values?.length !== length)
    throw new RangeError(`model output ${name} is missing or has another shape`);
  return values;
}

/** Greedy suppression: of boxes of one kind that overlap, the surest stays. */
export function onePerFigure(sightings: readonly Sighting[], sameAt = SAME_FIGURE): Sighting[] {
  const kept: Sighting[] = [];
  for (const one of [...sightings].sort((left, right) => right.confidence - left.confidence)) {
    if (kept.length === MAX_FIGURES) break;
    if (kept.every((other) => other.kind !== one.kind || likeness(one, other) < sameAt))
      kept.push(one);
  }
  return kept;
}

/** A score or probability that another model might give outside 0..1, or not as a number. */
export function clamped(value: number | undefined): number {
  const number = value ?? 0;
  return number > 0 ? Math.min(1, number) : 0;
}
