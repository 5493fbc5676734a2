import type { FileHandle } from 'node:fs/promises';
import { ID128, SallyportError, parseCanonical } from '@sallyport/contracts';
import { HASH_BYTES, isSameHash, leafHash } from '../merkle/hashing.ts';
import { TreeFold } from '../merkle/fold.ts';
import { leavesCovered, storedHashes } from '../merkle/layout.ts';
import { countHashes, readHashes, writeHashes } from './hash-file.ts';
import { readLines, type LogLine } from './lines.ts';

/** A signed head the entries must still lead to. */
export interface KnownHead {
  readonly size: number;
  readonly root: Uint8Array;
}

/** The log as it stands after recovery. */
export interface RecoveredLog {
  readonly fold: TreeFold;
  readonly entriesBytes: number;
  /** Entry id → index. */
  readonly indexOf: Map<string, number>;
  /** Bytes of a tail that was never acknowledged and is gone now. */
  readonly cutBytes: number;
}

const BATCH = 4096;

/**
 * Reads the whole log, checks it against its hashes and the last signed head, cuts a torn tail and
 * writes the hashes that are missing.
 *
 * A line covered by the hash file was durable before its hash was written: if such a line is gone or
 * broken, that is damage, not a crash, and the entries are left as they are.
 *
 * @throws SallyportError ERR_LEDGER_TRUNCATED, ERR_LEDGER_ENTRY_INVALID, ERR_LEDGER_HASH_MISMATCH,
 * ERR_LEDGER_DUPLICATE_ID, ERR_LEDGER_CHECKPOINT_INCONSISTENT
 */
export async function recoverLog(
  entries: FileHandle,
  hashes: FileHandle,
  head: KnownHead | null,
): Promise<RecoveredLog> {
  const stored = await countHashes(hashes);
  const acknowledged = Math.max(leavesCovered(stored), head?.size ?? 0);
  const fold = new TreeFold();
  const indexOf = new Map<string, number>();
  const pending: Uint8Array[] = [];
  let flushed = 0;
  const flush = async () => {
    await reconcileHashes(hashes, stored, flushed, pending);
    flushed += pending.length;
    pending.length = 0;
  };

  const { size: fileBytes } = await entries.stat();
  let goodBytes = 0;
  for await (const line of readLines(entries, 0, fileBytes)) {
    const isAcknowledged = fold.size < acknowledged;
    const id = readEntryId(line, { isAcknowledged });
    if (id === null) {
      if (isAcknowledged) throw damaged(line, fold.size);
      break;
    }
    if (indexOf.has(id))
      throw new SallyportError('ERR_LEDGER_DUPLICATE_ID', { detail: { index: fold.size } });
    indexOf.set(id, fold.size);
    pending.push(...fold.append(leafHash(line.bytes)));
    if (pending.length >= BATCH) await flush();
    if (fold.size === head?.size) {
      await compareHashes(hashes, stored, flushed, pending);
      requireHead(fold, head);
    }
    goodBytes = line.offset + line.bytes.length + 1;
  }
  if (fold.size < acknowledged) {
    throw new SallyportError('ERR_LEDGER_TRUNCATED', {
      detail: { found: fold.size, acknowledged },
    });
  }
  await flush();
  await cutTail(entries, goodBytes, fileBytes);
  await cutTail(hashes, storedHashes(fold.size) * HASH_BYTES, (await hashes.stat()).size);
  return { fold, entriesBytes: goodBytes, indexOf, cutBytes: fileBytes - goodBytes };
}

/** The entry's id, or null for a line that is not a whole entry. The full schema is fsck's and append's matter. */
function readEntryId(line: LogLine, options: { isAcknowledged: boolean }): string | null {
  if (!line.isWhole) return null;
  let value: unknown;
  try {
    value = options.isAcknowledged
      ? JSON.parse(Buffer.from(line.bytes).toString('utf8'))
      : parseCanonical(line.bytes);
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof SallyportError) return null;
    throw cause;
  }
  const id: unknown =
    typeof value === 'object' && value !== null && 'entryId' in value ? value.entryId : undefined;
  return typeof id === 'string' && ID128.test(id) ? id : null;
}

function damaged(line: LogLine, index: number): SallyportError {
  return line.isWhole
    ? new SallyportError('ERR_LEDGER_ENTRY_INVALID', { detail: { index } })
    : new SallyportError('ERR_LEDGER_TRUNCATED', { detail: { index } });
}

function requireHead(fold: TreeFold, head: KnownHead): void {
  if (isSameHash(fold.root(), head.root)) return;
  throw new SallyportError('ERR_LEDGER_CHECKPOINT_INCONSISTENT', { detail: { size: head.size } });
}

/** Compares what is stored, writes what is not. */
async function reconcileHashes(
  file: FileHandle,
  stored: number,
  position: number,
  computed: readonly Uint8Array[],
): Promise<void> {
  const known = await compareHashes(file, stored, position, computed);
  if (known < computed.length) await writeHashes(file, position + known, computed.slice(known));
}

/** Returns how many of the computed hashes are stored. @throws SallyportError ERR_LEDGER_HASH_MISMATCH */
async function compareHashes(
  file: FileHandle,
  stored: number,
  position: number,
  computed: readonly Uint8Array[],
): Promise<number> {
  const known = Math.min(Math.max(stored - position, 0), computed.length);
  const found = await readHashes(file, position, known);
  const differs = computed
    .slice(0, known)
    .findIndex(
      (hash, i) => !isSameHash(hash, found.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES)),
    );
  if (differs !== -1) {
    throw new SallyportError('ERR_LEDGER_HASH_MISMATCH', {
      detail: { index: leavesCovered(position + differs) },
    });
  }
  return known;
}

async function cutTail(file: FileHandle, goodBytes: number, fileBytes: number): Promise<void> {
  if (fileBytes <= goodBytes) return;
  await file.truncate(goodBytes);
  await file.sync();
}
