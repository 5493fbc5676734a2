// A file at rest. All numbers are big-endian; nothing follows the last chunk.
//
//   offset  size          content
//   0       8             "SALLYAR1"
//   8       4             N, bytes of the header (1 … 16384)
//   12      N             header: canonical JSON, see AtRestHeader
//   12 + N  per chunk     AES-256-GCM ciphertext (CHUNK_BYTES, the last one 0 … CHUNK_BYTES) | tag (16)
//
//   nonce of a chunk = 0x000000 | final flag (u8) | chunk index (u64)
//   associated data  = SHA-256 of the header bytes
//
// Every file has its own random key, so counted nonces never meet again. The index in the nonce
// refuses reordering and repetition, the final flag refuses truncation at a chunk's border.
// The key lies in the header, wrapped to public keys: who writes cannot read, and it dies with the file.

import { createCipheriv, createDecipheriv, createHash, randomBytes, type Hash } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  Compact,
  Id128,
  SallyportError,
  canonicalBytes,
  parse,
  parseCanonical,
  strictObject,
  unwrapWith,
  wrapFor,
  type PublicJwk,
} from '@sallyport/contracts';
import { syncFolder } from '@sallyport/runtime';
import Type, { type Static } from 'typebox';

const MAGIC = Buffer.from('SALLYAR1', 'ascii');
const PREFIX_BYTES = MAGIC.length + 4;
const MAX_HEADER_BYTES = 16_384;
const CHUNK_BYTES = 1024 * 1024;
const TAG_BYTES = 16;

const KEY_PURPOSES = ['data-key', 'preview-key'] as const;
export type AtRestPurpose = (typeof KEY_PURPOSES)[number];

const AtRestHeader = strictObject({
  version: Type.Literal(1),
  fileId: Id128,
  keys: Type.Array(
    strictObject({ purpose: Type.Enum([...KEY_PURPOSES]), keyId: Id128, wrapped: Compact }),
    { minItems: 1, maxItems: 4 },
  ),
});
export type AtRestHeader = Static<typeof AtRestHeader>;

/** A public key that may later open the file: the at-rest key (`data-key`) or the preview key of `api`. */
export interface AtRestReader {
  readonly purpose: AtRestPurpose;
  readonly keyId: string;
  readonly jwk: PublicJwk;
}

/** The private half of an {@link AtRestReader}. */
export interface AtRestOpener {
  readonly purpose: AtRestPurpose;
  readonly keyId: string;
  readonly privateKey: CryptoKey;
}

/** What went into the file, measured while it streamed by. */
export interface AtRestFacts {
  readonly sha256: string;
  readonly sizeBytes: number;
}

/**
 * Streams `source` into an encrypted file: `.part`, fsync, rename, fsync of the folder. When it
 * throws, nothing is visible under `path`.
 */
export async function writeAtRest(
  path: string,
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: { fileId: string; readers: readonly AtRestReader[] },
): Promise<AtRestFacts> {
  const part = `${path}.${randomBytes(6).toString('hex')}.part`;
  const handle = await open(part, 'wx', 0o600);
  try {
    const facts = await writeChunks(handle, source, options);
    await handle.sync();
    await handle.close();
    await rename(part, path);
    await syncFolder(dirname(path));
    return facts;
  } catch (error) {
    await handle.close();
    await rm(part, { force: true });
    throw error;
  }
}

/**
 * Reads the header, which only says whose keys may open the file; the chunks bind it.
 *
 * @throws SallyportError ERR_AT_REST_INVALID, ERR_AT_REST_TRUNCATED
 */
export async function readAtRestHeader(path: string): Promise<AtRestHeader> {
  const handle = await open(path, 'r');
  try {
    return (await readHeader(handle)).header;
  } finally {
    await handle.close();
  }
}

/**
 * The key of one file, unwrapped by a holder of a private half.
 *
 * @throws SallyportError ERR_AT_REST_INVALID when the file is another or not wrapped for this key
 * @throws SallyportError ERR_WRAP_FAILED when the wrapped key was altered
 */
export async function openDataKey(
  header: AtRestHeader,
  fileId: string,
  opener: AtRestOpener,
): Promise<Uint8Array<ArrayBuffer>> {
  const entry = header.keys.find(
    ({ purpose, keyId }) => purpose === opener.purpose && keyId === opener.keyId,
  );
  if (header.fileId !== fileId || entry === undefined) throw invalid('keys');
  const { purpose, keyId } = opener;
  return unwrapWith(opener.privateKey, entry.wrapped, { purpose, keyId, context: fileId });
}

/**
 * Streams the plaintext. Chunks that were yielded are authentic; only the normal end of the stream
 * says that the file is complete.
 *
 * @throws SallyportError ERR_AT_REST_TRUNCATED, ERR_AT_REST_INVALID
 */
export async function* readAtRest(
  path: string,
  dataKey: Uint8Array,
): AsyncGenerator<Buffer, void, undefined> {
  const handle = await open(path, 'r');
  try {
    const { associated, bodyAt } = await readHeader(handle);
    let offset = bodyAt;
    let pending = await readAt(handle, offset, CHUNK_BYTES + TAG_BYTES);
    for (let index = 0; ; index += 1) {
      offset += pending.length;
      const next = await readAt(handle, offset, CHUNK_BYTES + TAG_BYTES);
      const isFinal = next.length === 0;
      yield openChunk(pending, { dataKey, associated, index, isFinal });
      if (isFinal) return;
      pending = next;
    }
  } finally {
    await handle.close();
  }
}

/** Opens a file with a private key and streams it: {@link readAtRestHeader}, {@link openDataKey}, {@link readAtRest}. */
export async function* decryptAtRest(
  path: string,
  fileId: string,
  opener: AtRestOpener,
): AsyncGenerator<Buffer, void, undefined> {
  const dataKey = await openDataKey(await readAtRestHeader(path), fileId, opener);
  yield* readAtRest(path, dataKey);
}

/** Digests what streams through, without holding it. */
export async function* digesting(
  source: AsyncIterable<Uint8Array>,
  hash: Hash,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const piece of source) {
    hash.update(piece);
    yield piece;
  }
}

async function writeChunks(
  handle: FileHandle,
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: { fileId: string; readers: readonly AtRestReader[] },
): Promise<AtRestFacts> {
  const dataKey = randomBytes(32);
  const header = canonicalBytes(await makeHeader(dataKey, options));
  const associated = createHash('sha256').update(header).digest();
  const hash = createHash('sha256');
  let sizeBytes = 0;
  let index = 0;
  await handle.write(prefixOf(header.length));
  await handle.write(header);
  let pending: Buffer | null = null;
  for await (const chunk of inChunks(source)) {
    hash.update(chunk);
    sizeBytes += chunk.length;
    if (pending !== null) {
      await handle.write(sealChunk(pending, { dataKey, associated, index, isFinal: false }));
      index += 1;
    }
    pending = chunk;
  }
  await handle.write(
    sealChunk(pending ?? Buffer.alloc(0), { dataKey, associated, index, isFinal: true }),
  );
  dataKey.fill(0);
  return { sha256: hash.digest('hex'), sizeBytes };
}

async function makeHeader(
  dataKey: Uint8Array,
  { fileId, readers }: { fileId: string; readers: readonly AtRestReader[] },
): Promise<AtRestHeader> {
  const keys = await Promise.all(
    readers.map(async ({ purpose, keyId, jwk }) => ({
      purpose,
      keyId,
      wrapped: await wrapFor(jwk, dataKey, { purpose, keyId, context: fileId }),
    })),
  );
  return parse(AtRestHeader, { version: 1, fileId, keys });
}

/** Regroups pieces of any size into full chunks and a shorter last one. */
async function* inChunks(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Buffer> {
  let chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let filled = 0;
  for await (const piece of source) {
    for (let from = 0; from < piece.length;) {
      const taken = Math.min(CHUNK_BYTES - filled, piece.length - from);
      chunk.set(piece.subarray(from, from + taken), filled);
      filled += taken;
      from += taken;
      if (filled < CHUNK_BYTES) continue;
      yield chunk;
      chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      filled = 0;
    }
  }
  if (filled > 0) yield chunk.subarray(0, filled);
}

interface ChunkPlace {
  readonly dataKey: Uint8Array;
  readonly associated: Uint8Array;
  readonly index: number;
  readonly isFinal: boolean;
}

function sealChunk(plain: Uint8Array, place: ChunkPlace): Buffer {
  const cipher = createCipheriv('aes-256-gcm', place.dataKey, nonceOf(place)).setAAD(
    place.associated,
  );
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function openChunk(sealed: Buffer, place: ChunkPlace): Buffer {
  if (sealed.length < TAG_BYTES)
    throw new SallyportError('ERR_AT_REST_TRUNCATED', { detail: { index: place.index } });
  const decipher = createDecipheriv('aes-256-gcm', place.dataKey, nonceOf(place), {
    authTagLength: TAG_BYTES,
  })
    .setAAD(place.associated)
    .setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    // A last chunk without its flag is the remains of a longer file, or of an altered one.
    const code = place.isFinal ? 'ERR_AT_REST_TRUNCATED' : 'ERR_AT_REST_INVALID';
    throw new SallyportError(code, { detail: { index: place.index }, cause });
  }
}

function nonceOf({ index, isFinal }: ChunkPlace): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt8(isFinal ? 1 : 0, 3);
  nonce.writeBigUInt64BE(BigInt(index), 4);
  return nonce;
}

async function readHeader(
  handle: FileHandle,
): Promise<{ header: AtRestHeader; associated: Buffer; bodyAt: number }> {
  const prefix = await readAt(handle, 0, PREFIX_BYTES);
  if (prefix.length < PREFIX_BYTES)
    throw new SallyportError('ERR_AT_REST_TRUNCATED', { detail: { index: 0 } });
  const length = prefix.readUInt32BE(MAGIC.length);
  if (!prefix.subarray(0, MAGIC.length).equals(MAGIC) || length < 1 || length > MAX_HEADER_BYTES)
    throw invalid('prefix');
  const bytes = await readAt(handle, PREFIX_BYTES, length);
  if (bytes.length < length)
    throw new SallyportError('ERR_AT_REST_TRUNCATED', { detail: { index: 0 } });
  const header = parse(AtRestHeader, parseHeaderJson(bytes), 'ERR_AT_REST_INVALID');
  return {
    header,
    associated: createHash('sha256').update(bytes).digest(),
    bodyAt: PREFIX_BYTES + length,
  };
}

function parseHeaderJson(bytes: Buffer): unknown {
  try {
    return parseCanonical(bytes);
  } catch (cause) {
    throw new SallyportError('ERR_AT_REST_INVALID', { detail: { part: 'header' }, cause });
  }
}

function prefixOf(headerBytes: number): Buffer {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  MAGIC.copy(prefix);
  prefix.writeUInt32BE(headerBytes, MAGIC.length);
  return prefix;
}

/** Reads `length` bytes at `offset`, fewer only at the end of the file. */
async function readAt(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

function invalid(part: string): SallyportError {
  return new SallyportError('ERR_AT_REST_INVALID', { detail: { part } });
}
