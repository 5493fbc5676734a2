import { createHash } from 'node:crypto';
import { lstat, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SallyportError, type PackageEntry } from '@sallyport/contracts';
import { associatedDataOf, nonceOf } from '../content-key.ts';
import { encodePrefix, LEAF_BYTES } from '../format.ts';
import { segmentRange, type EntryLayout, type PackageLayout } from '../layout.ts';
import { leafHash, rootOf } from '../merkle.ts';
import type { SegmentCipher } from '../suite.ts';

/** One entry to write; `sha256` is the approved digest of its plaintext, null where none was approved. */
export interface SealEntry extends Pick<PackageEntry, 'id' | 'mediaType' | 'sizeBytes'> {
  readonly sha256: string | null;
  open(): AsyncIterable<Uint8Array>;
}

// One pass, one segment in memory:
//
//   entries ─► segments of fixed size ─► encrypt ─► leaf ─► <path>.part at the computed offset
//                                                    └► leaf table ─► root ─► header ─► offset 0
//   fsync file ─► commit ─► rename ─► fsync folder
//
// Until the rename there is no package; a .part is never read by anyone.

/**
 * Writes a whole package or nothing.
 *
 * @throws SallyportError ERR_SEAL_TARGET_EXISTS, ERR_SEAL_ENTRY_SIZE, ERR_SEAL_DIGEST_MISMATCH,
 * ERR_SEAL_LAYOUT
 */
export async function writePackage(options: {
  path: string;
  layout: PackageLayout;
  cipher: SegmentCipher;
  packageId: string;
  nonceBase: string;
  entries: readonly SealEntry[];
  headerFor: (root: string) => Promise<string>;
  commit: () => Promise<void>;
  signal?: AbortSignal | undefined;
}): Promise<void> {
  const { path, layout, entries } = options;
  const part = `${path}.part`;
  await requireAbsent(path);
  try {
    const file = await open(part, 'w', 0o600);
    try {
      const leaves = new Uint8Array(layout.leafTableBytes);
      for (const [index, entry] of entries.entries())
        await writeEntry(file, entry, index, leaves, options);
      await writeAt(file, leaves, layout.leafTableOffset);
      await writeHeader(file, await options.headerFor(await rootOf(leaves)), layout);
      await file.sync();
    } finally {
      await file.close();
    }
    await options.commit();
    await rename(part, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

async function writeEntry(
  file: FileHandle,
  entry: SealEntry,
  index: number,
  leaves: Uint8Array,
  { layout, cipher, packageId, nonceBase, signal }: Parameters<typeof writePackage>[0],
): Promise<void> {
  const place = layout.entries[index];
  if (place === undefined)
    throw new SallyportError('ERR_SEAL_LAYOUT', { detail: { fault: 'no such entry' } });
  const hash = createHash('sha256');
  let segment = place.firstSegment;
  for await (const plain of inSegments(entry.open(), place, layout.segmentSizeBytes)) {
    signal?.throwIfAborted();
    hash.update(plain);
    const range = segmentRange(layout, segment);
    const sealed = await cipher.seal(
      nonceOf(nonceBase, segment),
      associatedDataOf(packageId, range),
      plain,
    );
    leaves.set(await leafHash(segment, sealed), segment * LEAF_BYTES);
    await writeAt(file, sealed, range.start);
    segment += 1;
  }
  if (entry.sha256 !== null && hash.digest('hex') !== entry.sha256) {
    throw new SallyportError('ERR_SEAL_DIGEST_MISMATCH', { detail: { entry: entry.id } });
  }
}

/** Re-cuts a stream into full segments and a last one; refuses one byte too many or too few. */
async function* inSegments(
  chunks: AsyncIterable<Uint8Array>,
  { id, sizeBytes }: EntryLayout,
  segmentSizeBytes: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  let left = sizeBytes;
  let buffer = new Uint8Array(Math.min(left, segmentSizeBytes));
  let filled = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length;) {
      if (left === 0) throw sizeError(id);
      const taken = chunk.subarray(at, at + buffer.length - filled);
      buffer.set(taken, filled);
      filled += taken.length;
      at += taken.length;
      if (filled < buffer.length) continue;
      left -= filled;
      yield buffer;
      buffer = new Uint8Array(Math.min(left, segmentSizeBytes));
      filled = 0;
    }
  }
  if (left > 0) throw sizeError(id);
}

async function writeHeader(file: FileHandle, jws: string, layout: PackageLayout): Promise<void> {
  const prefix = encodePrefix(jws.length);
  if (prefix.length + jws.length !== layout.segmentsOffset) {
    throw new SallyportError('ERR_SEAL_LAYOUT', { detail: { fault: 'header length' } });
  }
  await writeAt(file, new TextEncoder().encode(jws), prefix.length);
  await writeAt(file, prefix, 0);
}

/** A write may take fewer bytes than it was given. */
async function writeAt(file: FileHandle, bytes: Uint8Array, offset: number): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, at, bytes.length - at, offset + at);
    at += bytesWritten;
  }
}

async function requireAbsent(path: string): Promise<void> {
  const found = await lstat(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
  if (found !== null) throw new SallyportError('ERR_SEAL_TARGET_EXISTS');
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function sizeError(entry: string): SallyportError {
  return new SallyportError('ERR_SEAL_ENTRY_SIZE', { detail: { entry } });
}
