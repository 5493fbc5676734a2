// A ledger is one folder; every file but the lock only ever grows or appears whole.
//
//   ledger.json              format, origin (site or gateway id), zone
//   entries.jsonl            one canonical JSON entry per line: the leaves, in order
//   hashes.bin               32 bytes per complete subtree (merkle/layout.ts); written and synced after
//                            the lines it covers, so a line it covers was durable before
//   checkpoints/<size>.jws   every checkpoint signed, by tree size, 12 digits
//   writer.lock              who writes now

import { mkdir, open, readFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import {
  Id128,
  SallyportError,
  canonicalBytes,
  parse,
  parseCanonical,
  strictObject,
} from '@sallyport/contracts';
import Type, { type Static } from 'typebox';
import { syncDirectory, writeDurably } from './durable.ts';
import { errnoOf } from './errno.ts';

const FORMAT = 'sallyport-ledger-1';

const LedgerIdentityFile = strictObject({
  format: Type.Literal(FORMAT),
  origin: Id128,
  zone: Type.Enum(['internal', 'dmz']),
});

/** Whose ledger a folder holds. */
export type LedgerIdentity = Pick<Static<typeof LedgerIdentityFile>, 'origin' | 'zone'>;

/** Paths inside a ledger folder. */
export function ledgerPaths(directory: string) {
  return {
    identity: join(directory, 'ledger.json'),
    entries: join(directory, 'entries.jsonl'),
    hashes: join(directory, 'hashes.bin'),
    checkpoints: join(directory, 'checkpoints'),
    lock: join(directory, 'writer.lock'),
  };
}

/** @throws SallyportError ERR_LEDGER_NOT_FOUND */
export async function readIdentity(directory: string): Promise<LedgerIdentity> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(ledgerPaths(directory).identity);
  } catch (cause) {
    throw new SallyportError('ERR_LEDGER_NOT_FOUND', { cause });
  }
  const { origin, zone } = parse(LedgerIdentityFile, parseCanonical(bytes), 'ERR_LEDGER_NOT_FOUND');
  return { origin, zone };
}

/**
 * Makes the folder where it is missing, and insists that an existing one is the same ledger.
 *
 * @throws SallyportError ERR_LEDGER_ORIGIN, ERR_LEDGER_NOT_FOUND
 */
export async function prepareFolder(directory: string, identity: LedgerIdentity): Promise<void> {
  const paths = ledgerPaths(directory);
  await mkdir(paths.checkpoints, { recursive: true, mode: 0o750 });
  if (await isMissing(paths.identity)) {
    await writeDurably(paths.identity, canonicalBytes({ format: FORMAT, ...identity }));
  }
  const found = await readIdentity(directory);
  if (found.origin !== identity.origin || found.zone !== identity.zone)
    throw new SallyportError('ERR_LEDGER_ORIGIN');
}

/** Opens a file for reading and positioned writing, making it when it is new. */
export async function openOrCreate(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r+');
  } catch (cause) {
    if (errnoOf(cause) !== 'ENOENT') throw cause;
  }
  const file = await open(path, 'wx+', 0o640);
  try {
    await syncDirectory(join(path, '..'));
  } catch (cause) {
    await file.close();
    throw cause;
  }
  return file;
}

async function isMissing(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'r');
    await file.close();
    return false;
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return true;
    throw cause;
  }
}
