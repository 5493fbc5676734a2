import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SallyportError } from '@sallyport/contracts';
import { makeFolder } from './init-cluster.ts';
import type { UnixUser } from './postgres-user.ts';

const MOST_CONNECTIONS = 100;
const UNIX_SOCKET_PORT = 5432;
/** sun_path is 108 bytes on Linux and 104 on macOS, with "/.s.PGSQL.65535" at its end. */
const LONGEST_SOCKET_FOLDER = 85;
export const TEMPORARY_SOCKET_FOLDER = join(tmpdir(), 'sallyport-');

export interface ServerFolders {
  readonly cluster: string;
  readonly socket: string;
  /** File for the server's own messages. */
  readonly log: string;
}

/**
 * Starts the server in a session of its own: Ctrl-C in the terminal must not reach it before us.
 * Answers a function that tells whether the process still runs.
 *
 * @throws SallyportError ERR_DATABASE_START when it cannot be started at all.
 */
export async function spawnServer(
  postgres: string,
  folders: ServerFolders,
  port: number | undefined,
  user: UnixUser | null,
): Promise<() => boolean> {
  const flags = serverFlags(folders.socket, port);
  const log = await open(folders.log, 'w', 0o600);
  try {
    const child = spawn(postgres, ['-D', folders.cluster, ...flags], {
      ...user,
      cwd: '/',
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      env: { LC_ALL: 'C', TZ: 'UTC' },
    });
    await once(child, 'spawn');
    child.unref();
    return () => child.exitCode === null && child.signalCode === null;
  } catch (cause) {
    throw new SallyportError('ERR_DATABASE_START', { detail: { step: 'spawn' }, cause });
  } finally {
    await log.close();
  }
}

/** The folder of the socket: beside the cluster, or a temporary one where that path is too long. */
export async function makeSocketFolder(directory: string, user: UnixUser | null): Promise<string> {
  const near = join(directory, 'socket');
  const isShort = Buffer.byteLength(near) <= LONGEST_SOCKET_FOLDER && !near.includes(',');
  const folder = isShort ? near : await mkdtemp(TEMPORARY_SOCKET_FOLDER);
  await makeFolder(folder, user);
  return folder;
}

/** Settings given on the command line, so that nobody's edit of a file can open a network port. */
function serverFlags(socketDirectory: string, port: number | undefined): readonly string[] {
  const settings = {
    listen_addresses: port === undefined ? '' : '127.0.0.1',
    port: port ?? UNIX_SOCKET_PORT,
    unix_socket_directories: socketDirectory,
    unix_socket_permissions: '0700',
    max_connections: MOST_CONNECTIONS,
    timezone: 'UTC',
    // Statements and parameters may hold personal fields: they stay out of server.log.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_parameter_max_length_on_error: 0,
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
