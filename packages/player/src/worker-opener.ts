import { SallyportError } from '@sallyport/contracts';
import { createOpener, type Opener, type OpenerSetup } from './opener.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

/** The part of `Worker` that is used. */
export interface WorkerPort {
  postMessage(message: ToWorker): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<FromWorker>) => void): void;
  addEventListener(type: 'error', listener: (event: Event) => void): void;
  terminate(): void;
}

/** The browser could not start or keep a worker; the content itself is not at fault. */
class WorkerUnavailable extends Error {
  override readonly name = 'WorkerUnavailable';
}

/**
 * Opens a package in a worker, or in this thread where the browser gives none; says which.
 *
 * @throws SallyportError as {@link createOpener}
 */
export async function chooseOpener(
  setup: OpenerSetup,
  startWorker: () => WorkerPort = startModuleWorker,
): Promise<{ opener: Opener; decryption: 'worker' | 'main-thread' }> {
  try {
    return { opener: await createWorkerOpener(setup, startWorker), decryption: 'worker' };
  } catch (error) {
    if (!(error instanceof WorkerUnavailable)) throw error;
    return { opener: await createOpener(setup), decryption: 'main-thread' };
  }
}

async function createWorkerOpener(
  setup: OpenerSetup,
  startWorker: () => WorkerPort,
): Promise<Opener> {
  let worker: WorkerPort;
  try {
    worker = startWorker();
  } catch (cause) {
    throw new WorkerUnavailable('no worker', { cause });
  }
  const waiting = new Map<
    number,
    { resolve: (message: FromWorker) => void; reject: (error: Error) => void }
  >();
  let lastId = 0;
  worker.addEventListener('message', ({ data }) => {
    waiting.get(data.id)?.resolve(data);
    waiting.delete(data.id);
  });
  worker.addEventListener('error', () => {
    for (const { reject } of waiting.values()) reject(new WorkerUnavailable('worker stopped'));
    waiting.clear();
  });
  const ask = async (question: ToWorker): Promise<FromWorker> => {
    const answer = await new Promise<FromWorker>((resolve, reject) => {
      waiting.set(question.id, { resolve, reject });
      try {
        worker.postMessage(question);
      } catch (cause) {
        reject(new WorkerUnavailable('keys cannot be handed to a worker', { cause }));
      }
    });
    if (answer.kind === 'failed') throw new SallyportError(answer.code, { detail: answer.detail });
    return answer;
  };
  try {
    await ask({ kind: 'set-up', id: (lastId += 1), setup });
  } catch (error) {
    worker.terminate();
    throw error;
  }
  return {
    async open(index, sealed) {
      const answer = await ask({ kind: 'open', id: (lastId += 1), index, sealed });
      if (answer.kind !== 'opened') throw new TypeError(`worker answered ${answer.kind}`);
      return answer.plain;
    },
    close: () => worker.terminate(),
  };
}

/** Bundlers recognise this exact form and emit the worker as a file of the page's own origin. */
function startModuleWorker(): WorkerPort {
  return new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
}
