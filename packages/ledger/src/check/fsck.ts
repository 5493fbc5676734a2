// The offline check recomputes everything from the lines of entries.jsonl and believes nothing else:
//
//   lines ─► form, schema, zone, unique id ─► leaf hash ─► fold ─┬─► = hashes.bin, byte for byte
//                                                               └─► root at each checkpoint size
//   checkpoints ─► signature (with a CA) ─► root = recomputed ─► each consistency proof holds
//   names file  ─► digest of each value ─► every personal digest of the log is named or erased

import { open, type FileHandle } from 'node:fs/promises';
import {
  LedgerEntry,
  SallyportError,
  parse,
  fromHex,
  isSallyportError,
  parseCanonical,
  toHex,
  verifyRecord,
  type CheckpointRecord,
  type ErrorCode,
} from '@sallyport/contracts';
import { ledgerRole } from '../checkpoint.ts';
import { TreeFold } from '../merkle/fold.ts';
import { HASH_BYTES, isSameHash, leafHash } from '../merkle/hashing.ts';
import { leavesCovered, storedHashes } from '../merkle/layout.ts';
import { isConsistent } from '../merkle/verify.ts';
import { nameDigests } from '../names.ts';
import {
  decodeOwnCheckpoint,
  listCheckpointSizes,
  readCheckpoint,
} from '../storage/checkpoint-folder.ts';
import { ledgerPaths, readIdentity, type LedgerIdentity } from '../storage/folder.ts';
import { countHashes, readHashes } from '../storage/hash-file.ts';
import { readLines, type LogLine } from '../storage/lines.ts';
import { isWriterAlive } from '../storage/writer-lock.ts';
import { NamesCheck } from './names-check.ts';
import type { FsckReport } from './report.ts';

export interface FsckOptions {
  readonly directory: string;
  /** CA certificate, standard base64 DER. Without it signatures are not checked, and the report says so. */
  readonly ca?: string;
  /** Exported rows of the erasable table, one JSON object per line. */
  readonly namesFile?: string;
}

/** Checks a ledger folder; never writes to it. A fault ends the check: what follows it proves nothing. */
export async function checkLedger(options: FsckOptions): Promise<FsckReport> {
  const check = new LedgerCheck(options);
  try {
    await check.run();
    return check.report(null);
  } catch (cause) {
    if (!isSallyportError(cause)) throw cause;
    return check.report({ code: cause.code, where: check.place });
  }
}

class LedgerCheck {
  place = 'ledger.json';
  readonly #options: FsckOptions;
  readonly #paths: ReturnType<typeof ledgerPaths>;
  readonly #fold = new TreeFold();
  readonly #ids = new Set<string>();
  readonly #rootAt = new Map<number, Uint8Array>();
  readonly #digests = new Set<string>();
  readonly #erased = new Set<string>();
  #identity: LedgerIdentity | null = null;
  #sizes: number[] = [];
  #signed: ReadonlySet<number> = new Set();
  #pending = 0;
  #names: NamesCheck | null = null;

  constructor(options: FsckOptions) {
    this.#options = options;
    this.#paths = ledgerPaths(options.directory);
  }

  async run(): Promise<void> {
    const identity = await readIdentity(this.#options.directory);
    this.#identity = identity;
    this.#sizes = await listCheckpointSizes(this.#paths.checkpoints);
    this.#signed = new Set(this.#sizes);
    await this.#checkEntries(identity);
    for (const size of this.#sizes) await this.#checkCheckpoint(identity, size);
    await this.#checkNames();
  }

  report(fault: FsckReport['fault']): FsckReport {
    const isRead = this.#identity !== null;
    return {
      isSound: fault === null,
      fault,
      origin: this.#identity?.origin ?? null,
      zone: this.#identity?.zone ?? null,
      entryCount: this.#fold.size,
      rootHash: isRead ? toHex(this.#fold.root()) : null,
      checkpointCount: this.#sizes.length,
      signedSize: this.#sizes.at(-1) ?? 0,
      signatures: this.#options.ca === undefined ? 'unchecked' : 'ca',
      names: this.#names?.counts() ?? null,
      pendingCount: this.#pending,
    };
  }

  async #checkEntries(identity: LedgerIdentity): Promise<void> {
    this.place = 'entries.jsonl';
    const hashes = await openOr(this.#paths.hashes);
    const entries = await openOr(this.#paths.entries);
    try {
      // A live writer appends while this reads: what it acknowledged before now is what is judged.
      const isLive = await isWriterAlive(this.#paths.lock);
      const stored = await countHashes(hashes);
      const acknowledged = Math.max(leavesCovered(stored), this.#sizes.at(-1) ?? 0);
      const { size: fileBytes } = await entries.stat();
      const nodes = new StoredNodes(hashes, stored);
      for await (const line of readLines(entries, 0, fileBytes)) {
        this.place = `entry ${String(this.#fold.size)}`;
        if (this.#fold.size >= acknowledged) {
          // Whole lines without hashes, or half a line: a crash's trace, or a live writer's work.
          if (!isLive) throw fault('ERR_LEDGER_TORN_TAIL');
          this.#pending += 1;
          continue;
        }
        await this.#checkLine(line, identity, nodes);
      }
      this.place = `entry ${String(this.#fold.size)}`;
      if (this.#fold.size < acknowledged) throw fault('ERR_LEDGER_TRUNCATED');
      if (!isLive && stored > storedHashes(this.#fold.size)) throw fault('ERR_LEDGER_TORN_TAIL');
    } finally {
      await hashes.close();
      await entries.close();
    }
  }

  async #checkLine(line: LogLine, identity: LedgerIdentity, nodes: StoredNodes): Promise<void> {
    if (!line.isWhole) throw fault('ERR_LEDGER_TRUNCATED');
    // The hash comes first: an altered line is an alteration before it is a line of bad shape.
    await nodes.requireNext(this.#fold.append(leafHash(line.bytes)));
    const entry = parseEntry(line.bytes);
    if (entry.zone !== identity.zone) throw fault('ERR_LEDGER_ORIGIN');
    if (this.#ids.has(entry.entryId)) throw fault('ERR_LEDGER_DUPLICATE_ID');
    this.#ids.add(entry.entryId);
    for (const digest of nameDigests(entry)) this.#digests.add(digest);
    if (entry.event.kind === 'erasure.done') this.#erased.add(entry.event.digest);
    if (this.#signed.has(this.#fold.size)) this.#rootAt.set(this.#fold.size, this.#fold.root());
  }

  async #checkCheckpoint(identity: LedgerIdentity, size: number): Promise<void> {
    this.place = `checkpoint ${String(size)}`;
    const jws = await readCheckpoint(this.#paths.checkpoints, size);
    const record = await this.#verify(jws, identity);
    if (record.origin !== identity.origin || record.zone !== identity.zone)
      throw fault('ERR_LEDGER_ORIGIN');
    if (record.treeSize !== size) throw fault('ERR_LEDGER_CHECKPOINT_INVALID');
    const root = size === 0 ? new TreeFold().root() : this.#rootAt.get(size);
    if (root === undefined || !isSameHash(root, fromHex(record.rootHash))) {
      throw fault('ERR_LEDGER_CHECKPOINT_INCONSISTENT');
    }
    for (const { fromSize, proof } of record.consistency) {
      const older = this.#rootAt.get(fromSize);
      if (older === undefined) continue; // that head's file is gone; the other zone may still hold it
      const path = proof.map((hash) => fromHex(hash));
      const holds = isConsistent({
        from: { size: fromSize, root: older },
        to: { size, root },
        path,
      });
      if (!holds) throw fault('ERR_LEDGER_PROOF');
    }
  }

  async #verify(jws: string, identity: LedgerIdentity): Promise<CheckpointRecord> {
    const record = decodeOwnCheckpoint(jws);
    if (this.#options.ca === undefined) return record;
    try {
      // A certificate that has ended since was valid when it signed: the time stated in the record counts.
      const { payload } = await verifyRecord('checkpoint', jws, {
        trust: { ca: this.#options.ca, revoked: new Set() },
        roles: [ledgerRole(identity.zone)],
        now: new Date(record.at),
      });
      return payload;
    } catch (cause) {
      throw new SallyportError('ERR_LEDGER_CHECKPOINT_INVALID', { cause });
    }
  }

  async #checkNames(): Promise<void> {
    if (this.#options.namesFile === undefined) return;
    this.place = 'names file';
    this.#names = new NamesCheck((where) => {
      this.place = where;
    });
    await this.#names.read(this.#options.namesFile);
    this.#names.requireAll(this.#digests, this.#erased);
  }
}

/** The hash file read in order, a block at a time. */
class StoredNodes {
  readonly #file: FileHandle;
  readonly #count: number;
  #position = 0;
  #block: Uint8Array = new Uint8Array();
  #blockStart = 0;

  constructor(file: FileHandle, count: number) {
    this.#file = file;
    this.#count = count;
  }

  async requireNext(nodes: readonly Uint8Array[]): Promise<void> {
    for (const node of nodes) {
      if (this.#position >= this.#count) throw fault('ERR_LEDGER_TRUNCATED');
      if (!isSameHash(await this.#next(), node)) throw fault('ERR_LEDGER_HASH_MISMATCH');
    }
  }

  async #next(): Promise<Uint8Array> {
    let offset = (this.#position - this.#blockStart) * HASH_BYTES;
    if (offset >= this.#block.length) {
      this.#blockStart = this.#position;
      this.#block = await readHashes(
        this.#file,
        this.#position,
        Math.min(4096, this.#count - this.#position),
      );
      offset = 0;
    }
    this.#position += 1;
    return this.#block.subarray(offset, offset + HASH_BYTES);
  }
}

function parseEntry(bytes: Uint8Array): LedgerEntry {
  try {
    return parse(LedgerEntry, parseCanonical(bytes));
  } catch (cause) {
    throw new SallyportError('ERR_LEDGER_ENTRY_INVALID', { cause });
  }
}

async function openOr(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (cause) {
    throw new SallyportError('ERR_LEDGER_NOT_FOUND', { cause });
  }
}

function fault(code: ErrorCode): SallyportError {
  return new SallyportError(code);
}
