import { randomBytes } from 'node:crypto';
import { link, open, readFile, rename, unlink } from 'node:fs/promises';
import { SallyportError, toHex } from '@sallyport/contracts';
import { errnoOf } from './errno.ts';

// The lock is a file that names its holder: pid, when that process started, and the boot it runs in.
// A file whose holder no longer runs is taken over. Holders must share one pid namespace.

export interface WriterLock {
  /** @throws SallyportError ERR_LEDGER_LOCK_LOST when the file is no longer ours */
  assertHeld(): Promise<void>;
  release(): Promise<void>;
}

/**
 * Takes the single-writer lock.
 *
 * @throws SallyportError ERR_LEDGER_LOCKED while another live process holds it
 */
export async function takeWriterLock(path: string): Promise<WriterLock> {
  const token = toHex(new Uint8Array(randomBytes(16)));
  const holder = { pid: process.pid, token, ...(await processIdentity(process.pid)) };
  const claim = `${path}.${token}`;
  await writeNew(claim, JSON.stringify(holder));
  try {
    await claimLock(path, claim);
  } finally {
    await unlink(claim);
  }
  return {
    async assertHeld() {
      if ((await readHolder(path))?.token !== token)
        throw new SallyportError('ERR_LEDGER_LOCK_LOST');
    },
    async release() {
      if ((await readHolder(path))?.token === token) await unlink(path);
    },
  };
}

/** Answers whether a live process holds the lock: a writer may be in the middle of an append. */
export async function isWriterAlive(path: string): Promise<boolean> {
  const holder = await readHolder(path);
  return holder !== null && (await isAlive(holder));
}

interface Holder {
  readonly pid: number;
  readonly token: string;
  readonly startedTicks: string;
  readonly boot: string;
}

/** `link` fails when the name exists, and the name appears with its content complete. */
async function claimLock(path: string, claim: string): Promise<void> {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      await link(claim, path);
      return;
    } catch (cause) {
      if (errnoOf(cause) !== 'EEXIST') throw new SallyportError('ERR_LEDGER_WRITE', { cause });
    }
    const holder = await readHolder(path);
    if (holder !== null && (await isAlive(holder))) {
      throw new SallyportError('ERR_LEDGER_LOCKED', { detail: { pid: holder.pid } });
    }
    await setAside(path, holder, `${claim}.stale`);
  }
  throw new SallyportError('ERR_LEDGER_LOCKED');
}

/** Removes a dead holder's file; if another process was faster, its fresh file is put back. */
async function setAside(path: string, dead: Holder | null, aside: string): Promise<void> {
  try {
    await rename(path, aside);
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return;
    throw new SallyportError('ERR_LEDGER_WRITE', { cause });
  }
  const moved = await readHolder(aside);
  if (moved?.token !== dead?.token) await link(aside, path);
  await unlink(aside);
}

async function readHolder(path: string): Promise<Holder | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return null;
    throw new SallyportError('ERR_LEDGER_WRITE', { cause });
  }
  return parseHolder(text);
}

/** A lock that cannot be read names nobody: pid 0 is never alive. */
function parseHolder(text: string): Holder {
  const nobody = { pid: 0, token: '', startedTicks: '', boot: '' };
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return nobody;
    const { pid, token, startedTicks, boot } = value as Partial<Record<keyof Holder, unknown>>; // each member is checked below
    if (typeof pid !== 'number' || typeof token !== 'string') return nobody;
    return { pid, token, startedTicks: String(startedTicks), boot: String(boot) };
  } catch (cause) {
    if (cause instanceof SyntaxError) return nobody;
    throw cause;
  }
}

async function isAlive(holder: Holder): Promise<boolean> {
  if (!Number.isSafeInteger(holder.pid) || holder.pid <= 0) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (cause) {
    if (errnoOf(cause) === 'ESRCH') return false;
    if (errnoOf(cause) !== 'EPERM') throw cause;
  }
  const now = await processIdentity(holder.pid);
  // Pids are used again: another start time or another boot means another process.
  return now.startedTicks === holder.startedTicks && now.boot === holder.boot;
}

/** Start time and boot id from /proc; empty where there is no /proc, and then the pid alone decides. */
async function processIdentity(pid: number): Promise<{ startedTicks: string; boot: string }> {
  const [status, boot] = await Promise.all([
    readOptional(`/proc/${pid}/stat`),
    readOptional('/proc/sys/kernel/random/boot_id'),
  ]);
  // Field 22; the command name in field 2 may hold spaces and parentheses, so count after its end.
  const startedTicks = status.slice(status.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  return { startedTicks, boot: boot.trim() };
}

async function readOptional(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (['ENOENT', 'EACCES', 'ESRCH'].includes(errnoOf(cause))) return '';
    throw cause;
  }
}

async function writeNew(path: string, text: string): Promise<void> {
  try {
    const file = await open(path, 'wx', 0o640);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new SallyportError('ERR_LEDGER_WRITE', { cause });
  }
}
