import { assertTotp, createTotpSecret, findTotpStep, totpCode, totpUri } from '@sallyport/runtime';
import t from 'tap';

/** RFC 6238 appendix B: ASCII "12345678901234567890", SHA-1, last six digits. */
const RFC_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const NOW = new Date('2026-11-21T10:00:00.000Z');

t.test('gives the codes of RFC 6238', (t) => {
  t.equal(totpCode(RFC_SECRET, new Date(59_000)), '287082');
  t.equal(totpCode(RFC_SECRET, new Date(1_111_111_109_000)), '081804');
  t.equal(totpCode(RFC_SECRET, new Date(20_000_000_000_000)), '353130');
  t.end();
});

t.test('accepts one step early or late, no more', (t) => {
  const secret = createTotpSecret();
  const shifted = (steps: number): number | null =>
    findTotpStep(secret, totpCode(secret, new Date(NOW.getTime() + steps * 30_000)), NOW, null);
  const step = Math.floor(NOW.getTime() / 30_000);
  t.same([-1, 0, 1].map(shifted), [step - 1, step, step + 1]);
  t.same([-2, 2].map(shifted), [null, null]);
  t.end();
});

t.test('accepts a code once: that step and older ones are refused afterwards', (t) => {
  const secret = createTotpSecret();
  const code = totpCode(secret, NOW);
  const step = assertTotp(secret, code, NOW, null);
  t.throws(() => assertTotp(secret, code, NOW, step), { code: 'ERR_CREDENTIALS_REFUSED' });
  const earlier = totpCode(secret, new Date(NOW.getTime() - 30_000));
  t.equal(findTotpStep(secret, earlier, NOW, step), null);
  const later = new Date(NOW.getTime() + 30_000);
  t.equal(findTotpStep(secret, totpCode(secret, later), later, step), step + 1);
  t.end();
});

t.test('refuses what is not six digits', (t) => {
  for (const code of ['', '12345', '1234567', '12345a', ' 12345', '１２３４５６']) {
    t.equal(findTotpStep(RFC_SECRET, code, NOW, null), null);
  }
  t.end();
});

t.test('gives an address for authenticator apps', (t) => {
  t.match(
    totpUri(RFC_SECRET, 'Sallyport', 'operator1'),
    /^otpauth:\/\/totp\/Sallyport:operator1\?.*secret=GEZ/,
  );
  t.end();
});
