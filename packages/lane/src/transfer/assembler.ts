// Parts of a large file, in any order, become the file. One folder per transfer:
//
//   <packageId>.<kind>/plan.json   part count, part size, total size: the first part fixes them
//                      body.part   the file, holes where parts are missing
//                      parts       64 bytes per part: its SHA-256, twice; zeros while it is missing
//                      body        the finished file: body.part renamed
//
// A part counts once its slot is on disk, and its slot is written after its bytes are. A slot torn by
// a power cut has two different halves and reads as missing.

import {
  mkdir,
  open,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  type FileHandle,
} from 'node:fs/promises';
import { join } from 'node:path';
import {
  Count,
  ID128,
  SallyportError,
  canonicalBytes,
  isSallyportError,
  parse,
  parseCanonical,
  strictObject,
  toHex,
  fromHex,
  type LaneFrameHeader,
} from '@sallyport/contracts';
import { errnoOf, syncDirectory, writeDurably } from '../durable.ts';
import { shapeFromPart, type PartKind, type TransferShape } from './shape.ts';

const SLOT_BYTES = 64;
const PlanFile = strictObject({ partCount: Count, partSizeBytes: Count, totalSizeBytes: Count });

/** Part indices, both ends included. */
export interface PartRange {
  readonly from: number;
  readonly to: number;
}

/** How far one file has come. */
export type TransferProgress =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'open';
      readonly shape: TransferShape;
      readonly received: number;
      readonly missing: readonly PartRange[];
    }
  | { readonly kind: 'complete'; readonly shape: TransferShape; readonly path: string };

/** One transfer on disk. */
export interface TransferId {
  readonly packageId: string;
  readonly kind: PartKind;
}

export class TransferAssembler {
  readonly #directory: string;
  readonly #maxTransferBytes: number;

  /** `maxTransferBytes` bounds one file; holes cost no disk until their parts arrive. */
  constructor(options: { directory: string; maxTransferBytes: number }) {
    this.#directory = options.directory;
    this.#maxTransferBytes = options.maxTransferBytes;
  }

  /**
   * Takes the body of one verified frame; durable when it returns. Repeating a part, also after a
   * crash, changes nothing. When the last part is in, the file appears under its final name at once
   * and whole: verify it as a package before believing anything it says.
   *
   * @throws SallyportError ERR_LANE_PART_MISMATCH, ERR_LANE_PART_CONFLICT, ERR_LANE_TRANSFER_TOO_LARGE,
   * ERR_LANE_SPOOL_WRITE
   */
  async add(header: LaneFrameHeader, body: Uint8Array): Promise<TransferProgress> {
    const { transfer, bodyKind } = header;
    if (transfer === undefined || bodyKind === 'record' || body.length !== header.bodySizeBytes) {
      throw new SallyportError('ERR_LANE_PART_MISMATCH', { detail: { fault: 'transfer' } });
    }
    const shape = shapeFromPart(transfer, body.length);
    if (shape.totalSizeBytes > this.#maxTransferBytes) {
      throw new SallyportError('ERR_LANE_TRANSFER_TOO_LARGE', {
        detail: { totalSizeBytes: shape.totalSizeBytes, limitBytes: this.#maxTransferBytes },
      });
    }
    const id = { packageId: transfer.packageId, kind: bodyKind };
    const folder = this.#folderOf(id);
    try {
      await preparePlan(folder, shape);
      if (await exists(join(folder, 'body')))
        return { kind: 'complete', shape, path: join(folder, 'body') };
      const missing = await storePart(folder, shape, transfer.partIndex, {
        body,
        digest: fromHex(header.bodySha256),
      });
      if (missing.length > 0) return openProgress(shape, missing);
      return { kind: 'complete', shape, path: await finish(folder) };
    } catch (cause) {
      if (isSallyportError(cause)) throw cause;
      throw new SallyportError('ERR_LANE_SPOOL_WRITE', {
        detail: { packageId: id.packageId },
        cause,
      });
    }
  }

  /** What is there and exactly what is missing. @throws SallyportError ERR_LANE_STATE_INVALID */
  async progress(id: TransferId): Promise<TransferProgress> {
    const folder = this.#folderOf(id);
    const shape = await findPlan(folder);
    if (shape === null) return { kind: 'none' };
    const path = join(folder, 'body');
    if (await exists(path)) return { kind: 'complete', shape, path };
    const parts = await openSlots(folder);
    try {
      return openProgress(shape, await missingOf(parts, shape));
    } finally {
      await parts.close();
    }
  }

  /** Every transfer on disk, for resuming after a restart and for the transfer log. */
  async list(): Promise<TransferId[]> {
    const names = await readdirOrEmpty(this.#directory);
    return names.flatMap((name) => {
      const [packageId = '', kind, rest] = name.split('.');
      const isOurs =
        rest === undefined &&
        ID128.test(packageId) &&
        (kind === 'package-part' || kind === 'leaf-table');
      return isOurs ? [{ packageId, kind }] : [];
    });
  }

  /** Removes a transfer with all its bytes; harmless when there is none. */
  async discard(id: TransferId): Promise<void> {
    const folder = this.#folderOf(id);
    // Renamed first: half a removed transfer must never pass for a whole one.
    const going = `${folder}.discarded`;
    await rm(going, { recursive: true, force: true });
    try {
      await rename(folder, going);
    } catch (cause) {
      if (errnoOf(cause) === 'ENOENT') return;
      throw new SallyportError('ERR_LANE_SPOOL_WRITE', { cause });
    }
    await rm(going, { recursive: true, force: true });
  }

  #folderOf(id: TransferId): string {
    if (!ID128.test(id.packageId))
      throw new SallyportError('ERR_LANE_PART_MISMATCH', { detail: { fault: 'packageId' } });
    return join(this.#directory, `${id.packageId}.${id.kind}`);
  }
}

/** The first part fixes the plan; every other must agree with it. */
async function preparePlan(folder: string, shape: TransferShape): Promise<void> {
  const known = await findPlan(folder);
  if (known === null) {
    await mkdir(folder, { recursive: true, mode: 0o750 });
    await writeDurably(join(folder, 'plan.json'), canonicalBytes(shape));
    await syncDirectory(join(folder, '..'));
    return;
  }
  const isSame =
    known.partCount === shape.partCount &&
    known.partSizeBytes === shape.partSizeBytes &&
    known.totalSizeBytes === shape.totalSizeBytes;
  if (!isSame) throw new SallyportError('ERR_LANE_PART_MISMATCH', { detail: { fault: 'plan' } });
}

/** Writes the bytes, then the slot that vouches for them; returns what is still missing. */
async function storePart(
  folder: string,
  shape: TransferShape,
  partIndex: number,
  part: { body: Uint8Array; digest: Uint8Array },
): Promise<PartRange[]> {
  const parts = await openSlots(folder);
  try {
    const stored = await readSlot(parts, partIndex);
    if (stored === null) {
      await writeBody(join(folder, 'body.part'), part.body, partIndex * shape.partSizeBytes);
      await writeAll(parts, Buffer.concat([part.digest, part.digest]), partIndex * SLOT_BYTES);
      await parts.sync();
    } else if (toHex(stored) !== toHex(part.digest)) {
      throw new SallyportError('ERR_LANE_PART_CONFLICT', { detail: { partIndex } });
    }
    return await missingOf(parts, shape);
  } finally {
    await parts.close();
  }
}

async function finish(folder: string): Promise<string> {
  const path = join(folder, 'body');
  await rename(join(folder, 'body.part'), path);
  await syncDirectory(folder);
  return path;
}

async function writeBody(path: string, body: Uint8Array, position: number): Promise<void> {
  const file = await openReadWrite(path);
  try {
    await writeAll(file, body, position);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Null while the part is missing. */
async function readSlot(parts: FileHandle, partIndex: number): Promise<Uint8Array | null> {
  const slot = Buffer.alloc(SLOT_BYTES);
  await parts.read(slot, 0, SLOT_BYTES, partIndex * SLOT_BYTES);
  return digestIn(slot);
}

async function missingOf(parts: FileHandle, shape: TransferShape): Promise<PartRange[]> {
  const missing: { from: number; to: number }[] = [];
  const block = Buffer.alloc(SLOT_BYTES * 1024);
  for (let first = 0; first < shape.partCount; first += 1024) {
    block.fill(0);
    await parts.read(block, 0, block.length, first * SLOT_BYTES);
    for (let index = first; index < Math.min(first + 1024, shape.partCount); index += 1) {
      const offset = (index - first) * SLOT_BYTES;
      if (digestIn(block.subarray(offset, offset + SLOT_BYTES)) !== null) continue;
      const last = missing.at(-1);
      if (last?.to === index - 1) last.to = index;
      else missing.push({ from: index, to: index });
    }
  }
  return missing;
}

function digestIn(slot: Buffer): Uint8Array | null {
  const [first, second] = [slot.subarray(0, 32), slot.subarray(32)];
  return first.equals(second) && first.some((byte) => byte !== 0) ? first : null;
}

function openProgress(shape: TransferShape, missing: readonly PartRange[]): TransferProgress {
  const absent = missing.reduce((sum, { from, to }) => sum + to - from + 1, 0);
  return { kind: 'open', shape, received: shape.partCount - absent, missing };
}

async function findPlan(folder: string): Promise<TransferShape | null> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(join(folder, 'plan.json'));
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return null;
    throw cause;
  }
  return parse(PlanFile, parseCanonical(bytes), 'ERR_LANE_STATE_INVALID');
}

async function openSlots(folder: string): Promise<FileHandle> {
  return openReadWrite(join(folder, 'parts'));
}

/** `r+` keeps what is there; a new file is made durable with its folder. */
async function openReadWrite(path: string): Promise<FileHandle> {
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

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return false;
    throw cause;
  }
}

async function readdirOrEmpty(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return [];
    throw cause;
  }
}
