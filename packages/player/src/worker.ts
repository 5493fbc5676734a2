// The decrypting worker: keys and plaintext live here, the page gets verified plaintext only.
import { isSallyportError } from '@sallyport/contracts';
import { createOpener, type Opener } from './opener.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

let opener: Opener | null = null;

self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  void answer(data);
});

async function answer(message: ToWorker): Promise<void> {
  const { id } = message;
  try {
    if (message.kind === 'set-up') {
      opener = await createOpener(message.setup);
      post({ kind: 'ready', id });
    } else {
      if (opener === null) throw new TypeError('open before set-up');
      const plain = await opener.open(message.index, message.sealed);
      post({ kind: 'opened', id, plain }, [plain.buffer]);
    }
  } catch (error) {
    if (!isSallyportError(error)) throw error; // surfaces as the worker's error event
    post({ kind: 'failed', id, code: error.code, detail: error.detail });
  }
}

function post(message: FromWorker, transfer: Transferable[] = []): void {
  self.postMessage(message, { transfer });
}
