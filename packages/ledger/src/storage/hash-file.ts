import type { FileHandle } from 'node:fs/promises';
import { SallyportError } from '@sallyport/contracts';
import { HASH_BYTES } from '../merkle/hashing.ts';
import { nodePosition } from '../merkle/layout.ts';
import type { NodeReader } from '../merkle/prove.ts';

/** Reads nodes from the hash file by level and index. */
export function nodeReader(file: FileHandle): NodeReader {
  return async (level, index) => readHash(file, nodePosition(level, index));
}

/** How many whole hashes were written; zeros at the end are a power cut's doing, not hashes. */
export async function countHashes(file: FileHandle): Promise<number> {
  const { size } = await file.stat();
  let count = Math.floor(size / HASH_BYTES);
  while (count > 0 && (await readHash(file, count - 1)).every((byte) => byte === 0)) count -= 1;
  return count;
}

/** Reads `count` hashes from `position`. */
export async function readHashes(
  file: FileHandle,
  position: number,
  count: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(count * HASH_BYTES);
  const { bytesRead } = await file.read(bytes, 0, bytes.length, position * HASH_BYTES);
  if (bytesRead !== bytes.length)
    throw new SallyportError('ERR_LEDGER_TRUNCATED', { detail: { hash: position } });
  return bytes;
}

/** Writes hashes at `position` and makes them durable. */
export async function writeHashes(
  file: FileHandle,
  position: number,
  hashes: readonly Uint8Array[],
): Promise<void> {
  const bytes = Buffer.concat(hashes);
  await writeFully(file, bytes, position * HASH_BYTES);
  await file.sync();
}

/** `FileHandle.write` may write less than asked; this does not. */
export async function writeFully(
  file: FileHandle,
  bytes: Uint8Array,
  position: number,
): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

async function readHash(file: FileHandle, position: number): Promise<Uint8Array> {
  return readHashes(file, position, 1);
}
