import { ERRORS, REQUEST_STATES } from '@sallyport/contracts';
import {
  MOST_ATTEMPTS,
  assertMove,
  judgeFailure,
} from '@sallyport/internal-exporter/domain/export-steps.js';
import t from 'tap';

const NOW = new Date('2026-11-21T10:00:00.000Z');

t.test('faults of the machine are tried again, later each time, and not for ever', (t) => {
  const pauses = Array.from({ length: MOST_ATTEMPTS - 1 }, (_, index) => {
    const verdict = judgeFailure('ERR_EXPORT_KEY_WAIT', index + 1, NOW);
    return verdict.kind === 'again' ? verdict.notBefore.getTime() - NOW.getTime() : 0;
  });
  t.same(
    pauses,
    pauses.toSorted((a, b) => a - b),
  );
  t.ok(pauses.every((pause) => pause > 0));
  t.same(judgeFailure('ERR_EXPORT_KEY_WAIT', MOST_ATTEMPTS, NOW), { kind: 'failed' });
  t.end();
});

t.test('faults of the matter and of integrity wait for a person at once', (t) => {
  for (const code of [
    'ERR_MEDIA_NOT_VIDEO',
    'ERR_SEAL_APPROVAL_PERSON',
    'ERR_FOOTAGE_DIGEST_MISMATCH',
    'ERR_MEDIA_MASK_CHECK_FAILED',
  ]) {
    t.ok(Object.hasOwn(ERRORS, code));
    t.same(judgeFailure(code, 1, NOW), { kind: 'failed' }, code);
  }
  t.end();
});

t.test('no state moves where the table has no arrow', (t) => {
  for (const to of REQUEST_STATES)
    t.throws(() => assertMove('closed', to), { code: 'ERR_EXPORT_STATE' });
  t.doesNotThrow(() => assertMove('transferring', 'available'));
  t.end();
});
