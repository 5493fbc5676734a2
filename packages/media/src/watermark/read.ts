import { Worker } from 'node:worker_threads';
import { SallyportError } from '@sallyport/contracts';
import type { WorkerMessage } from './read-worker.ts';
import type { ReadProgress, ReadRequest, WatermarkReading } from './reading.ts';

/** A worker that does not stop by itself is ended after this. */
const GRACE_MS = 5000;

/**
 * Reads the watermark of a leaked clip, in a thread of its own. Nothing but an `identified` verdict names an
 * export; its false-alarm probability is at most 1e-9 over all comparisons of this reading.
 *
 * @throws SallyportError `ERR_MEDIA_CANCELLED`, `ERR_WATERMARK_KEY` (no key) and those of probe and decoding
 */
export function readWatermark(
  file: string,
  request: Omit<ReadRequest, 'file'>,
  hooks: {
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: ((progress: ReadProgress) => void) | undefined;
  } = {},
): Promise<WatermarkReading> {
  if (request.keys.length === 0)
    return Promise.reject(new SallyportError('ERR_WATERMARK_KEY', { detail: { keys: 0 } }));
  const workerData: ReadRequest = { ...request, file };
  const worker = new Worker(new URL('./read-worker.js', import.meta.url), { workerData });
  const { signal, onProgress } = hooks;
  let grace: NodeJS.Timeout | undefined;
  const cancel = () => {
    worker.postMessage('cancel');
    grace = setTimeout(() => void worker.terminate(), GRACE_MS);
  };
  if (signal?.aborted === true) cancel();
  else signal?.addEventListener('abort', cancel, { once: true });
  return new Promise<WatermarkReading>((resolve, reject) => {
    worker.on('message', (message: WorkerMessage) => {
      switch (message.kind) {
        case 'progress':
          onProgress?.(message.progress);
          break;
        case 'reading':
          resolve(message.reading);
          break;
        case 'refused':
          reject(new SallyportError(message.code, { detail: message.detail }));
          break;
      }
    });
    worker.once('error', reject);
    // After an answer this changes nothing.
    worker.once('exit', () => {
      reject(new SallyportError('ERR_MEDIA_CANCELLED'));
    });
  }).finally(() => {
    clearTimeout(grace);
    signal?.removeEventListener('abort', cancel);
  });
}
