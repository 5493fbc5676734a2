import { fromHex, toHex } from '@sallyport/contracts';
import { EMPTY_ROOT, isConsistent, isIncluded, leafHash, nodeHash } from '@sallyport/ledger';
import { TreeFold } from '@sallyport/ledger/internal/merkle/fold.js';
import {
  leavesCovered,
  nodePosition,
  storedHashes,
} from '@sallyport/ledger/internal/merkle/layout.js';
import {
  consistencyPath,
  inclusionPath,
  rootHash,
  type NodeReader,
} from '@sallyport/ledger/internal/merkle/prove.js';
import fc from 'fast-check';
import t from 'tap';

// The leaves, roots and paths that Certificate Transparency implementations share as test vectors.
const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

/** A tree whose stored nodes live in an array, as the hash file holds them. */
function makeTree(leaves: readonly Uint8Array[]) {
  const stored: Uint8Array[] = [];
  const fold = new TreeFold();
  const roots = [fold.root()];
  for (const leaf of leaves) {
    stored.push(...fold.append(leafHash(leaf)));
    roots.push(fold.root());
  }
  const read: NodeReader = (level, index) => {
    const node = stored[nodePosition(level, index)];
    return node === undefined ? Promise.reject(new Error('not stored')) : Promise.resolve(node);
  };
  return { stored, roots, read };
}

/** RFC 6962 §2.1 word for word, to compare with. */
function naiveRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const [first, ...rest] = leaves;
  if (first === undefined) return EMPTY_ROOT;
  if (rest.length === 0) return leafHash(first);
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(naiveRoot(leaves.slice(0, split)), naiveRoot(leaves.slice(split)));
}

const numbered = (count: number) =>
  Array.from({ length: count }, (_, i) => Uint8Array.of(i >> 8, i & 255));
const hexOf = (path: readonly Uint8Array[]) => path.map((hash) => toHex(hash));
const at = <T>(list: readonly T[], index: number): T => {
  const item = list[index];
  if (item === undefined) throw new Error(`nothing at ${String(index)}`);
  return item;
};

await t.test('computes the known roots and paths of RFC 6962 trees', async (t) => {
  const { roots, read } = makeTree(LEAVES.map((leaf) => fromHex(leaf)));
  t.same(hexOf(roots), ROOTS);
  t.same(hexOf(await inclusionPath(read, 0, 8)), [
    '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
    '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
    '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
  ]);
  t.same(hexOf(await consistencyPath(read, 6, 8)), [
    '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
    'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  ]);
});

await t.test(
  'every proof of every tree up to 33 leaves holds, and none holds for another leaf, size or root',
  async (t) => {
    const leaves = numbered(33);
    const { roots, read } = makeTree(leaves);
    const faults: string[] = [];
    for (let size = 1; size <= leaves.length; size += 1) {
      const root = at(roots, size);
      if (toHex(root) !== toHex(naiveRoot(leaves.slice(0, size))))
        faults.push(`root ${String(size)}`);
      if (toHex(await rootHash(read, size)) !== toHex(root))
        faults.push(`stored root ${String(size)}`);
      for (let index = 0; index < size; index += 1) {
        const path = await inclusionPath(read, index, size);
        const leaf = leafHash(at(leaves, index));
        if (!isIncluded({ leaf, index, size, root, path }))
          faults.push(`inclusion ${String(index)} in ${String(size)}`);
        const wrong = [
          { leaf: leafHash(Uint8Array.of(99)), index, size, root, path },
          { leaf, index, size, root: EMPTY_ROOT, path },
          { leaf, index, size, root, path: [...path, root] },
          { leaf, index: size, size, root, path },
          ...(path.length > 0 ? [{ leaf, index, size, root, path: path.slice(1) }] : []),
          ...(index > 0 ? [{ leaf, index: index - 1, size, root, path }] : []),
        ];
        if (wrong.some((claim) => isIncluded(claim)))
          faults.push(`false inclusion ${String(index)} in ${String(size)}`);
      }
      for (let older = 0; older <= size; older += 1) {
        const path = await consistencyPath(read, older, size);
        const [from, to] = [
          { size: older, root: at(roots, older) },
          { size, root },
        ];
        if (!isConsistent({ from, to, path }))
          faults.push(`consistency ${String(older)} to ${String(size)}`);
        const forged = { ...from, root: leafHash(Uint8Array.of(99)) };
        const wrong = [
          { from: forged, to, path },
          // Every tree grows out of the empty one.
          ...(older > 0 ? [{ from, to: { ...to, root: forged.root }, path }] : []),
          { from, to, path: [...path, root] },
          { from: to, to: { ...from, size: from.size - 1 }, path },
        ];
        if (wrong.some((claim) => isConsistent(claim)))
          faults.push(`false consistency ${String(older)}-${String(size)}`);
      }
    }
    t.same(faults, []);
  },
);

await t.test('a proof with any byte changed no longer holds', async () => {
  const { roots, read } = makeTree(numbered(300));
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 299 }),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      async (older, spot, change) => {
        const path = await consistencyPath(read, older, 300);
        const [from, to] = [
          { size: older, root: at(roots, older) },
          { size: 300, root: at(roots, 300) },
        ];
        const altered = path.map((hash) => Uint8Array.from(hash));
        const hash = at(altered, spot % altered.length);
        hash[spot % 32] = (hash[spot % 32] ?? 0) ^ change;
        return isConsistent({ from, to, path }) && !isConsistent({ from, to, path: altered });
      },
    ),
    { numRuns: 150 },
  );
});

await t.test('stores each complete subtree once, at the place the layout says', (t) => {
  const { stored } = makeTree(numbered(200));
  t.equal(stored.length, storedHashes(200));
  for (let size = 0; size <= 200; size += 1) {
    const here = storedHashes(size);
    if (leavesCovered(here) !== size || (size > 0 && leavesCovered(here - 1) !== size - 1))
      t.fail(String(size));
  }
  t.equal(storedHashes(1_000_000), 1_999_993);
  t.end();
});

await t.test('refuses indices outside the tree', async (t) => {
  const { read } = makeTree(numbered(3));
  for (const [index, size] of [
    [3, 3],
    [-1, 3],
    [0, 0],
    [0.5, 3],
    [Number.NaN, 3],
  ] as const) {
    await t.rejects(inclusionPath(read, index, size), { code: 'ERR_LEDGER_RANGE' });
  }
  await t.rejects(consistencyPath(read, 4, 3), { code: 'ERR_LEDGER_RANGE' });
});
