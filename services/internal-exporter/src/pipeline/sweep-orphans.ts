import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Database } from '../store/database.ts';
import { destroyFile, removeParts, type FilePlaces } from '../store/file-places.ts';

const EXTENSION = '.rest';
/** Another process may be about to write the row of a younger file. */
const SETTLED_MS = 3_600_000;

/**
 * Destroys files at rest that no row names: what a process left that ended between writing a file and
 * keeping its row. Nobody could find them, and footage must not lie about unnoticed.
 */
export async function sweepOrphans(db: Database, places: FilePlaces, now: Date): Promise<number> {
  await removeParts(places.packages);
  const footage = await sweep(places.footage, (id) => isFootage(db, id), now);
  const work = await sweep(places.work, await findNamedFiles(db), now);
  return footage + work;
}

async function sweep(
  folder: string,
  isNamed: (fileId: string) => boolean | Promise<boolean>,
  now: Date,
): Promise<number> {
  let destroyed = 0;
  for (const name of await readdir(folder)) {
    if (!name.endsWith(EXTENSION) || (await isNamed(basename(name, EXTENSION)))) continue;
    const path = join(folder, name);
    if (now.getTime() - (await stat(path)).mtimeMs < SETTLED_MS) continue;
    await destroyFile(path, folder);
    destroyed += 1;
  }
  return destroyed;
}

async function isFootage(db: Database, id: string): Promise<boolean> {
  const row = await db.footage.findUnique({ where: { id } });
  return row !== null && row.state !== 'destroyed';
}

/** Every file id that a plan, a preview or a rendered clip of an export is kept under. */
async function findNamedFiles(db: Database): Promise<(fileId: string) => boolean> {
  const plans = await db.maskPlanVersion.findMany({
    where: { export: { wipedAt: null } },
    select: { fileId: true },
  });
  const rows = await db.export.findMany({
    where: { wipedAt: null },
    select: { previews: true, rendered: true },
  });
  const named = new Set([...plans.map(({ fileId }) => fileId), ...rows.flatMap(fileIdsIn)]);
  return (fileId) => named.has(fileId);
}

/** Every `fileId` inside a JSON value that this service wrote. */
export function fileIdsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(fileIdsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    name === 'fileId' && typeof member === 'string' ? [member] : fileIdsIn(member),
  );
}
