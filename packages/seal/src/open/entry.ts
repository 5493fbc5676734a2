import { concatBytes, SallyportError } from '@sallyport/contracts';
import { associatedDataOf, nonceOf } from '../content-key.ts';
import { segmentRange, segmentsOfEntry, type EntryId } from '../layout.ts';
import { verifySegment, type LeafTable } from '../verify/segments.ts';
import type { OpenedPackage } from './key.ts';

/** Fetches the sealed bytes of one segment from a file or the gateway. */
export type SegmentReader = (index: number) => Promise<Uint8Array>;

/**
 * Verifies and decrypts one segment; nothing leaves here that both checks did not accept.
 *
 * @throws SallyportError ERR_SEAL_SEGMENT, ERR_SEAL_DECRYPT
 */
export async function openSegment(
  { view, cipher }: OpenedPackage,
  leaves: LeafTable,
  index: number,
  sealed: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  await verifySegment(view.layout, leaves, index, sealed);
  const place = segmentRange(view.layout, index);
  const { packageId, nonceBase } = view.header;
  try {
    return await cipher.open(
      nonceOf(nonceBase, index),
      associatedDataOf(packageId, place),
      new Uint8Array(sealed),
    );
  } catch (cause) {
    throw new SallyportError('ERR_SEAL_DECRYPT', { detail: { segment: index }, cause });
  }
}

/**
 * Streams one entry's plaintext, segment by segment.
 *
 * @throws SallyportError ERR_SEAL_SEGMENT, ERR_SEAL_DECRYPT, ERR_SEAL_LAYOUT
 */
export async function* openEntry(
  opened: OpenedPackage,
  leaves: LeafTable,
  id: EntryId,
  readSegment: SegmentReader,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const { firstSegment, segmentCount } = segmentsOfEntry(opened.view.layout, id);
  for (let index = firstSegment; index < firstSegment + segmentCount; index += 1) {
    yield await openSegment(opened, leaves, index, await readSegment(index));
  }
}

/**
 * One small entry whole. Bounded: documents of a package are read this way, never the clip.
 *
 * @throws SallyportError ERR_SEAL_LAYOUT above 16 MiB, and as {@link openEntry}
 */
export async function readEntry(
  opened: OpenedPackage,
  leaves: LeafTable,
  id: EntryId,
  readSegment: SegmentReader,
): Promise<Uint8Array<ArrayBuffer>> {
  const { sizeBytes } = segmentsOfEntry(opened.view.layout, id);
  if (sizeBytes > MAX_DOCUMENT_BYTES)
    throw new SallyportError('ERR_SEAL_LAYOUT', { detail: { fault: 'document size' } });
  const parts: Uint8Array[] = [];
  for await (const part of openEntry(opened, leaves, id, readSegment)) parts.push(part);
  return concatBytes(...parts);
}

const MAX_DOCUMENT_BYTES = 16_777_216;
