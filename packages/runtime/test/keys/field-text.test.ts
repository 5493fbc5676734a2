import { FieldCipher, decryptText, encryptText } from '@sallyport/runtime';
import t from 'tap';

const cipher = new FieldCipher({ keyId: 'test', key: new Uint8Array(32).fill(7) });
const place = { table: 'a', column: 'b', rowId: '1' };

t.test('a text comes back, and stands nowhere in what is stored', async (t) => {
  const stored = encryptText(cipher, '형사과 1번', place);
  t.match(stored, /^enc1:[A-Za-z0-9_-]+$/);
  t.equal(decryptText(cipher, stored, place), '형사과 1번');
  t.not(encryptText(cipher, '형사과 1번', place), stored, 'equal values do not show as equal');
});

t.test('does not open in another row, nor altered', async (t) => {
  const stored = encryptText(cipher, 'x', place);
  t.throws(() => decryptText(cipher, stored, { ...place, rowId: '2' }), {
    code: 'ERR_FIELD_TAMPERED',
  });
  const altered = `${stored.slice(0, -2)}${stored.endsWith('AA') ? 'BA' : 'AA'}`;
  t.throws(() => decryptText(cipher, altered, place), { code: /^ERR_/ });
});

t.test('a value without the prefix is in clear', async (t) => {
  t.equal(decryptText(cipher, 'eyJhbGciOiJFUzI1NiJ9.a.b', place), 'eyJhbGciOiJFUzI1NiJ9.a.b');
});
