import { loadModel } from '../onnx.ts';
import { decodeYunet } from './yunet.ts';
import type { Detector } from './sighting.ts';

/** Faces with YuNet. */
export async function openFaceDetector(modelPath: string): Promise<Detector> {
  const model = await loadModel(modelPath);
  let input = new Float32Array(0);
  return {
    kind: 'face',
    async detect(picture) {
      const { width, height, planes } = picture;
      const size = width * height;
      if (input.length !== 3 * size) input = new Float32Array(3 * size);
      // Planes arrive green, blue, red; the model takes blue, green, red.
      input.set(planes.subarray(size, 2 * size), 0);
      input.set(planes.subarray(0, size), size);
      input.set(planes.subarray(2 * size, 3 * size), 2 * size);
      return decodeYunet(await model.run(input, width, height), width, height);
    },
    close: () => model.close(),
  };
}
