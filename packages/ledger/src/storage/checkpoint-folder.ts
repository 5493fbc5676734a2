import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CheckpointRecord,
  SallyportError,
  fromBase64url,
  parse,
  parseCanonical,
} from '@sallyport/contracts';
import { writeDurably } from './durable.ts';
import { errnoOf } from './errno.ts';

const NAME = /^([0-9]{12})\.jws$/;

/** Tree sizes of the checkpoints stored, rising. */
export async function listCheckpointSizes(folder: string): Promise<number[]> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return [];
    throw cause;
  }
  return names
    .flatMap((name) => NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/** The compact JWS stored for one tree size. */
export async function readCheckpoint(folder: string, size: number): Promise<string> {
  return readFile(join(folder, fileName(size)), 'ascii');
}

/** Makes a signed checkpoint durable before anybody sees it. */
export async function storeCheckpoint(folder: string, size: number, jws: string): Promise<void> {
  await writeDurably(join(folder, fileName(size)), new TextEncoder().encode(jws));
}

/**
 * The payload of a checkpoint of one's own folder, signature aside (the folder's owner signed it;
 * fsck verifies it with the CA).
 *
 * @throws SallyportError ERR_LEDGER_CHECKPOINT_INVALID
 */
export function decodeOwnCheckpoint(jws: string): CheckpointRecord {
  try {
    return parse(CheckpointRecord, parseCanonical(fromBase64url(jws.split('.')[1] ?? '')));
  } catch (cause) {
    throw new SallyportError('ERR_LEDGER_CHECKPOINT_INVALID', { cause });
  }
}

function fileName(size: number): string {
  return `${String(size).padStart(12, '0')}.jws`;
}
