import { LOCKOUT_POLICY, assertNotLocked, lockoutOf } from '@sallyport/runtime';
import t from 'tap';

const NOW = new Date('2026-11-21T10:00:00.000Z');
const ago = (seconds: number): Date => new Date(NOW.getTime() - seconds * 1000);

t.test('stays open below the limit and tells how many tries are left', (t) => {
  t.same(lockoutOf([], NOW), { kind: 'open', failuresLeft: 5 });
  t.same(lockoutOf([ago(4), ago(3), ago(2), ago(1)], NOW), { kind: 'open', failuresLeft: 1 });
  t.end();
});

t.test('locks for 15 minutes after five failures within 15 minutes, in any order', (t) => {
  const failures = [ago(1), ago(800), ago(3), ago(2), ago(4)];
  t.same(lockoutOf(failures, NOW), {
    kind: 'locked-for-a-while',
    until: new Date(NOW.getTime() + 899_000),
  });
  t.end();
});

t.test('does not lock for five failures spread over a day', (t) => {
  const failures = [1, 4, 8, 12, 16].map((hours) => ago(hours * 3600));
  t.same(lockoutOf(failures, NOW), { kind: 'open', failuresLeft: 5 });
  t.end();
});

t.test('opens by itself when the lock is over, with a fresh count', (t) => {
  const failures = [1, 2, 3, 4, 5].map((seconds) => ago(900 + seconds));
  t.same(lockoutOf(failures, NOW), { kind: 'open', failuresLeft: 5 });
  t.end();
});

t.test('stays locked until an administrator acts after twenty failures', (t) => {
  const failures = Array.from({ length: LOCKOUT_POLICY.failuresUntilUnlock }, (_, index) =>
    ago(index * 3600),
  );
  t.same(lockoutOf(failures, NOW), { kind: 'locked-until-unlocked' });
  t.end();
});

t.test('refuses a locked account with a code and the time it ends', (t) => {
  const until = new Date('2026-11-21T10:15:00.000Z');
  t.doesNotThrow(() => assertNotLocked({ kind: 'open', failuresLeft: 1 }));
  t.throws(() => assertNotLocked({ kind: 'locked-for-a-while', until }), {
    code: 'ERR_ACCOUNT_LOCKED',
    detail: { until: '2026-11-21T10:15:00.000Z' },
  });
  t.throws(() => assertNotLocked({ kind: 'locked-until-unlocked' }), {
    code: 'ERR_ACCOUNT_LOCKED',
  });
  t.end();
});
