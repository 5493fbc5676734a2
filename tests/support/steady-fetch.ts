// Scripted people use `fetch`. While a service is killed and started again, their calls must neither
// fail nor be made twice:
//
//   refused connection          the service never saw the call: any call is made again
//   connection lost on the way  only a reading call is made again
//   a kill                      waits until no changing call is under way, and holds new ones back
//
// Installed in the process of one test file that owns it.
import { setTimeout as sleep } from 'node:timers/promises';

const GIVE_UP_MS = 180_000;

export interface SteadyFetch {
  /** Waits until no changing call to `origin` is under way and holds new ones back until released. */
  pause(origin: string): Promise<() => void>;
  /** Resolves when the next changing call, to whichever origin, has been answered, before its caller goes on. */
  nextAnswer(): Promise<void>;
  restore(): void;
}

/** Replaces `globalThis.fetch` until `restore()`. */
export function installSteadyFetch(): SteadyFetch {
  const real = globalThis.fetch;
  const changing = new Map<string, number>();
  const held = new Map<string, Promise<void>>();
  const waiting: (() => void)[] = [];

  const steady: typeof fetch = async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const isReading = (init.method ?? 'GET') === 'GET';
    if (isReading) return patiently(() => real(url, init), true, init.signal);
    for (let hold = held.get(url.origin); hold !== undefined; hold = held.get(url.origin))
      await hold;
    changing.set(url.origin, (changing.get(url.origin) ?? 0) + 1);
    try {
      const response = await patiently(() => real(url, init), false, init.signal);
      for (const tell of waiting.splice(0)) tell();
      return response;
    } finally {
      changing.set(url.origin, (changing.get(url.origin) ?? 1) - 1);
    }
  };
  globalThis.fetch = steady;
  return {
    async pause(origin) {
      let release = (): void => undefined;
      held.set(origin, new Promise<void>((resolve) => (release = resolve)));
      while ((changing.get(origin) ?? 0) > 0) await sleep(5);
      return () => {
        held.delete(origin);
        release();
      };
    },
    nextAnswer() {
      return new Promise((resolve) => waiting.push(resolve));
    },
    restore() {
      globalThis.fetch = real;
    },
  };
}

/** The whole reply is read here, so that a body cut short is a failed call and not a failed parse. */
async function patiently(
  call: () => Promise<Response>,
  isReading: boolean,
  signal: AbortSignal | null | undefined,
): Promise<Response> {
  for (const until = performance.now() + GIVE_UP_MS; ;) {
    try {
      const response = await call();
      const body = await response.arrayBuffer();
      const { status, headers } = response;
      return new Response(body.byteLength === 0 ? null : body, { status, headers });
    } catch (cause) {
      // A caller that has given up is told at once; its signal would refuse every further try.
      const mayRepeat = signal?.aborted !== true && (isReading || isRefusedConnection(cause));
      if (!mayRepeat || performance.now() > until) throw cause;
      await sleep(100);
    }
  }
}

function isRefusedConnection(error: unknown): boolean {
  return error instanceof Error && /ECONNREFUSED/.test(String(error.cause));
}

/** True for a call that was cut off on its way: whether the service acted on it is not known. */
export function isCutOff(error: unknown): boolean {
  return error instanceof TypeError && !isRefusedConnection(error);
}
