import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, chown, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SallyportError } from '@sallyport/contracts';
import { syncFolder, writeFileDurably } from '../keys/durable-file.ts';
import { readSecretFile } from '../keys/secret-file.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import type { UnixUser } from './postgres-user.ts';

const run = promisify(execFile);

export const DATABASE_USER = 'sallyport';
const PASSWORD_BYTES = 32;

/** Reads the cluster's password, making one first where there is none. */
export async function readPassword(path: string): Promise<string> {
  try {
    await access(path);
  } catch {
    await writeFileDurably(path, randomBytes(PASSWORD_BYTES).toString('hex'), { mode: 0o600 });
  }
  return readSecretFile(path).toString('utf8');
}

/**
 * Makes the cluster unless it is there. It is built aside and renamed, so that a kill in the middle
 * leaves nothing that looks like a cluster.
 *
 * @throws SallyportError ERR_DATABASE_START when initdb fails.
 */
export async function initCluster(
  cluster: string,
  password: string,
  binaries: PostgresBinaries,
  user: UnixUser | null,
): Promise<void> {
  try {
    await access(join(cluster, 'PG_VERSION'));
    return;
  } catch {
    // Not there: made below.
  }
  const aside = `${cluster}.new`;
  await rm(aside, { recursive: true, force: true });
  await makeFolder(aside, user);
  const passwordFile = join(aside, '..', 'initdb-password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (user !== null) await chown(passwordFile, user.uid, user.gid);
  try {
    await runInitdb(binaries.initdb, aside, passwordFile, user);
  } catch (cause) {
    throw new SallyportError('ERR_DATABASE_START', { detail: { step: 'initdb' }, cause });
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(aside, cluster);
  await syncFolder(join(cluster, '..'));
}

/** A 0700 folder of the user that the server runs as. */
export async function makeFolder(path: string, user: UnixUser | null): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  if (user !== null) await chown(path, user.uid, user.gid);
}

async function runInitdb(
  initdb: string,
  cluster: string,
  passwordFile: string,
  user: UnixUser | null,
): Promise<void> {
  const options = [
    `--pgdata=${cluster}`,
    `--username=${DATABASE_USER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
  ];
  await run(initdb, options, { ...user, cwd: '/', env: { LC_ALL: 'C', TZ: 'UTC' } });
}
