import { SallyportError, type MaskTarget, type ModelDecoder } from '@sallyport/contracts';
import type { FoundModel } from '../models/models.ts';
import { loadModel, type LoadedModel } from '../onnx.ts';
import { fitPicture, fittedSize } from './fit-picture.ts';
import type { DecodeOutputs } from './networks/outputs.ts';
import { decodePlateMap } from './networks/plate-map.ts';
import { decodeUltraface } from './networks/ultraface.ts';
import { decodeYolox } from './networks/yolox.ts';
import { decodeYunet } from './networks/yunet.ts';
import type { DetectionPicture, Detector, Sighting } from './sighting.ts';

const DECODERS: Readonly<Record<ModelDecoder, DecodeOutputs>> = {
  yunet: decodeYunet,
  ultraface: decodeUltraface,
  yolox: decodeYolox,
  'plate-map': decodePlateMap,
};
/** Side of the picture a model is tried with, when it takes any. */
const TRIAL_SIDE = 64;

/**
 * A network as its manifest describes it, restricted to what is looked for.
 *
 * @throws SallyportError `ERR_MEDIA_MODEL_SHAPE` when the model takes or gives anything else: tried here on a blank
 * picture, so that it does not come out in the middle of a clip
 */
export async function openNetworkDetector(
  { entry, path }: FoundModel,
  targets: readonly MaskTarget[],
): Promise<Detector> {
  const classes = entry.classes.filter(({ target }) => targets.includes(target));
  const decode = DECODERS[entry.decode];
  const model = await named(entry.name, () => openModel(path, entry));
  let values: Float32Array = new Float32Array(0);
  const detector: Detector = {
    kinds: [...new Set(classes.map(({ target }) => target))],
    isFixedSize: 'width' in entry.input.size,
    detect: async (picture, { area, longSide }) =>
      named(entry.name, async () => {
        const size = fittedSize(area, longSide, entry.input);
        const input = fitPicture(picture, area, size, entry.input, values);
        values = input.values;
        const outputs = await model.run(input.values, input.width, input.height);
        return decode(outputs, input, classes).map((seen) => ({
          ...seen,
          left: area.left + seen.left / input.scaleX,
          top: area.top + seen.top / input.scaleY,
          right: area.left + seen.right / input.scaleX,
          bottom: area.top + seen.bottom / input.scaleY,
        }));
      }),
    close: () => model.close(),
  };
  try {
    await tryOut(detector);
  } catch (error) {
    await model.close();
    throw error;
  }
  return detector;
}

/** @throws RangeError when the sides of the model's input are not those of the manifest */
async function openModel(
  path: string,
  { input: { size } }: FoundModel['entry'],
): Promise<LoadedModel> {
  const model = await loadModel(path);
  const { width, height } = model.inputSides;
  const fits =
    'width' in size
      ? (width ?? size.width) === size.width && (height ?? size.height) === size.height
      : width === null && height === null;
  if (fits) return model;
  await model.close();
  throw new RangeError(`the model's input is ${width ?? 'any'} by ${height ?? 'any'}`);
}

async function tryOut(detector: Detector): Promise<Sighting[]> {
  const pixels = new Uint8Array((TRIAL_SIDE * TRIAL_SIDE * 3) / 2).fill(128);
  const blank: DetectionPicture = { atMs: 0, width: TRIAL_SIDE, height: TRIAL_SIDE, pixels };
  const area = { left: 0, top: 0, right: TRIAL_SIDE, bottom: TRIAL_SIDE };
  return detector.detect(blank, { area, longSide: TRIAL_SIDE });
}

/** A model that behaves otherwise than its manifest says is named; whatever the runtime throws counts as that. */
async function named<T>(model: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    const fault = cause instanceof RangeError ? cause.message : 'the model cannot be run';
    throw new SallyportError('ERR_MEDIA_MODEL_SHAPE', { detail: { model, fault }, cause });
  }
}
