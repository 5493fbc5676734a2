import { SallyportError } from '@sallyport/contracts';
import type { Logger } from './logger.ts';

export interface LifecycleOptions {
  readonly logger: Logger;
  /** Time for everything to stop, milliseconds; 20 s unless told. */
  readonly deadlineMs?: number;
}

export interface Lifecycle {
  /** Aborted as soon as a stop begins: loops start no new step. */
  readonly signal: AbortSignal;
  /** Registers a part to close. The last registered is closed first: open the database first, listen last. */
  readonly onStop: (part: string, close: () => Promise<void> | void) => void;
  /**
   * Stops everything, once; later calls get the same promise.
   *
   * @throws SallyportError ERR_STOP_DEADLINE naming the part that was still closing.
   */
  readonly stop: (reason: string) => Promise<void>;
}

/** What a process stops, and in which order. */
export function createLifecycle({ logger, deadlineMs = 20_000 }: LifecycleOptions): Lifecycle {
  const controller = new AbortController();
  const parts: { readonly part: string; readonly close: () => Promise<void> | void }[] = [];
  let closing = 'nothing';
  let stopping: Promise<void> | null = null;

  const closeAll = async (): Promise<void> => {
    for (let next = parts.pop(); next !== undefined; next = parts.pop()) {
      closing = next.part;
      try {
        await next.close();
      } catch (err) {
        // The rest must still be closed: a failed close of one part may not leave the database open.
        logger.error({ err, step: next.part }, 'closing a part failed');
      }
    }
  };
  const stopOnce = async (reason: string): Promise<void> => {
    logger.info({ reason }, 'stopping');
    controller.abort();
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new SallyportError('ERR_STOP_DEADLINE', { detail: { part: closing } }));
      }, deadlineMs);
    });
    try {
      await Promise.race([closeAll(), deadline]);
      logger.info({ reason }, 'stopped');
    } finally {
      clearTimeout(timer);
    }
  };

  return {
    signal: controller.signal,
    onStop: (part, close) => void parts.push({ part, close }),
    stop: (reason) => (stopping ??= stopOnce(reason)),
  };
}

/** The part of `process` that {@link stopOnSignals} uses. */
export interface SignalSource {
  once(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
  exit(code: number): void;
}

/**
 * Stops the process on SIGTERM or SIGINT and exits: 0 when everything closed, 1 past the deadline.
 * A second signal of the same kind has its default effect and ends the process at once.
 */
export function stopOnSignals(lifecycle: Lifecycle, source: SignalSource, logger: Logger): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    source.once(signal, () => {
      lifecycle.stop(signal).then(
        () => source.exit(0),
        (err: unknown) => {
          logger.error({ err }, 'did not stop in time');
          source.exit(1);
        },
      );
    });
  }
}
