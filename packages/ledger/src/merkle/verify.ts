import { EMPTY_ROOT, isSameHash, nodeHash } from './hashing.ts';

/** Answers whether `path` proves that `leaf` is number `index` of the tree with this root (RFC 9162 §2.1.3.2). */
export function isIncluded(options: {
  leaf: Uint8Array;
  index: number;
  size: number;
  root: Uint8Array;
  path: readonly Uint8Array[];
}): boolean {
  const { index, size, path } = options;
  if (!isCount(index) || !isCount(size) || index >= size) return false;
  let [position, last] = [index, size - 1];
  let hash = options.leaf;
  for (const sibling of path) {
    if (last === 0) return false;
    if (position % 2 === 1 || position === last) {
      hash = nodeHash(sibling, hash);
      while (position % 2 === 0 && position !== 0) [position, last] = [half(position), half(last)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [position, last] = [half(position), half(last)];
  }
  return last === 0 && isSameHash(hash, options.root);
}

/** Answers whether `path` proves that the older tree is a prefix of the newer (RFC 9162 §2.1.4.2). */
export function isConsistent(options: {
  from: { size: number; root: Uint8Array };
  to: { size: number; root: Uint8Array };
  path: readonly Uint8Array[];
}): boolean {
  const { from, to, path } = options;
  if (!isCount(from.size) || !isCount(to.size) || from.size > to.size) return false;
  if (from.size === to.size) return path.length === 0 && isSameHash(from.root, to.root);
  if (from.size === 0) return path.length === 0 && isSameHash(from.root, EMPTY_ROOT);
  let [position, last] = [from.size - 1, to.size - 1];
  while (position % 2 === 1) [position, last] = [half(position), half(last)];
  const hashes = position === 0 ? [from.root, ...path] : [...path];
  const seed = hashes.shift();
  if (seed === undefined) return false;
  let [older, newer] = [seed, seed];
  for (const hash of hashes) {
    if (last === 0) return false;
    if (position % 2 === 1 || position === last) {
      older = nodeHash(hash, older);
      newer = nodeHash(hash, newer);
      while (position % 2 === 0 && position !== 0) [position, last] = [half(position), half(last)];
    } else {
      newer = nodeHash(newer, hash);
    }
    [position, last] = [half(position), half(last)];
  }
  return last === 0 && isSameHash(older, from.root) && isSameHash(newer, to.root);
}

function half(value: number): number {
  return Math.floor(value / 2);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
