import { chmod, mkdir, readdir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '../store/database.ts';
import type { FilePlaces } from '../store/file-places.ts';

const SHARED_MEMORY = '/dev/shm';
/** statfs type of tmpfs on Linux (magic.h). */
const TMPFS = 0x01021994;
/** A job holds the original, the masked clip and what ffmpeg needs between them. */
const ROOM_FACTOR = 4;

/** Where jobs of this site may lie: memory first, the data directory else. */
export function jobRoots(
  places: FilePlaces,
  siteId: string,
): readonly [memory: string, disk: string] {
  return [join(SHARED_MEMORY, `sallyport-${siteId.slice(0, 12)}`), places.jobs];
}

/**
 * Makes the 0700 folder of one job. Plaintext lies nowhere else; it goes to memory when there is
 * room for it twice over.
 */
export async function openJobFolder(
  roots: readonly [memory: string, disk: string],
  jobId: string,
  sizeBytes: number,
): Promise<string> {
  const [memory, disk] = roots;
  const root = (await hasRoom(sizeBytes * ROOM_FACTOR)) ? memory : disk;
  const folder = join(root, jobId);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(root, 0o700);
  return folder;
}

/** Wipes folders of jobs that nobody works on: what an ended process left. */
export async function wipeJobFolders(
  db: Database,
  roots: readonly string[],
  now: Date,
): Promise<void> {
  for (const root of roots) {
    for (const name of await listFolder(root)) {
      const job = await db.job.findUnique({ where: { id: name } });
      const isAlive = job?.state === 'running' && job.leaseUntil !== null && job.leaseUntil > now;
      if (!isAlive) await rm(join(root, name), { recursive: true, force: true });
    }
  }
}

async function hasRoom(neededBytes: number): Promise<boolean> {
  try {
    const { type, bavail, bsize } = await statfs(SHARED_MEMORY);
    return type === TMPFS && bavail * bsize > neededBytes * 2;
  } catch {
    return false; // no such file system here: the disk it is
  }
}

async function listFolder(root: string): Promise<string[]> {
  try {
    return await readdir(root);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
