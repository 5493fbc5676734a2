import { parentPort, workerData } from 'node:worker_threads';
import { isSallyportError, type ErrorCode, type ErrorDetail } from '@sallyport/contracts';
import { readClip } from './read-clip.ts';
import type { ReadProgress, ReadRequest, WatermarkReading } from './reading.ts';

/** What the worker tells its starter. */
export type WorkerMessage =
  | { readonly kind: 'progress'; readonly progress: ReadProgress }
  | { readonly kind: 'reading'; readonly reading: WatermarkReading }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly detail: ErrorDetail };

const cancelling = new AbortController();
parentPort?.once('message', () => {
  cancelling.abort();
});

const tell = (message: WorkerMessage) => {
  parentPort?.postMessage(message);
};

try {
  // The only starter is read.ts, whose type this is.
  const request = workerData as ReadRequest;
  const reading = await readClip(request, {
    signal: cancelling.signal,
    onProgress: (progress) => {
      tell({ kind: 'progress', progress });
    },
  });
  tell({ kind: 'reading', reading });
} catch (fault) {
  if (!isSallyportError(fault)) throw fault;
  tell({ kind: 'refused', code: fault.code, detail: fault.detail });
} finally {
  parentPort?.close();
}
