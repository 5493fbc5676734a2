import type { MaskTarget } from '@sallyport/contracts';

/** One pinned model: fetched from its public address or carried in, and used only with exactly this digest. */
export interface ModelEntry {
  readonly name: string;
  readonly kind: MaskTarget;
  readonly file: string;
  readonly url: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  /** SPDX identifier. */
  readonly licence: string;
  readonly source: string;
  readonly input: string;
  readonly decode: string;
}

/** Every model the product uses. None is part of the repository. */
export const MODELS: readonly ModelEntry[] = [
  {
    name: 'yunet_n_dynamic',
    kind: 'face',
    file: 'yunet_n_dynamic.onnx',
    url: 'https://raw.githubusercontent.com/ShiqiYu/libfacedetection.train/0047ac24afb1a50a0c6105001c89d1b5b805dbf1/onnx/yunet_n_dynamic.onnx',
    sha256: '104ee26c71d5c270ce79a6b3dced91c91013260d29a6bf18f9296c5b8c4c2b12',
    sizeBytes: 322_906,
    licence: 'Apache-2.0',
    source: 'github.com/ShiqiYu/libfacedetection.train @ 0047ac24afb1a50a0c6105001c89d1b5b805dbf1',
    input: 'input [1,3,H,W] blue green red, 0..255, sides multiples of 32',
    decode: 'strides 8 16 32: score sqrt(cls*obj); centre (cell + offset)*stride; size exp(b)*stride; NMS 0.45',
  },
];
