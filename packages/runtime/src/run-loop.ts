import { setMaxListeners } from 'node:events';

export interface LoopOptions {
  readonly name: string;
  /** Rest between steps that found nothing to do. */
  readonly intervalMs: number;
  /** One unit of work. `'again'` runs the next at once; anything else rests first. */
  readonly step: (signal: AbortSignal) => Promise<'again' | 'rest'>;
  /** Aborted: no new step starts, the running one is awaited. */
  readonly signal: AbortSignal;
  /** Called for each failed step; the loop then backs off and goes on. */
  readonly onError: (error: unknown, name: string, failures: number) => void;
  /** Longest rest after failures; 60 s unless told. */
  readonly maxBackoffMs?: number;
}

export interface Loop {
  /** Ends the present rest, or makes a running step be followed by another at once. */
  readonly wake: () => void;
  /** Resolves when the last step has ended after the signal. Never rejects. */
  readonly stopped: Promise<void>;
}

/** Runs steps one after another, never two at once, until the signal; failures back off with jitter. */
export function runLoop(options: LoopOptions): Loop {
  const { name, intervalMs, step, signal, onError, maxBackoffMs = 60_000 } = options;
  let woken = false;
  let endRest: (() => void) | null = null;
  setMaxListeners(0, signal);

  const wake = (): void => {
    woken = true;
    endRest?.();
  };
  const rest = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => endRest?.(), milliseconds);
      endRest = () => {
        clearTimeout(timer);
        endRest = null;
        resolve();
      };
      if (woken || signal.aborted) endRest();
    });

  const run = async (): Promise<void> => {
    let failures = 0;
    while (!signal.aborted) {
      woken = false;
      let again = false;
      try {
        again = (await step(signal)) === 'again';
        failures = 0;
      } catch (error) {
        failures += 1;
        onError(error, name, failures);
      }
      if (again) continue;
      const longest =
        failures === 0 ? intervalMs : Math.min(maxBackoffMs, intervalMs * 2 ** failures);
      // Half fixed, half random: several processes that failed together do not return together.
      await rest(longest / 2 + Math.random() * (longest / 2));
    }
  };

  const onAbort = (): void => endRest?.();
  signal.addEventListener('abort', onAbort);
  const stopped = run().finally(() => signal.removeEventListener('abort', onAbort));
  return { wake, stopped };
}
