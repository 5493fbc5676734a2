import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { SallyportError } from '@sallyport/contracts';

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

/** `pid` and the kernel's start time of that process: a reused pid is another identity. */
async function identityOf(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // Fields after the command's closing bracket; the start time is field 22 of proc(5).
    return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''}`;
  } catch {
    // No /proc (macOS) or no such process: isAlive decides.
    return `${pid} `;
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
  const seen = await readIfThere(path);
  if (seen === null || !(await isStale(seen))) return;
  // Renamed before it is removed: of two who noticed, only one moves the stale file away.
  const aside = `${path}.${randomBytes(8).toString('hex')}`;
  try {
    await rename(path, aside);
  } catch {
    return; // The other one was first; the caller tries again.
  }
  const moved = await readIfThere(aside);
  if (moved !== seen && moved !== null) await writeFile(path, moved, { flag: 'wx', mode: 0o600 });
  await rm(aside, { force: true });
}

async function isStale(content: string): Promise<boolean> {
  const [identity = ''] = content.split('\n');
  const pid = Number.parseInt(identity, 10);
  // A holder killed between creating and writing left an empty file.
  if (!Number.isInteger(pid)) return true;
  if (!isAlive(pid)) return true;
  return (await identityOf(pid)) !== identity;
}

/** True while a process of that id exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
