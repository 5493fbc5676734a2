// The far end of a lane: a folder into which a link product drops files, whole or piece by piece,
// in any order, more than once, or never.
//
//   folder ─► regular file? right size? ─► open frame (signature, lane, digest)
//                 │ no                          │ yes ─► { kind: 'frame' } ─► caller ─► done()   file removed
//                 ▼                             │ no
//          may still be arriving ◄──────────────┘
//                 │ unchanged for settleMs
//                 ▼
//          refused/ + reason              { kind: 'refused' }
//
// File names are never trusted: the signed header says what a file is.

import { constants } from 'node:fs';
import { lstat, open, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import {
  SallyportError,
  isSallyportError,
  type ErrorCode,
  type LaneName,
  type TrustAnchor,
} from '@sallyport/contracts';
import { errnoOf } from '../durable.ts';
import { MAX_FRAME_BYTES, openFrame, type Frame } from '../frame.ts';
import { REFUSED_FOLDER, printableName, setAside } from './refused.ts';

/** A file of the spool that became a frame. Call exactly one of `done` and `refuse`. */
export interface ArrivedFrame {
  readonly kind: 'frame';
  readonly frame: Frame;
  /** Removes the file. Call it after the frame's effect is durable, and for duplicates. */
  done(): Promise<void>;
  /** Moves the file to `refused/` (a stale sequence number, a body that means nothing); null when it is gone. */
  refuse(reason: SallyportError): Promise<RefusedFile | null>;
}

/** A file that is no frame of this lane, or a damaged one. */
export interface RefusedFile {
  readonly kind: 'refused';
  readonly code: ErrorCode;
  /** The foreign name, made printable: for people, never for a path. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Its name in `refused/`, or null when it could not be moved and still lies in the spool. */
  readonly keptAs: string | null;
}

export type Arrival = ArrivedFrame | RefusedFile;

export interface SpoolReceiverOptions {
  readonly directory: string;
  readonly lane: LaneName;
  /** Asked for every frame, so that a revocation counts at once. */
  readonly trust: () => TrustAnchor | Promise<TrustAnchor>;
  readonly now: () => Date;
  /** How long a file must rest unchanged before it is called damaged. Default 2 minutes. */
  readonly settleMs?: number;
  /** The same for `.part` and hidden files, which are left alone while somebody writes them. Default 24 hours. */
  readonly partSettleMs?: number;
}

const UNFINISHED = /^\.(?!\.)|\.(?:part|tmp|filepart)$/;

interface Sighting {
  readonly sizeBytes: number;
  readonly changedMs: number;
  readonly sinceMs: number;
}

export class SpoolReceiver {
  readonly #options: SpoolReceiverOptions;
  // What was not a frame when last seen: it is opened again only after it changed.
  #sightings = new Map<string, Sighting>();
  readonly #stuck = new Set<string>();

  constructor(options: SpoolReceiverOptions) {
    this.#options = options;
  }

  /**
   * One pass over the folder, in order of names; what cannot be taken yet stays for the next pass.
   * Call it again after a pause. A folder that does not exist yet is an empty one.
   *
   * @throws SallyportError ERR_LANE_SPOOL_READ when the folder itself cannot be read
   */
  async *receive(signal?: AbortSignal): AsyncGenerator<Arrival> {
    const names = await this.#list();
    const present = new Set(names.map((name) => name.toString('hex')));
    this.#sightings = new Map([...this.#sightings].filter(([key]) => present.has(key)));
    for (const name of names) {
      if (signal?.aborted === true) return;
      const arrival = await this.#look(name);
      if (arrival !== null) yield arrival;
    }
  }

  async #list(): Promise<Buffer[]> {
    try {
      const names = await readdir(this.#options.directory, { encoding: 'buffer' });
      return names
        .filter((name) => name.toString('latin1') !== REFUSED_FOLDER)
        .sort((a, b) => a.compare(b));
    } catch (cause) {
      if (errnoOf(cause) === 'ENOENT') return [];
      throw new SallyportError('ERR_LANE_SPOOL_READ', { cause });
    }
  }

  /** Null when there is nothing to report: the file may still be arriving, or is gone. */
  async #look(name: Buffer): Promise<Arrival | null> {
    try {
      const path = this.#pathOf(name);
      const status = await lstat(path);
      // One reading of the clock: a file seen for the first time has rested for exactly nothing.
      const nowMs = this.#options.now().getTime();
      const seen = { sizeBytes: status.size, changedMs: status.mtimeMs };
      const sighting = this.#sight(name, seen, nowMs);
      const restedMs = nowMs - sighting.sinceMs;
      const isUnfinished = UNFINISHED.test(name.toString('latin1'));
      if (isUnfinished && restedMs < (this.#options.partSettleMs ?? 86_400_000)) return null;
      if (restedMs > 0 && restedMs < this.#settleMs()) return null;
      return await this.#take(name, path, { isFile: status.isFile(), ...sighting, restedMs });
    } catch (cause) {
      if (errnoOf(cause) === 'ENOENT') return null;
      throw cause;
    }
  }

  async #take(
    name: Buffer,
    path: Buffer,
    file: { isFile: boolean; sizeBytes: number; restedMs: number },
  ): Promise<Arrival | null> {
    try {
      if (!file.isFile)
        throw new SallyportError('ERR_LANE_FRAME_FOREIGN', { detail: { fault: 'not a file' } });
      if (file.sizeBytes > MAX_FRAME_BYTES) throw new SallyportError('ERR_LANE_FRAME_TOO_LARGE');
      const { lane, trust, now } = this.#options;
      const frame = await openFrame(await readBounded(path), {
        lane,
        trust: await trust(),
        now: now(),
      });
      this.#sightings.delete(name.toString('hex'));
      return {
        kind: 'frame',
        frame,
        done: () => removeFile(path),
        refuse: (reason) => this.#refuse(name, file.sizeBytes, reason),
      };
    } catch (cause) {
      if (!isSallyportError(cause)) throw cause;
      if (file.restedMs < this.#settleMs()) return null;
      return this.#refuse(name, file.sizeBytes, cause);
    }
  }

  async #refuse(
    name: Buffer,
    sizeBytes: number,
    reason: SallyportError,
  ): Promise<RefusedFile | null> {
    const now = this.#options.now();
    const known = {
      kind: 'refused' as const,
      code: reason.code,
      name: printableName(name),
      sizeBytes,
    };
    const key = name.toString('hex');
    try {
      const keptAs = await setAside(this.#options.directory, { name, sizeBytes }, reason, now);
      this.#sightings.delete(key);
      return { ...known, keptAs };
    } catch (cause) {
      if (errnoOf(cause) === '') throw cause;
      // Gone meanwhile, or reported before and still immovable: nothing new to say.
      if (errnoOf(cause) === 'ENOENT' || this.#stuck.has(key)) return null;
      this.#stuck.add(key);
      return { ...known, keptAs: null };
    }
  }

  /** Remembers since when this name shows this size and time: the file's own clock is not trusted. */
  #sight(name: Buffer, seen: { sizeBytes: number; changedMs: number }, nowMs: number): Sighting {
    const key = name.toString('hex');
    const known = this.#sightings.get(key);
    if (known?.sizeBytes === seen.sizeBytes && known.changedMs === seen.changedMs) return known;
    const sighting = { ...seen, sinceMs: nowMs };
    this.#sightings.set(key, sighting);
    return sighting;
  }

  #settleMs(): number {
    return this.#options.settleMs ?? 120_000;
  }

  /** Names are bytes: one that is not UTF-8 must still be reachable. */
  #pathOf(name: Buffer): Buffer {
    return Buffer.concat([Buffer.from(join(this.#options.directory, '/')), name]);
  }
}

/** Reads a regular file without following a link put in its place, at most one frame and a byte. */
async function readBounded(path: Buffer): Promise<Uint8Array> {
  try {
    return await readFileOnly(path);
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') throw cause;
    throw new SallyportError('ERR_LANE_SPOOL_READ', { detail: { errno: errnoOf(cause) }, cause });
  }
}

async function readFileOnly(path: Buffer): Promise<Uint8Array> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const { size } = await file.stat();
    const buffer = Buffer.allocUnsafe(Math.min(size, MAX_FRAME_BYTES) + 1);
    let length = 0;
    for (let read = 1; read > 0 && length < buffer.length; length += read) {
      read = (await file.read(buffer, length, buffer.length - length, length)).bytesRead;
    }
    return buffer.subarray(0, length);
  } finally {
    await file.close();
  }
}

async function removeFile(path: Buffer): Promise<void> {
  try {
    await unlink(path);
  } catch (cause) {
    if (errnoOf(cause) !== 'ENOENT') throw new SallyportError('ERR_LANE_SPOOL_WRITE', { cause });
  }
}
