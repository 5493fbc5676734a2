import { open, type FileHandle } from 'node:fs/promises';
import { LedgerEntry, SallyportError, parse, parseCanonical } from '@sallyport/contracts';
import { leavesCovered } from './merkle/layout.ts';
import { consistencyPath, inclusionPath, rootHash } from './merkle/prove.ts';
import {
  decodeOwnCheckpoint,
  listCheckpointSizes,
  readCheckpoint,
} from './storage/checkpoint-folder.ts';
import type { SignedCheckpoint } from './checkpoint.ts';
import { errnoOf } from './storage/errno.ts';
import { ledgerPaths, readIdentity, type LedgerIdentity } from './storage/folder.ts';
import { countHashes, nodeReader } from './storage/hash-file.ts';
import { readLines } from './storage/lines.ts';

/**
 * Reads a ledger beside its writer, from any process: only entries the writer has acknowledged.
 * Call {@link LedgerReader.refresh} to see what was appended since.
 */
export class LedgerReader {
  readonly identity: LedgerIdentity;
  readonly #directory: string;
  readonly #entries: FileHandle;
  readonly #hashes: FileHandle;
  // Byte offset of each entry and, last, of what follows them.
  readonly #offsets: number[] = [0];

  private constructor(
    identity: LedgerIdentity,
    directory: string,
    entries: FileHandle,
    hashes: FileHandle,
  ) {
    this.identity = identity;
    this.#directory = directory;
    this.#entries = entries;
    this.#hashes = hashes;
  }

  /** @throws SallyportError ERR_LEDGER_NOT_FOUND also before the writer has made the ledger */
  static async open(directory: string): Promise<LedgerReader> {
    const identity = await readIdentity(directory);
    const paths = ledgerPaths(directory);
    const entries = await openExisting(paths.entries);
    try {
      const reader = new LedgerReader(
        identity,
        directory,
        entries,
        await openExisting(paths.hashes),
      );
      await reader.refresh();
      return reader;
    } catch (cause) {
      await entries.close();
      throw cause;
    }
  }

  get size(): number {
    return this.#offsets.length - 1;
  }

  /** Takes in what was acknowledged since the last call and returns the new size. */
  async refresh(): Promise<number> {
    const size = leavesCovered(await countHashes(this.#hashes));
    const { size: fileBytes } = await this.#entries.stat();
    if (size === this.size) return size;
    for await (const line of readLines(this.#entries, this.#offsets.at(-1) ?? 0, fileBytes)) {
      this.#offsets.push(line.offset + line.bytes.length + 1);
      if (this.size === size) break;
    }
    return this.size;
  }

  /**
   * Entries [from, from + limit), fewer at the end.
   *
   * @throws SallyportError ERR_LEDGER_ENTRY_INVALID when the file was altered
   */
  async entries(from: number, limit: number): Promise<LedgerEntry[]> {
    const to = Math.min(this.size, from + limit);
    const [start, end] = [this.#offsets[from], this.#offsets[to]];
    if (start === undefined || end === undefined || from >= to) return [];
    const found: LedgerEntry[] = [];
    for await (const line of readLines(this.#entries, start, end)) {
      found.push(parse(LedgerEntry, parseCanonical(line.bytes), 'ERR_LEDGER_ENTRY_INVALID'));
    }
    return found;
  }

  /** Root of the first `size` entries. @throws SallyportError ERR_LEDGER_RANGE */
  async root(size: number = this.size): Promise<Uint8Array> {
    this.#requireSize(size);
    return rootHash(nodeReader(this.#hashes), size);
  }

  /** Audit path of one entry. @throws SallyportError ERR_LEDGER_RANGE */
  async inclusionProof(index: number, size: number = this.size): Promise<Uint8Array[]> {
    this.#requireSize(size);
    return inclusionPath(nodeReader(this.#hashes), index, size);
  }

  /** Proof that the first `from` entries are a prefix of the first `to`. @throws SallyportError ERR_LEDGER_RANGE */
  async consistencyProof(from: number, to: number = this.size): Promise<Uint8Array[]> {
    this.#requireSize(to);
    return consistencyPath(nodeReader(this.#hashes), from, to);
  }

  /** The newest stored checkpoint, or null before the first. */
  async findLastCheckpoint(): Promise<SignedCheckpoint | null> {
    const { checkpoints } = ledgerPaths(this.#directory);
    const size = (await listCheckpointSizes(checkpoints)).at(-1);
    if (size === undefined) return null;
    const jws = await readCheckpoint(checkpoints, size);
    return { jws, record: decodeOwnCheckpoint(jws) };
  }

  async close(): Promise<void> {
    await this.#entries.close();
    await this.#hashes.close();
  }

  #requireSize(size: number): void {
    if (size > this.size)
      throw new SallyportError('ERR_LEDGER_RANGE', { detail: { size, known: this.size } });
  }
}

async function openExisting(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (cause) {
    if (errnoOf(cause) !== 'ENOENT') throw cause;
    throw new SallyportError('ERR_LEDGER_NOT_FOUND', { cause });
  }
}
