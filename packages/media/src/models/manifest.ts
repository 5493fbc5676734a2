import type { ModelInput, ModelManifest } from '@sallyport/contracts';

/** One pinned model, used only with exactly its digest. */
export interface ModelEntry extends ModelManifest {
  readonly sizeBytes: number;
  /** Where it is fetched from; null for the one that is part of the product. */
  readonly url: string | null;
}

const RAW = 'https://raw.githubusercontent.com';
const YUNET = 'ShiqiYu/libfacedetection.train';
const YUNET_COMMIT = '0047ac24afb1a50a0c6105001c89d1b5b805dbf1';
const ULTRAFACE = 'Linzaer/Ultra-Light-Fast-Generic-Face-Detector-1MB';
const ULTRAFACE_COMMIT = 'dffdddda9794a50607cba8f318507a28c1c27cab';
const YOLOX = 'w-okada/yolox-onnx-test';
const YOLOX_COMMIT = '21eae76339474325b8b5adde6fb23892d633884f';

/** Values 0..255 as they are, blue first, the picture in the top left corner. */
const PLAIN_BGR = { channels: 'bgr', mean: 0, scale: 1, fit: 'corner', fill: 0 } as const;

/** YOLOX-Nano in one size; COCO's classes for people and for what carries a plate. */
function yolox(
  size: { readonly width: number; readonly height: number },
  pinned: { readonly sha256: string; readonly sizeBytes: number },
): ModelEntry {
  const name = `yolox_nano_${size.height}x${size.width}`;
  const input: ModelInput = { ...PLAIN_BGR, fill: 114, size };
  const vehicles = [1, 2, 3, 5, 7].map((index) => ({
    index,
    target: 'vehicle' as const,
    threshold: 0.35,
  }));
  return {
    name,
    file: `${name}.onnx`,
    ...pinned,
    licence: 'Apache-2.0',
    source: `github.com/${YOLOX} @ ${YOLOX_COMMIT}, weights of Megvii-BaseDetection/YOLOX`,
    url: `${RAW}/${YOLOX}/${YOLOX_COMMIT}/models/${name}.onnx`,
    input,
    decode: 'yolox',
    classes: [{ index: 0, target: 'person', threshold: 0.3 }, ...vehicles],
  };
}

/** The second opinion on faces: never searched with alone. */
export const SECOND_OPINION: ModelEntry = {
  name: 'ultraface_rfb_640x480',
  file: 'ultraface_rfb_640x480.onnx',
  sha256: '8f4c659275977e7a3bfbfa339a9c769ad793df50f9c0baa8c14b11baa1646430',
  sizeBytes: 1_588_012,
  licence: 'MIT',
  source: `github.com/${ULTRAFACE} @ ${ULTRAFACE_COMMIT}`,
  url: `${RAW}/${ULTRAFACE}/${ULTRAFACE_COMMIT}/models/onnx/version-RFB-640.onnx`,
  input: {
    channels: 'rgb',
    mean: 127,
    scale: 1 / 128,
    fit: 'stretch',
    fill: 0,
    size: { width: 640, height: 480 },
  },
  decode: 'ultraface',
  classes: [{ index: 1, target: 'face', threshold: 0.7 }],
};

/** Every model the product searches with. Of several for one target the one that suits the picture is taken. */
export const MODELS: readonly ModelEntry[] = [
  {
    name: 'yunet_n_dynamic',
    file: 'yunet_n_dynamic.onnx',
    sha256: '104ee26c71d5c270ce79a6b3dced91c91013260d29a6bf18f9296c5b8c4c2b12',
    sizeBytes: 322_906,
    licence: 'Apache-2.0',
    source: `github.com/${YUNET} @ ${YUNET_COMMIT}`,
    url: `${RAW}/${YUNET}/${YUNET_COMMIT}/onnx/yunet_n_dynamic.onnx`,
    input: { ...PLAIN_BGR, size: { multipleOf: 32 } },
    decode: 'yunet',
    // Low on purpose: a face too many costs a mask, a face too few costs a person.
    classes: [{ index: 0, target: 'face', threshold: 0.3 }],
  },
  {
    name: 'plate_sallyport_v1',
    file: 'plate_sallyport_v1.onnx',
    sha256: '63b905e393ea40d2f47242831ab352feb9d75bf5d4167d955348537bf4421b0d',
    sizeBytes: 1_474_536,
    licence: 'Apache-2.0',
    source: 'this project: training/plate',
    url: null,
    input: {
      channels: 'rgb',
      mean: 0,
      scale: 1,
      fit: 'corner',
      fill: 114,
      size: { multipleOf: 32 },
    },
    decode: 'plate-map',
    classes: [{ index: 0, target: 'plate', threshold: 0.4 }],
  },
  yolox(
    { width: 640, height: 384 },
    {
      sha256: 'dfc20f3386046b84f613dad987424c72e18f0598dd4be717e87723b9f5283b0b',
      sizeBytes: 3_678_201,
    },
  ),
  yolox(
    { width: 416, height: 416 },
    {
      sha256: 'dc1a3bc37ffd961222999f05aa134a1e95274c9603b8e60518ff26e90917a225',
      sizeBytes: 3_678_175,
    },
  ),
];

/** What `npm run models` brings. */
export const FETCHED_MODELS: readonly ModelEntry[] = [...MODELS, SECOND_OPINION].filter(
  ({ url }) => url !== null,
);
