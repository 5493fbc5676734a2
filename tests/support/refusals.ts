import type { Test } from 'tap';
import { ApiRefusal } from '@sallyport/testkit';

/** Expects a call to be refused with exactly this code, and with a remedy for the person. */
export async function refused(
  t: Test,
  call: Promise<unknown>,
  code: string,
  title: string,
): Promise<void> {
  const outcome = await call.then(
    () => 'accepted',
    (error: unknown) => error,
  );
  if (!(outcome instanceof ApiRefusal)) {
    t.fail(title, { expected: code, found: String(outcome) });
    return;
  }
  t.equal(outcome.code, code, `${title} (${code})`);
  t.match(outcome.message, /; \S/, `${title}: a remedy is given`);
}
