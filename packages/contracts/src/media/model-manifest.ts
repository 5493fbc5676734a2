import Type, { type Static } from 'typebox';
import { strictObject } from '../records/strict-object.ts';
import { Line, Sha256 } from '../scalars.ts';
import { MASK_TARGETS } from './mask-plan.ts';

/** The families of networks whose outputs can be read. */
export const MODEL_DECODERS = ['yunet', 'ultraface', 'yolox', 'plate-map'] as const;
export type ModelDecoder = (typeof MODEL_DECODERS)[number];

const Side = Type.Integer({ minimum: 32, maximum: 4096 });

/** One class of a network's answer, what it is masked as, and the score from which it counts. */
export const ModelClass = strictObject({
  index: Type.Integer({ minimum: 0, maximum: 9999 }),
  target: Type.Enum(MASK_TARGETS),
  threshold: Type.Number({ minimum: 0.05, maximum: 0.95 }),
});
export type ModelClass = Static<typeof ModelClass>;

/** How a picture becomes the network's input [1,3,height,width]: each value is (v − mean) · scale. */
export const ModelInput = strictObject({
  channels: Type.Enum(['bgr', 'rgb']),
  mean: Type.Number({ minimum: -255, maximum: 255 }),
  scale: Type.Number({ exclusiveMinimum: 0, maximum: 255 }),
  /** `corner`: keeps its shape, in the top left corner, the rest filled; `stretch`: over the whole input. */
  fit: Type.Enum(['corner', 'stretch']),
  /** Value 0..255 of what is not picture. */
  fill: Type.Integer({ minimum: 0, maximum: 255 }),
  size: Type.Union([
    strictObject({ width: Side, height: Side }),
    strictObject({ multipleOf: Type.Integer({ minimum: 1, maximum: 128 }) }),
  ]),
});
export type ModelInput = Static<typeof ModelInput>;

/** A detector model as data: a site's own ONNX is taken with such a file beside it. */
export const ModelManifest = strictObject({
  name: Line(80),
  file: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,90}\\.onnx$' }),
  sha256: Sha256,
  /** SPDX identifier. */
  licence: Line(60),
  source: Line(300),
  input: ModelInput,
  decode: Type.Enum(MODEL_DECODERS),
  classes: Type.Array(ModelClass, { minItems: 1, maxItems: 100 }),
});
export type ModelManifest = Static<typeof ModelManifest>;
