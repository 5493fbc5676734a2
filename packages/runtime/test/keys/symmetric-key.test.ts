import { createSymmetricKey, symmetricKeyBytes } from '@sallyport/runtime';
import t from 'tap';

t.test('makes a new 32-byte key each time', (t) => {
  const [one, other] = [createSymmetricKey(), createSymmetricKey()];
  t.equal(symmetricKeyBytes(one).length, 32);
  t.notSame(symmetricKeyBytes(one), symmetricKeyBytes(other));
  t.end();
});

t.test('refuses a key of another type or length', (t) => {
  for (const key of [
    { kty: 'EC', k: createSymmetricKey().k ?? '' },
    { kty: 'oct', k: 'AAAA' },
    { kty: 'oct' },
  ]) {
    t.throws(() => symmetricKeyBytes(key), { code: 'ERR_KEY_FILE_INVALID' });
  }
  t.end();
});
