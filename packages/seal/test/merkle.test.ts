import { createHash } from 'node:crypto';
import fc from 'fast-check';
import t from 'tap';
import { toHex } from '@sallyport/contracts';
import { leafHash, rootOf, sameBytes } from '@sallyport/seal/internal/merkle.js';

t.test('the root is the one RFC 6962 defines, for any number of leaves', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { minLength: 1, maxLength: 40 }),
      async (leaves) => {
        t.equal(await rootOf(Buffer.concat(leaves)), treeHash(leaves).toString('hex'));
      },
    ),
    { numRuns: 40 },
  );
});

t.test('a leaf hashes its index: the same bytes elsewhere are another leaf', async (t) => {
  const bytes = Uint8Array.of(1, 2, 3);
  const expected = createHash('sha256')
    .update(Buffer.from('000000000000000005010203', 'hex'))
    .digest('hex');
  t.equal(toHex(await leafHash(5, bytes)), expected);
  t.notOk(sameBytes(await leafHash(5, bytes), await leafHash(6, bytes)));
  t.notOk(sameBytes(bytes, bytes.subarray(1)));
});

// Written as the RFC writes it: split at the largest power of two below n.
function treeHash(leaves: readonly Uint8Array[]): Buffer {
  const [only] = leaves;
  if (leaves.length === 1 && only !== undefined) return Buffer.from(only);
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  const halves = [treeHash(leaves.slice(0, split)), treeHash(leaves.slice(split))];
  return createHash('sha256')
    .update(Buffer.concat([Buffer.of(1), ...halves]))
    .digest();
}
