import {
  concatBytes,
  fromBase64,
  fromBase64url,
  fromHex,
  sha256Hex,
  toBase64,
  toBase64url,
  toHex,
} from '@sallyport/contracts';
import fc from 'fast-check';
import t from 'tap';

t.test('every byte string survives hex, base64 and base64url', (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      t.same(fromHex(toHex(bytes)), bytes);
      t.same(fromBase64(toBase64(bytes)), bytes);
      t.same(fromBase64url(toBase64url(bytes)), bytes);
    }),
    { numRuns: 100 },
  );
  t.end();
});

t.test('accepts one spelling only', (t) => {
  for (const text of ['AA==', 'A', 'AB', 'A A', 'AA\n', '+A', '/A', 'AA=']) {
    t.throws(
      () => fromBase64url(text),
      { code: 'ERR_RECORD_ENCODING' },
      `base64url ${JSON.stringify(text)}`,
    );
  }
  for (const text of ['AA', 'AB==', 'AA= =', '_A==']) {
    t.throws(
      () => fromBase64(text),
      { code: 'ERR_RECORD_ENCODING' },
      `base64 ${JSON.stringify(text)}`,
    );
  }
  for (const text of ['A0', 'a', 'zz', ' aa'])
    t.throws(() => fromHex(text), { code: 'ERR_RECORD_ENCODING' }, `hex ${text}`);
  t.end();
});

t.test('digests and joins', async (t) => {
  t.equal(
    await sha256Hex(new TextEncoder().encode('abc')),
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
  t.same(
    concatBytes(Uint8Array.of(1), Uint8Array.of(), Uint8Array.of(2, 3)),
    Uint8Array.of(1, 2, 3),
  );
});
