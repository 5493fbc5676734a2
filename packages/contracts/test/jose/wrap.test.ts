import { assertWrap, unwrapWith, wrapFor, type WrapBinding } from '@sallyport/contracts';
import t from 'tap';
import { agreementPair, ID_A, ID_B, toPublicJwk } from '../site.ts';

const BINDING: WrapBinding = { purpose: 'licence-share', context: ID_A, keyId: '1' };

t.test('opens with the right key under the same binding, and only so', async (t) => {
  const pair = await agreementPair();
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const wrapped = await wrapFor(await toPublicJwk(pair.publicKey), secret, BINDING);
  t.same(await unwrapWith(pair.privateKey, wrapped, BINDING), secret);
  assertWrap(wrapped, BINDING);
  const others: WrapBinding[] = [
    { ...BINDING, purpose: 'licence' },
    { ...BINDING, context: ID_B },
    { ...BINDING, keyId: '2' },
  ];
  for (const other of others) {
    await t.rejects(unwrapWith(pair.privateKey, wrapped, other), { code: 'ERR_RECORD_HEADER' });
    t.throws(() => assertWrap(wrapped, other), { code: 'ERR_RECORD_HEADER' });
  }
  await t.rejects(unwrapWith((await agreementPair()).privateKey, wrapped, BINDING), {
    code: 'ERR_WRAP_FAILED',
  });
});

t.test('refuses altered, padded, oversized and misshapen wraps', async (t) => {
  const pair = await agreementPair();
  const wrapped = await wrapFor(await toPublicJwk(pair.publicKey), new Uint8Array(32), BINDING);
  const parts = wrapped.split('.');
  const altered = [
    ...parts.slice(0, 3),
    `${parts[3]?.startsWith('A') ? 'B' : 'A'}${parts[3]?.slice(1)}`,
    parts[4],
  ].join('.');
  await t.rejects(unwrapWith(pair.privateKey, altered, BINDING), { code: 'ERR_WRAP_FAILED' });
  await t.rejects(unwrapWith(pair.privateKey, `${wrapped}=`, BINDING), {
    code: 'ERR_RECORD_ENCODING',
  });
  await t.rejects(unwrapWith(pair.privateKey, parts.slice(0, 4).join('.'), BINDING), {
    code: 'ERR_RECORD_ENCODING',
  });
  await t.rejects(unwrapWith(pair.privateKey, wrapped, BINDING, 64), {
    code: 'ERR_RECORD_TOO_LARGE',
  });
  const header = JSON.parse(Buffer.from(parts[0] ?? '', 'base64url').toString()) as Record<
    string,
    unknown
  >; // our own bytes
  const respelled = Buffer.from(JSON.stringify({ ...header, zip: 'DEF' })).toString('base64url');
  t.throws(() => assertWrap([respelled, ...parts.slice(1)].join('.'), BINDING), {
    code: /^ERR_RECORD_/,
  });
  const reordered = Buffer.from(
    JSON.stringify(Object.fromEntries(Object.entries(header).reverse())),
  ).toString('base64url');
  t.throws(() => assertWrap([reordered, ...parts.slice(1)].join('.'), BINDING), {
    code: 'ERR_RECORD_NOT_CANONICAL',
  });
});

t.test('refuses a point that is not on the curve', async (t) => {
  const jwk = await toPublicJwk((await agreementPair()).publicKey);
  await t.rejects(wrapFor({ ...jwk, y: jwk.x }, new Uint8Array(32), BINDING), {
    code: 'ERR_KEY_INVALID',
  });
});
