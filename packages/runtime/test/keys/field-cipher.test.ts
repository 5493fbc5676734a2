import { randomBytes } from 'node:crypto';
import { FieldCipher, blindIndex } from '@sallyport/runtime';
import fc from 'fast-check';
import t from 'tap';

const OLD = { keyId: '2025', key: randomBytes(32) };
const NEW = { keyId: '2026', key: randomBytes(32) };
const PLACE = { table: 'officer', column: 'nameEncrypted', rowId: 'a'.repeat(32) };

t.test('round-trips any text, never twice to the same bytes', (t) => {
  const cipher = new FieldCipher(NEW);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      t.equal(cipher.decrypt(cipher.encrypt(text, PLACE), PLACE), text);
    }),
    { numRuns: 50 },
  );
  t.notSame(cipher.encrypt('홍길동', PLACE), cipher.encrypt('홍길동', PLACE));
  t.end();
});

t.test('reads what an older key wrote, and names a key it lacks', (t) => {
  const written = new FieldCipher(OLD).encrypt('홍길동', PLACE);
  t.equal(new FieldCipher(NEW, [OLD]).decrypt(written, PLACE), '홍길동');
  t.throws(() => new FieldCipher(NEW).decrypt(written, PLACE), { code: 'ERR_FIELD_KEY_UNKNOWN' });
  t.end();
});

t.test('refuses a value moved to another row, column or table', (t) => {
  const cipher = new FieldCipher(NEW);
  const bytes = cipher.encrypt('홍길동', PLACE);
  for (const moved of [
    { rowId: 'b'.repeat(32) },
    { column: 'phoneEncrypted' },
    { table: 'account' },
  ]) {
    t.throws(() => cipher.decrypt(bytes, { ...PLACE, ...moved }), { code: 'ERR_FIELD_TAMPERED' });
  }
  t.end();
});

t.test('refuses a value with any one bit flipped, or cut anywhere', (t) => {
  const cipher = new FieldCipher(NEW);
  const bytes = cipher.encrypt('홍길동', PLACE);
  const codes = /^ERR_FIELD_(TAMPERED|KEY_UNKNOWN)$/;
  for (let at = 0; at < bytes.length; at += 1) {
    const flipped = Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ 1 : byte));
    t.throws(() => cipher.decrypt(flipped, PLACE), { code: codes });
    t.throws(() => cipher.decrypt(bytes.slice(0, at), PLACE), { code: codes });
  }
  t.end();
});

t.test('refuses a key of the wrong length', (t) => {
  t.throws(() => new FieldCipher({ keyId: 'x', key: randomBytes(16) }), {
    code: 'ERR_KEY_FILE_INVALID',
  });
  t.end();
});

t.test('gives equal values equal blind indexes within one purpose only', (t) => {
  const key = randomBytes(32);
  t.equal(
    blindIndex(key, 'officer.phone', '가'),
    blindIndex(key, 'officer.phone', '가'.normalize('NFD')),
  );
  t.not(blindIndex(key, 'officer.phone', '1'), blindIndex(key, 'account.phone', '1'));
  t.not(blindIndex(key, 'a', '1'), blindIndex(randomBytes(32), 'a', '1'));
  t.end();
});
