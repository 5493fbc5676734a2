import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks again until `probe` gives an answer other than null, less and less often: a service limits how
 * often one person may ask.
 *
 * @throws Error naming `what` after `timeoutMs`
 */
export async function waitFor<T>(
  what: string,
  probe: () => Promise<T | null>,
  options: { timeoutMs?: number; everyMs?: number } = {},
): Promise<T> {
  const { timeoutMs = 300_000, everyMs = 150 } = options;
  const until = performance.now() + timeoutMs;
  for (let pauseMs = everyMs; ; pauseMs = Math.min(pauseMs * 1.1, Math.max(everyMs, 1000))) {
    const answer = await probe();
    if (answer !== null) return answer;
    if (performance.now() > until)
      throw new Error(`gave up after ${Math.round(timeoutMs / 1000)} s waiting for: ${what}`);
    await sleep(pauseMs);
  }
}
