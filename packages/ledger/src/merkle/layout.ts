// Where the hash of each complete subtree stands in the append-only hash file.
//
//   leaf number        0  1     2  3        4  5     6  7
//   position           0  1  2  3  4  5  6  7  8  9  10 11 12 13 14
//   level              0  0  1  0  0  1  2  0  0  1  0  0  1  2  3
//
// A node is written the moment its last leaf is, so the file only ever grows; every incomplete
// subtree is folded from complete ones. (The order is that of Go's sumdb `tlog`.)
//
// Numbers stay below 2^31 leaves, where JavaScript's doubles and this arithmetic are exact.

/** Most entries one ledger may hold. */
export const MAX_LEAVES = 2 ** 31 - 1;

/** Position of the node that covers leaves [index·2^level, (index+1)·2^level). */
export function nodePosition(level: number, index: number): number {
  let leaf = index;
  for (let step = level; step > 0; step -= 1) leaf = 2 * leaf + 1;
  let position = level;
  for (; leaf > 0; leaf = Math.floor(leaf / 2)) position += leaf;
  return position;
}

/** How many hashes the file holds for a tree of `size` leaves. */
export function storedHashes(size: number): number {
  return size === 0 ? 0 : nodePosition(0, size - 1) + 1 + trailingOnes(size - 1);
}

/** The largest tree whose hashes all fit into a file of `hashes` digests. */
export function leavesCovered(hashes: number): number {
  let low = 0;
  let high = Math.min(MAX_LEAVES, hashes);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (storedHashes(middle) <= hashes) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** How many inner nodes the leaf with this number completes. */
export function trailingOnes(leaf: number): number {
  let count = 0;
  for (let rest = leaf; rest % 2 === 1; rest = Math.floor(rest / 2)) count += 1;
  return count;
}
