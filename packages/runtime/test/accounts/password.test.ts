import {
  assertPassword,
  assertPasswordAcceptable,
  hashPassword,
  isPasswordCorrect,
} from '@sallyport/runtime';
import t from 'tap';

t.test('verifies the right password in either Unicode form, and only that', async (t) => {
  const stored = await hashPassword('비밀번호 아주길게');
  t.match(stored, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  t.equal(await isPasswordCorrect(stored, '비밀번호 아주길게'.normalize('NFD')), true);
  t.equal(await isPasswordCorrect(stored, '비밀번호 아주길다'), false);
  await t.rejects(assertPassword(stored, 'wrong'), { code: 'ERR_CREDENTIALS_REFUSED' });
  await assertPassword(stored, '비밀번호 아주길게');
});

t.test('answers an unknown account alike, and at the same cost', async (t) => {
  const stored = await hashPassword('a correct password');
  const cost = async (hash: string | null): Promise<number> => {
    const startedAt = process.cpuUsage();
    for (let round = 0; round < 5; round += 1) await isPasswordCorrect(hash, 'a wrong password');
    const { user, system } = process.cpuUsage(startedAt);
    return user + system;
  };
  await cost(null);
  const ratio = (await cost(null)) / (await cost(stored));
  t.ok(ratio > 0.4 && ratio < 2.5, `cost ratio ${ratio.toFixed(2)}`);
  await t.rejects(assertPassword(null, 'any'), { code: 'ERR_CREDENTIALS_REFUSED' });
});

t.test('refuses an over-long password without hashing it', async (t) => {
  const stored = await hashPassword('');
  t.equal(await isPasswordCorrect(stored, 'x'.repeat(1_000_000)), false);
  await t.rejects(hashPassword('x'.repeat(257)), { code: 'ERR_PASSWORD_WEAK' });
});

for (const weak of [
  'short',
  'aaaaaaaaaaaaaaaa',
  'abababababababab',
  'operator1-2026',
  'x'.repeat(257),
]) {
  t.test(`refuses ${weak.slice(0, 20)} as a new password`, (t) => {
    t.throws(() => assertPasswordAcceptable(weak, 'Operator1'), { code: 'ERR_PASSWORD_WEAK' });
    t.end();
  });
}

t.test('accepts a long password', (t) => {
  t.doesNotThrow(() => assertPasswordAcceptable('correct horse battery', 'operator1'));
  t.end();
});
