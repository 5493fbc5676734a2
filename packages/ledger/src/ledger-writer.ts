import type { FileHandle } from 'node:fs/promises';
import {
  LedgerEntry,
  SallyportError,
  parse,
  canonicalBytes,
  concatBytes,
  fromHex,
  type CheckpointRecord,
  type RecordSigner,
} from '@sallyport/contracts';
import { checkpointOf, type SignedCheckpoint } from './checkpoint.ts';
import type { TreeFold } from './merkle/fold.ts';
import { isSameHash, leafHash } from './merkle/hashing.ts';
import { storedHashes } from './merkle/layout.ts';
import { consistencyPath, inclusionPath, rootHash, type NodeReader } from './merkle/prove.ts';
import {
  decodeOwnCheckpoint,
  listCheckpointSizes,
  readCheckpoint,
  storeCheckpoint,
} from './storage/checkpoint-folder.ts';
import { ledgerPaths, openOrCreate, prepareFolder, type LedgerIdentity } from './storage/folder.ts';
import { nodeReader, writeFully, writeHashes } from './storage/hash-file.ts';
import { MAX_ENTRY_BYTES } from './storage/lines.ts';
import { recoverLog, type KnownHead, type RecoveredLog } from './storage/recover.ts';
import { takeWriterLock, type WriterLock } from './storage/writer-lock.ts';

/** How many earlier heads each checkpoint proves its growth from. */
export const PROVEN_HEADS = 16;

/** Where one entry stands. `isNew` is false when its id was already recorded with the same content. */
export interface AppendedEntry {
  readonly entryId: string;
  readonly index: number;
  readonly isNew: boolean;
}

interface Storage {
  readonly directory: string;
  readonly entries: FileHandle;
  readonly hashes: FileHandle;
  readonly lock: WriterLock;
}

/**
 * The one writer of a zone's ledger. Exactly one role opens it; the others write pending entries to
 * an outbox table in the transaction of the act itself, and the writing role drains that table:
 * append, then mark the rows. Appending an id that is already recorded changes nothing, so a crash
 * between the two steps records nothing twice.
 *
 * @example
 * const ledger = await LedgerWriter.open({ directory, origin: siteId, zone: 'internal' });
 * const appended = await ledger.appendEntries(pending); // durable when it returns
 * const { jws } = await ledger.signCheckpoint({ signer, now });
 */
export class LedgerWriter {
  readonly identity: LedgerIdentity;
  /** Bytes of an unacknowledged tail that opening removed; worth a log line when not 0. */
  readonly cutBytes: number;
  readonly #storage: Storage;
  readonly #fold: TreeFold;
  readonly #indexOf: Map<string, number>;
  readonly #read: NodeReader;
  #entriesBytes: number;
  #queue: Promise<unknown> = Promise.resolve();
  #fault: unknown = undefined;
  #isClosed = false;

  private constructor(identity: LedgerIdentity, storage: Storage, log: RecoveredLog) {
    this.identity = identity;
    this.cutBytes = log.cutBytes;
    this.#storage = storage;
    this.#fold = log.fold;
    this.#indexOf = log.indexOf;
    this.#entriesBytes = log.entriesBytes;
    this.#read = nodeReader(storage.hashes);
  }

  /**
   * Takes the lock, reads and checks the whole log (a few seconds per 100,000 entries) and repairs
   * what a crash left unfinished.
   *
   * @throws SallyportError ERR_LEDGER_LOCKED, ERR_LEDGER_ORIGIN, ERR_LEDGER_NOT_FOUND, and the codes
   * of damage: ERR_LEDGER_TRUNCATED, ERR_LEDGER_ENTRY_INVALID, ERR_LEDGER_HASH_MISMATCH,
   * ERR_LEDGER_DUPLICATE_ID, ERR_LEDGER_CHECKPOINT_INCONSISTENT, ERR_LEDGER_CHECKPOINT_INVALID
   */
  static async open(options: LedgerIdentity & { directory: string }): Promise<LedgerWriter> {
    const { directory, origin, zone } = options;
    await prepareFolder(directory, { origin, zone });
    const paths = ledgerPaths(directory);
    const opened: { close(): Promise<void> }[] = [];
    try {
      const lock = await takeWriterLock(paths.lock);
      opened.push({ close: () => lock.release() });
      const entries = await openOrCreate(paths.entries);
      opened.push(entries);
      const hashes = await openOrCreate(paths.hashes);
      opened.push(hashes);
      const log = await recoverLog(entries, hashes, await lastHead(paths.checkpoints));
      return new LedgerWriter({ origin, zone }, { directory, entries, hashes, lock }, log);
    } catch (cause) {
      for (const resource of opened.toReversed()) await resource.close();
      throw cause;
    }
  }

  /** Entries acknowledged so far. */
  get size(): number {
    return this.#fold.size;
  }

  /** The index of an entry, or null when its id is not recorded. */
  findIndex(entryId: string): number | null {
    return this.#indexOf.get(entryId) ?? null;
  }

  /**
   * Appends entries in order; all of them are on disk when this returns. A known id with the same
   * content is reported, not repeated. After ERR_LEDGER_WRITE nothing more is accepted: open again.
   *
   * @throws SallyportError ERR_RECORD_INVALID, ERR_LEDGER_ORIGIN, ERR_LEDGER_ENTRY_CONFLICT (then
   * nothing of the batch was written), ERR_LEDGER_WRITE, ERR_LEDGER_LOCK_LOST
   */
  async appendEntries(entries: readonly LedgerEntry[]): Promise<AppendedEntry[]> {
    return this.#inTurn(async () => {
      const plan = await this.#planAppend(entries);
      if (plan.lines.length > 0) await this.#write(plan.lines);
      return plan.results;
    });
  }

  /** Root of the first `size` entries, of all when omitted. @throws SallyportError ERR_LEDGER_RANGE */
  async root(size: number = this.size): Promise<Uint8Array> {
    this.#requireSize(size);
    return rootHash(this.#read, size);
  }

  /** Audit path of one entry. @throws SallyportError ERR_LEDGER_RANGE */
  async inclusionProof(index: number, size: number = this.size): Promise<Uint8Array[]> {
    this.#requireSize(size);
    return inclusionPath(this.#read, index, size);
  }

  /** Proof that the first `from` entries are a prefix of the first `to`. @throws SallyportError ERR_LEDGER_RANGE */
  async consistencyProof(from: number, to: number = this.size): Promise<Uint8Array[]> {
    this.#requireSize(to);
    return consistencyPath(this.#read, from, to);
  }

  /**
   * Signs the present head with proofs from the last {@link PROVEN_HEADS} heads and stores it before
   * returning it. Never signs what contradicts an earlier head. A head of unchanged size may be
   * signed again (a heartbeat); the first one is kept.
   *
   * @throws SallyportError ERR_LEDGER_CHECKPOINT_INCONSISTENT, ERR_CERTIFICATE_ROLE
   */
  async signCheckpoint(options: { signer: RecordSigner; now: Date }): Promise<SignedCheckpoint> {
    return this.#inTurn(async () => {
      const { checkpoints } = ledgerPaths(this.#storage.directory);
      const heads = await readHeads(checkpoints, PROVEN_HEADS);
      for (const head of heads) await this.#requireConsistent(head);
      const signed = await checkpointOf({
        ...this.identity,
        treeSize: this.size,
        read: this.#read,
        heads: heads.map(({ size }) => size),
        ...options,
      });
      if (heads.at(-1)?.size !== this.size)
        await storeCheckpoint(checkpoints, this.size, signed.jws);
      return signed;
    });
  }

  /** The newest stored checkpoint, or null before the first. */
  async findLastCheckpoint(): Promise<SignedCheckpoint | null> {
    const { checkpoints } = ledgerPaths(this.#storage.directory);
    const size = (await listCheckpointSizes(checkpoints)).at(-1);
    if (size === undefined) return null;
    const jws = await readCheckpoint(checkpoints, size);
    return { jws, record: decodeOwnCheckpoint(jws) };
  }

  /** Waits for what is under way, closes the files and gives the lock back. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#queue;
    await this.#storage.entries.close();
    await this.#storage.hashes.close();
    await this.#storage.lock.release();
  }

  async #planAppend(
    entries: readonly LedgerEntry[],
  ): Promise<{ results: AppendedEntry[]; lines: Line[] }> {
    const lines: Line[] = [];
    const fresh = new Map<string, Line>();
    const results: AppendedEntry[] = [];
    for (const entry of entries) {
      const line = this.#lineOf(entry);
      const index = this.#indexOf.get(line.entryId) ?? fresh.get(line.entryId)?.index;
      if (index === undefined) {
        const placed = { ...line, index: this.size + lines.length };
        lines.push(placed);
        fresh.set(line.entryId, placed);
        results.push({ entryId: line.entryId, index: placed.index, isNew: true });
      } else {
        const known = fresh.get(line.entryId)?.leaf ?? (await this.#read(0, index));
        if (!isSameHash(known, line.leaf)) {
          throw new SallyportError('ERR_LEDGER_ENTRY_CONFLICT', {
            detail: { entryId: line.entryId, index },
          });
        }
        results.push({ entryId: line.entryId, index, isNew: false });
      }
    }
    return { results, lines };
  }

  #lineOf(value: LedgerEntry): Omit<Line, 'index'> {
    const entry = parse(LedgerEntry, value);
    if (entry.zone !== this.identity.zone)
      throw new SallyportError('ERR_LEDGER_ORIGIN', { detail: { zone: entry.zone } });
    const bytes = canonicalBytes(entry);
    if (bytes.length > MAX_ENTRY_BYTES) throw new SallyportError('ERR_RECORD_TOO_LARGE');
    return { entryId: entry.entryId, bytes, leaf: leafHash(bytes) };
  }

  /** Lines first, hashes second, each synced: a hash on disk means its line is on disk. */
  async #write(lines: readonly Line[]): Promise<void> {
    const { entries, hashes, lock } = this.#storage;
    await lock.assertHeld();
    const bytes = concatBytes(...lines.flatMap((line) => [line.bytes, LINE_FEED]));
    const position = storedHashes(this.size);
    try {
      await writeFully(entries, bytes, this.#entriesBytes);
      await entries.sync();
      await writeHashes(
        hashes,
        position,
        lines.flatMap(({ leaf }) => this.#fold.append(leaf)),
      );
    } catch (cause) {
      // Nobody knows what reached the disk after a failed write or sync; only reading it again tells.
      this.#fault = cause;
      throw new SallyportError('ERR_LEDGER_WRITE', { cause });
    }
    this.#entriesBytes += bytes.length;
    for (const line of lines) this.#indexOf.set(line.entryId, line.index);
  }

  async #requireConsistent(head: KnownHead): Promise<void> {
    const isSame =
      head.size <= this.size && isSameHash(await rootHash(this.#read, head.size), head.root);
    if (!isSame) {
      throw new SallyportError('ERR_LEDGER_CHECKPOINT_INCONSISTENT', {
        detail: { signed: head.size, size: this.size },
      });
    }
  }

  #requireSize(size: number): void {
    if (size > this.size)
      throw new SallyportError('ERR_LEDGER_RANGE', { detail: { size, known: this.size } });
  }

  /** One act at a time: an append never runs into another or into a checkpoint. */
  async #inTurn<T>(act: () => Promise<T>): Promise<T> {
    if (this.#isClosed)
      throw new SallyportError('ERR_LEDGER_WRITE', { detail: { fault: 'closed' } });
    const turn = this.#queue.then(() => {
      if (this.#fault !== undefined)
        throw new SallyportError('ERR_LEDGER_WRITE', { cause: this.#fault });
      return act();
    });
    // The caller of this turn sees its error; the next turn only waits for its end.
    this.#queue = turn.then(noop, noop);
    return turn;
  }
}

interface Line {
  readonly entryId: string;
  readonly bytes: Uint8Array;
  readonly leaf: Uint8Array;
  readonly index: number;
}

const LINE_FEED = Uint8Array.of(10);
const noop = (): void => undefined;

async function lastHead(folder: string): Promise<KnownHead | null> {
  return (await readHeads(folder, 1)).at(-1) ?? null;
}

async function readHeads(folder: string, count: number): Promise<KnownHead[]> {
  const sizes = (await listCheckpointSizes(folder)).slice(-count);
  return Promise.all(
    sizes.map(async (size) =>
      headOf(decodeOwnCheckpoint(await readCheckpoint(folder, size)), size),
    ),
  );
}

/** The file is named by the size it states; a renamed one is not what was signed. */
function headOf(record: CheckpointRecord, size: number): KnownHead {
  if (record.treeSize !== size)
    throw new SallyportError('ERR_LEDGER_CHECKPOINT_INVALID', { detail: { size } });
  return { size, root: fromHex(record.rootHash) };
}
