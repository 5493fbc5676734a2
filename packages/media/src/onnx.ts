import { InferenceSession, Tensor } from 'onnxruntime-node';

/** The only file that knows onnxruntime. */

export interface LoadedModel {
  /** Sides the model's input is fixed to; null where any are taken. */
  readonly inputSides: { readonly width: number | null; readonly height: number | null };
  /** Runs the model on one picture [1,3,height,width]; outputs by name. */
  run(pixels: Float32Array, width: number, height: number): Promise<ModelOutputs>;
  close(): Promise<void>;
}

export type ModelOutputs = Readonly<Record<string, Float32Array>>;

/**
 * Loads a model for the processor. One thread: with ffmpeg beside it a second one gains nothing.
 *
 * @throws RangeError when the file is no model that takes one picture
 */
export async function loadModel(path: string): Promise<LoadedModel> {
  const session = await openSession(path);
  const [input, ...others] = session.inputMetadata;
  if (input?.isTensor !== true || input.shape.length !== 4 || others.length > 0) {
    await session.release();
    throw new RangeError('the model does not take one picture');
  }
  const side = (at: number) => {
    const value = input.shape[at];
    return typeof value === 'number' && value > 0 ? value : null;
  };
  return {
    inputSides: { height: side(2), width: side(3) },
    async run(pixels, width, height) {
      const answers = await session.run({
        [input.name]: new Tensor('float32', pixels, [1, 3, height, width]),
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

async function openSession(path: string): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(path, {
      executionProviders: ['cpu'],
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
    });
  } catch (cause) {
    throw new RangeError('the file is not a model that can be loaded', { cause });
  }
}
