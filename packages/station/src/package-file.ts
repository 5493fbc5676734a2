import type { FileHandle } from 'node:fs/promises';
import { SallyportError, type TrustAnchor } from '@sallyport/contracts';
import {
  PREFIX_BYTES,
  parsePrefix,
  segmentRange,
  verifyHeader,
  verifyLeaves,
  type LeafTable,
  type PackageLayout,
  type PackageView,
  type SegmentReader,
} from '@sallyport/seal/open';

/**
 * Reads the header of a package file and verifies it.
 *
 * @throws SallyportError ERR_SEAL_*, ERR_RECORD_*, ERR_CERTIFICATE_*
 */
export async function readPackageHeader(
  file: FileHandle,
  options: { trust: TrustAnchor; now: Date },
): Promise<PackageView> {
  const headerBytes = parsePrefix(await readAt(file, 0, PREFIX_BYTES));
  const header = await readAt(file, PREFIX_BYTES, headerBytes);
  if (header.length < headerBytes)
    throw new SallyportError('ERR_SEAL_TRUNCATED', { detail: { part: 'header' } });
  return verifyHeader(new TextDecoder().decode(header), options);
}

/**
 * Reads the leaf table of a package file of exactly the size its header says.
 *
 * @throws SallyportError ERR_SEAL_TRUNCATED, ERR_SEAL_TRAILING, ERR_SEAL_ROOT
 */
export async function readPackageLeaves(file: FileHandle, view: PackageView): Promise<LeafTable> {
  const { sizeBytes, leafTableOffset, leafTableBytes } = view.layout;
  const { size } = await file.stat();
  if (size < sizeBytes)
    throw new SallyportError('ERR_SEAL_TRUNCATED', { detail: { missingBytes: sizeBytes - size } });
  if (size > sizeBytes)
    throw new SallyportError('ERR_SEAL_TRAILING', { detail: { trailingBytes: size - sizeBytes } });
  return verifyLeaves(view, await readAt(file, leafTableOffset, leafTableBytes));
}

/** Reads single segments of a package file. */
export function segmentReader(file: FileHandle, layout: PackageLayout): SegmentReader {
  return (index) => {
    const { start, sealedBytes } = segmentRange(layout, index);
    return readAt(file, start, sealedBytes);
  };
}

/** Fewer bytes come back only where the file ends. */
async function readAt(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}
