import { SallyportError } from '@sallyport/contracts';
import { EMPTY_ROOT, nodeHash } from './hashing.ts';

/** Reads the hash of a complete subtree: leaves [index·2^level, (index+1)·2^level). */
export type NodeReader = (level: number, index: number) => Promise<Uint8Array>;

/** Root of the first `size` leaves (RFC 6962 §2.1, MTH). */
export async function rootHash(read: NodeReader, size: number): Promise<Uint8Array> {
  return size === 0 ? EMPTY_ROOT : rangeHash(read, 0, size);
}

/**
 * Audit path of leaf `index` in the tree of `size` leaves, leaf side first (RFC 6962 §2.1.1).
 *
 * @throws SallyportError ERR_LEDGER_RANGE unless index < size
 */
export async function inclusionPath(
  read: NodeReader,
  index: number,
  size: number,
): Promise<Uint8Array[]> {
  if (!(isIndex(index) && isIndex(size) && index < size)) throw outside(index, size);
  const path: Uint8Array[] = [];
  let [low, high] = [0, size];
  while (high - low > 1) {
    const middle = low + splitPoint(high - low);
    if (index < middle) {
      path.unshift(await rangeHash(read, middle, high));
      high = middle;
    } else {
      path.unshift(await rangeHash(read, low, middle));
      low = middle;
    }
  }
  return path;
}

/**
 * Proof that the tree of `from` leaves is a prefix of the tree of `to` leaves (RFC 6962 §2.1.2).
 * Empty for `from` 0 and for equal sizes.
 *
 * @throws SallyportError ERR_LEDGER_RANGE unless from ≤ to
 */
export async function consistencyPath(
  read: NodeReader,
  from: number,
  to: number,
): Promise<Uint8Array[]> {
  if (!(isIndex(from) && isIndex(to) && from <= to)) throw outside(from, to);
  if (from === 0 || from === to) return [];
  const path: Uint8Array[] = [];
  let [low, high] = [0, to];
  while (from < high) {
    const middle = low + splitPoint(high - low);
    if (from <= middle) {
      path.unshift(await rangeHash(read, middle, high));
      high = middle;
    } else {
      path.unshift(await rangeHash(read, low, middle));
      low = middle;
    }
  }
  // The verifier already holds the old root; it needs the last subtree only when that is not the root.
  if (low !== 0) path.unshift(await rangeHash(read, low, high));
  return path;
}

/** Hash over leaves [low, high) where `low` starts a subtree of at least that width. */
async function rangeHash(read: NodeReader, low: number, high: number): Promise<Uint8Array> {
  const width = high - low;
  const level = Math.log2(width);
  if (Number.isInteger(level)) return read(level, low / width);
  const middle = low + splitPoint(width);
  return nodeHash(await rangeHash(read, low, middle), await rangeHash(read, middle, high));
}

/** The largest power of two below `width`. */
function splitPoint(width: number): number {
  let split = 1;
  while (split * 2 < width) split *= 2;
  return split;
}

function isIndex(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function outside(index: number, size: number): SallyportError {
  return new SallyportError('ERR_LEDGER_RANGE', { detail: { index, size } });
}
