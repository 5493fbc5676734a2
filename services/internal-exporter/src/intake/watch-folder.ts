import { createReadStream } from 'node:fs';
import { lstat, mkdir, readFile, readdir, rename, rm } from 'node:fs/promises';
import { join, parse as parsePath } from 'node:path';
import {
  ERRORS,
  Id128,
  SallyportError,
  UtcTime,
  canonicalBytes,
  isSallyportError,
  parse,
  strictObject,
  type ErrorCode,
  type LedgerActor,
} from '@sallyport/contracts';
import { writeFileDurably } from '@sallyport/runtime';
import { readWatchedName } from '../domain/footage-name.ts';
import { inTransaction } from '../store/database.ts';
import { importFootage, type FootageStore } from '../store/footage.ts';
import { newId } from '../store/ids.ts';
import { recordEvent } from '../store/ledger-outbox.ts';

const INTAKE: LedgerActor = { kind: 'role', name: 'intake' };
const REFUSED = 'refused';
const SETTLE_MS = 5_000;
const MOST_SIDECAR_BYTES = 4_096;
const UNFINISHED = /^\.|\.(?:part|tmp|filepart|crdownload|json)$/i;

const Sidecar = strictObject({ cameraId: Id128, startsAt: UtcTime });

/** Size and time of a file when it was last seen, by name. */
export type Sightings = Map<string, { readonly mark: string; readonly since: number }>;

/**
 * One pass over the watch folder: files that have rested unchanged are taken in and removed; what
 * cannot be taken goes to `refused/` under a name of ours, its reason beside it. Answers how many
 * files were settled.
 *
 * @param seen what earlier passes saw; changed in place
 */
export async function watchOnce(
  store: FootageStore,
  folder: string,
  seen: Sightings,
  now: Date,
  settleMs: number = SETTLE_MS,
): Promise<number> {
  const names = (await readdir(folder)).filter(
    (name) => !UNFINISHED.test(name) && name !== REFUSED,
  );
  for (const known of seen.keys()) if (!names.includes(known)) seen.delete(known);
  let settled = 0;
  for (const name of names) {
    const status = await lstat(join(folder, name));
    const mark = `${status.size} ${status.mtimeMs}`;
    const known = seen.get(name);
    if (known?.mark !== mark) seen.set(name, { mark, since: now.getTime() });
    const restedMs = known?.mark === mark ? now.getTime() - known.since : 0;
    if (restedMs < settleMs) continue;
    await settle(store, { folder, name, isFile: status.isFile() }, now);
    seen.delete(name);
    settled += 1;
  }
  return settled;
}

async function settle(
  store: FootageStore,
  file: { readonly folder: string; readonly name: string; readonly isFile: boolean },
  now: Date,
): Promise<void> {
  const path = join(file.folder, file.name);
  let cameraId = '';
  try {
    if (!file.isFile)
      throw new SallyportError('ERR_FOOTAGE_NAMING', { detail: { fault: 'not a file' } });
    const facts = await readFacts(file.folder, file.name);
    cameraId = facts.cameraId;
    const about = {
      ...facts,
      name: null,
      source: 'watch-folder',
      importedById: null,
      actor: INTAKE,
    } as const;
    await importFootage(store, about, createReadStream(path), now);
    await rm(path);
    await rm(sidecarOf(file.folder, file.name), { force: true });
  } catch (error) {
    // Faults of this side (disk, database) leave the file where it is for the next pass.
    if (!isSallyportError(error) || ERRORS[error.code].status >= 500) throw error;
    await refuse(store, file, { code: error.code, cameraId, now });
  }
}

/** @throws SallyportError ERR_FOOTAGE_NAMING */
async function readFacts(
  folder: string,
  name: string,
): Promise<{ cameraId: string; startsAt: Date }> {
  const sidecar = await readSidecar(sidecarOf(folder, name));
  const facts = sidecar ?? readWatchedName(name);
  if (facts === null) throw new SallyportError('ERR_FOOTAGE_NAMING');
  return facts;
}

/** Null when there is no sidecar. */
async function readSidecar(path: string): Promise<{ cameraId: string; startsAt: Date } | null> {
  let text: string;
  try {
    const { size } = await lstat(path);
    if (size > MOST_SIDECAR_BYTES)
      throw new SallyportError('ERR_FOOTAGE_NAMING', { detail: { fault: 'sidecar size' } });
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  const { cameraId, startsAt } = parse(Sidecar, parseJson(text), 'ERR_FOOTAGE_NAMING');
  return { cameraId, startsAt: new Date(startsAt) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SallyportError('ERR_FOOTAGE_NAMING', { detail: { fault: 'sidecar' }, cause });
  }
}

/** Moves a file aside, reason first: a crash leaves a reason without a file, never the other way round. */
async function refuse(
  store: FootageStore,
  file: { readonly folder: string; readonly name: string },
  why: { readonly code: ErrorCode; readonly cameraId: string; readonly now: Date },
): Promise<void> {
  const folder = join(file.folder, REFUSED);
  await mkdir(folder, { recursive: true, mode: 0o750 });
  const kept = newId();
  const { ko, en } = ERRORS[why.code];
  const reason = {
    at: why.now.toISOString(),
    code: why.code,
    ko: { ...ko },
    en: { ...en },
    name: printable(file.name),
  };
  await writeFileDurably(join(folder, `${kept}.reason.json`), canonicalBytes(reason));
  await rename(join(file.folder, file.name), join(folder, kept));
  await rm(sidecarOf(file.folder, file.name), { force: true });
  if (why.cameraId === '') return;
  const { cameraId, code, now } = why;
  await inTransaction(store.db, async (tx) => {
    await recordEvent(tx, {
      at: now,
      actor: INTAKE,
      event: { kind: 'footage.refused', cameraId, failure: code },
    });
  });
}

function sidecarOf(folder: string, name: string): string {
  return join(folder, `${parsePath(name).name}.json`);
}

/** Everything but plain ASCII as an escape, so that no direction mark or control character acts on a reader. */
function printable(name: string): string {
  return name.replaceAll(
    /[^\x20-\x7e]/g,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
