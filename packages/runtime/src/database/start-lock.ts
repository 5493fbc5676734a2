import { randomBytes } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { SallyportError } from '@sallyport/contracts';
import { identityOf, isAlive, readTextIfThere } from './process-life.ts';

const POLL_MS = 50;
/** Longer than the slowest start: initdb on a slow disk plus recovery. */
const PATIENCE_MS = 120_000;

/**
 * Runs `work` while no other process of this data directory starts or stops its server. A holder
 * that was killed is noticed by its process id and start time, so nothing needs cleaning by hand.
 *
 * @throws SallyportError ERR_DATABASE_LOCKED when a living holder keeps it too long.
 */
export async function withStartLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const holder = await identityOf(process.pid);
  const giveUpAt = Date.now() + PATIENCE_MS;
  while (!(await tryLock(path, holder))) {
    if (Date.now() > giveUpAt) throw new SallyportError('ERR_DATABASE_LOCKED');
    await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function tryLock(path: string, holder: string): Promise<boolean> {
  try {
    // Two nested starts in one process are two holders as well.
    await writeFile(path, `${holder}\n${randomBytes(8).toString('hex')}`, {
      flag: 'wx',
      mode: 0o600,
    });
    return true;
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'EEXIST') throw error;
    await removeIfStale(path);
    return false;
  }
}

async function removeIfStale(path: string): Promise<void> {
  const seen = await readTextIfThere(path);
  if (seen === null || !(await isStale(seen))) return;
  // Renamed before it is removed: of two who noticed, only one moves the stale file away.
  const aside = `${path}.${randomBytes(8).toString('hex')}`;
  try {
    await rename(path, aside);
  } catch {
    return; // The other one was first; the caller tries again.
  }
  const moved = await readTextIfThere(aside);
  if (moved !== seen && moved !== null) await writeFile(path, moved, { flag: 'wx', mode: 0o600 });
  await rm(aside, { force: true });
}

async function isStale(content: string): Promise<boolean> {
  const [identity = ''] = content.split('\n');
  const pid = Number.parseInt(identity, 10);
  // A holder killed between creating and writing left an empty file.
  if (!Number.isInteger(pid)) return true;
  return !(await isAlive(pid)) || (await identityOf(pid)) !== identity;
}
