import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { SallyportError } from '@sallyport/contracts';

const run = promisify(execFile);

export interface UnixUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * The user that the database server runs as: ourselves, or `postgres` when we are root, which
 * PostgreSQL refuses to be. Made when the machine has none.
 */
export async function findPostgresUser(): Promise<UnixUser | null> {
  if (process.getuid?.() !== 0) return null;
  try {
    return await lookUpUser();
  } catch {
    // `id` fails for one reason only: no such user yet.
    await run('groupadd', ['--system', '--force', 'postgres']);
    await run('useradd', ['--system', '--no-create-home', '-g', 'postgres', 'postgres']);
    return lookUpUser();
  }
}

/**
 * Fails early, and naming the folder, where initdb would only say "permission denied".
 *
 * @throws SallyportError ERR_DATABASE_FOLDER for a parent that `user` cannot pass.
 */
export async function assertReachable(path: string, user: UnixUser): Promise<void> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const { mode, uid, gid } = await stat(folder);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) throw new SallyportError('ERR_DATABASE_FOLDER', { detail: { folder } });
    if (folder === dirname(folder)) return;
  }
}

async function lookUpUser(): Promise<UnixUser> {
  const [uid, gid] = await Promise.all([
    run('id', ['-u', 'postgres']),
    run('id', ['-g', 'postgres']),
  ]);
  return { uid: Number.parseInt(uid.stdout, 10), gid: Number.parseInt(gid.stdout, 10) };
}
