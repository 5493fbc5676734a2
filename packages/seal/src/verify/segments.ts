import { SallyportError } from '@sallyport/contracts';
import { LEAF_BYTES } from '../format.ts';
import { segmentRange, type PackageLayout } from '../layout.ts';
import { leafHash, rootOf, sameBytes } from '../merkle.ts';
import type { PackageView } from './header.ts';

/** A leaf table whose root is the signed one. */
export type LeafTable = Uint8Array & { readonly __verified: unique symbol };

/**
 * Checks a leaf table against the signed root; it then vouches for any single segment.
 *
 * @throws SallyportError ERR_SEAL_TRUNCATED, ERR_SEAL_TRAILING, ERR_SEAL_ROOT
 */
export async function verifyLeaves(view: PackageView, table: Uint8Array): Promise<LeafTable> {
  const { leafTableBytes } = view.layout;
  if (table.length < leafTableBytes)
    throw new SallyportError('ERR_SEAL_TRUNCATED', { detail: { part: 'leaf table' } });
  if (table.length > leafTableBytes)
    throw new SallyportError('ERR_SEAL_TRAILING', { detail: { part: 'leaf table' } });
  if ((await rootOf(table)) !== view.header.root) throw new SallyportError('ERR_SEAL_ROOT');
  return table as LeafTable; // the one place that makes one
}

/**
 * Verifies one segment by itself: random access for players and the gateway.
 *
 * @throws SallyportError ERR_SEAL_SEGMENT, ERR_SEAL_LAYOUT
 */
export async function verifySegment(
  layout: PackageLayout,
  leaves: LeafTable,
  index: number,
  segment: Uint8Array,
): Promise<void> {
  const { sealedBytes } = segmentRange(layout, index);
  const expected = leaves.subarray(index * LEAF_BYTES, (index + 1) * LEAF_BYTES);
  if (segment.length !== sealedBytes || !sameBytes(await leafHash(index, segment), expected)) {
    throw new SallyportError('ERR_SEAL_SEGMENT', { detail: { segment: index } });
  }
}

/** Which segments of a partly received package are absent, and which are there but altered. */
export interface SegmentSurvey {
  readonly missing: readonly number[];
  readonly altered: readonly number[];
}

/**
 * Surveys every segment of a package that may have holes. `read` returns the bytes of a range of
 * the file, or null when it does not have them.
 */
export async function surveySegments(
  layout: PackageLayout,
  leaves: LeafTable,
  read: (start: number, end: number) => Promise<Uint8Array | null>,
): Promise<SegmentSurvey> {
  const missing: number[] = [];
  const altered: number[] = [];
  for (let index = 0; index < layout.segmentCount; index += 1) {
    const { start, end } = segmentRange(layout, index);
    const segment = await read(start, end);
    if (segment === null) missing.push(index);
    else if (!(await isSegment(leaves, index, segment))) altered.push(index);
  }
  return { missing, altered };
}

async function isSegment(leaves: LeafTable, index: number, segment: Uint8Array): Promise<boolean> {
  return sameBytes(
    await leafHash(index, segment),
    leaves.subarray(index * LEAF_BYTES, (index + 1) * LEAF_BYTES),
  );
}
