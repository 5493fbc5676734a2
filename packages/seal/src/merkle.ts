import { concatBytes, SallyportError, toHex } from '@sallyport/contracts';
import { encodeU64, LEAF_BYTES } from './format.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** Leaf of one segment: its index is hashed in, so a leaf is good in one place only. */
export async function leafHash(index: number, segment: Uint8Array): Promise<Bytes> {
  return digest(concatBytes(LEAF, encodeU64(index), segment));
}

/** RFC 6962 root over a whole leaf table. */
export async function rootOf(leaves: Uint8Array): Promise<string> {
  // Roots of perfect sub-trees of falling size: one per set bit of the count, as in a binary counter.
  const peaks: Bytes[] = [];
  for (let count = 0; count * LEAF_BYTES < leaves.length; count += 1) {
    let node: Bytes = new Uint8Array(leaves.subarray(count * LEAF_BYTES, (count + 1) * LEAF_BYTES));
    for (let bits = count; bits % 2 === 1; bits = Math.floor(bits / 2))
      node = await nodeHash(peaks.pop(), node);
    peaks.push(node);
  }
  let root = peaks.pop();
  while (peaks.length > 0) root = await nodeHash(peaks.pop(), root);
  if (root === undefined)
    throw new SallyportError('ERR_SEAL_LAYOUT', { detail: { fault: 'no segments' } });
  return toHex(root);
}

/** True when two byte strings are equal. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}

async function nodeHash(
  left: Uint8Array | undefined,
  right: Uint8Array | undefined,
): Promise<Bytes> {
  return digest(concatBytes(NODE, left ?? new Uint8Array(), right ?? new Uint8Array()));
}

async function digest(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}
