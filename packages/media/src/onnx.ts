import { InferenceSession, Tensor } from 'onnxruntime-node';

/** The only file that knows onnxruntime. */

interface LoadedModel {
  /** Runs the model on one picture [1,3,height,width]; outputs by name. */
  run(
    pixels: Float32Array,
    width: number,
    height: number,
  ): Promise<Readonly<Record<string, Float32Array>>>;
  close(): Promise<void>;
}

/** Loads a model for the processor. One thread: with ffmpeg beside it a second one gains nothing. */
export async function loadModel(path: string): Promise<LoadedModel> {
  const session = await InferenceSession.create(path, {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const input = session.inputNames[0] ?? 'input';
  return {
    async run(pixels, width, height) {
      const answers = await session.run({
        [input]: new Tensor('float32', pixels, [1, 3, height, width]),
      });
      return Object.fromEntries(
        Object.entries(answers).flatMap(([name, answer]) =>
          answer.data instanceof Float32Array ? [[name, answer.data]] : [],
        ),
      );
    },
    close: () => session.release(),
  };
}
