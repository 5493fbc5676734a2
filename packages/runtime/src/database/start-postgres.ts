import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, open, realpath, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SallyportError } from '@sallyport/contracts';
import pg from 'pg';
import type { Logger } from '../logger.ts';
import { createDatabase } from './create-database.ts';
import { DATABASE_USER, initCluster, makeFolder, readPassword } from './init-cluster.ts';
import { findPostgresBinaries } from './postgres-binaries.ts';
import { assertReachable, findPostgresUser, type UnixUser } from './postgres-user.ts';
import {
  awaitPostmaster,
  findPostmaster,
  removeStalePidFile,
  stopPostmaster,
  type Postmaster,
} from './postmaster.ts';
import { withStartLock } from './start-lock.ts';

/*
 * dataDirectory/
 *   cluster/      PostgreSQL's own files
 *   socket/       where it listens (a temporary folder where this path would be too long)
 *   password      0600, ours
 *   server.log    of the last start
 *   start.lock    held while a process starts or stops the server
 *
 * The server is nobody's child in spirit: it outlives a killed service, and the next start attaches
 * to it. Each attached process holds one shared advisory lock; who gets it exclusively was the last.
 */
export interface PostgresOptions {
  /** Folder of the cluster. As root, user `postgres` must be able to traverse every parent (o+x). */
  readonly dataDirectory: string;
  readonly logger: Logger;
  /** Listen on this port of 127.0.0.1 as well; on a unix socket alone unless told. */
  readonly port?: number;
}

export interface EmbeddedPostgres {
  /** True when this call started the server, false when it attached to a running one. */
  readonly started: boolean;
  readonly pid: number;
  /** Address of a database on the server, with its password: never to be logged. */
  readonly urlOf: (database: string) => string;
  /** Makes the database unless it exists, and answers its address. */
  readonly createDatabase: (name: string) => Promise<string>;
  /** Detaches; the last process that does so stops the server. */
  readonly stop: () => Promise<void>;
}

const ATTACHED_LOCK = 72_707_370;
const MOST_CONNECTIONS = 100;
const START_ATTEMPTS = 4;
const READY_WITHIN_MS = 60_000;
const POLL_MS = 50;
/** sun_path is 108 bytes on Linux and 104 on macOS, with "/.s.PGSQL.65535" at its end. */
const LONGEST_SOCKET_DIRECTORY = 85;
const UNIX_SOCKET_PORT = 5432;

/**
 * Starts a real PostgreSQL on a data directory, or attaches to the one that already serves it:
 * several role processes share one server, and a server orphaned by kill -9 is adopted.
 *
 * @throws SallyportError ERR_DATABASE_FOLDER, ERR_DATABASE_PLATFORM, ERR_DATABASE_START, ERR_DATABASE_LOCKED
 */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  await mkdir(options.dataDirectory, { recursive: true });
  // The running server is recognised by this path, so every process must spell it alike.
  const directory = await realpath(options.dataDirectory);
  const user = await findPostgresUser();
  if (user !== null) {
    await chmod(directory, 0o711);
    await assertReachable(join(directory, 'cluster'), user);
  }
  return withStartLock(join(directory, 'start.lock'), () => startLocked(directory, user, options));
}

async function startLocked(
  directory: string,
  user: UnixUser | null,
  { logger, port }: PostgresOptions,
): Promise<EmbeddedPostgres> {
  const cluster = join(directory, 'cluster');
  const password = await readPassword(join(directory, 'password'));
  const adopted = await adopt(cluster, password, logger);
  const server = adopted ?? (await start(directory, user, password, port, logger));
  const urlOf = (database: string): string => addressOf(server.postmaster, password, database);
  logger.info(
    { pid: server.postmaster.pid, state: adopted === null ? 'started' : 'attached' },
    'database ready',
  );

  let stopping: Promise<void> | null = null;
  const stop = (): Promise<void> =>
    withStartLock(join(directory, 'start.lock'), () => detach(server, logger));
  return {
    started: adopted === null,
    pid: server.postmaster.pid,
    urlOf,
    createDatabase: (name) => createDatabase(urlOf('postgres'), name),
    stop: () => (stopping ??= stop()),
  };
}

interface Attached {
  readonly postmaster: Postmaster;
  readonly connection: pg.Client;
}

/** Attaches to a running server. One that never answers is stopped, and null returned. */
async function adopt(cluster: string, password: string, logger: Logger): Promise<Attached | null> {
  const postmaster = await awaitPostmaster(cluster);
  if (postmaster === null) return null;
  const connection = await attach(postmaster, password, async () => {
    return (await findPostmaster(cluster))?.pid === postmaster.pid;
  });
  if (connection !== null) return { postmaster, connection };
  logger.warn({ pid: postmaster.pid }, 'replacing a database server that does not answer');
  await stopPostmaster(postmaster.pid);
  return null;
}

async function start(
  directory: string,
  user: UnixUser | null,
  password: string,
  port: number | undefined,
  logger: Logger,
): Promise<Attached> {
  const binaries = findPostgresBinaries();
  const cluster = join(directory, 'cluster');
  await initCluster(cluster, password, binaries, user);
  const socketDirectory = await makeSocketFolder(directory, user);
  for (let attempt = 1; attempt <= START_ATTEMPTS; attempt += 1) {
    await removeStalePidFile(cluster);
    const flags = serverFlags(socketDirectory, port);
    const isRunning = await spawnServer(binaries.postgres, cluster, flags, directory, user);
    const attached = await waitForStart(cluster, password, isRunning);
    if (attached !== null) return attached;
    // Right after kill -9 the old server's shared memory may still be in use: it passes.
    logger.warn({ attempt }, 'database did not start, trying again');
    await sleep(500 * attempt);
  }
  throw new SallyportError('ERR_DATABASE_START', {
    detail: { log: join(directory, 'server.log') },
  });
}

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

/** Starts the server in a session of its own: Ctrl-C in the terminal must not reach it before us. */
async function spawnServer(
  postgres: string,
  cluster: string,
  flags: readonly string[],
  directory: string,
  user: UnixUser | null,
): Promise<() => boolean> {
  const log = await open(join(directory, 'server.log'), 'w', 0o600);
  try {
    const child = spawn(postgres, ['-D', cluster, ...flags], {
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

async function waitForStart(
  cluster: string,
  password: string,
  isRunning: () => boolean,
): Promise<Attached | null> {
  for (
    const end = Date.now() + READY_WITHIN_MS;
    Date.now() < end && isRunning();
    await sleep(POLL_MS)
  ) {
    const postmaster = await findPostmaster(cluster);
    if (postmaster === null) continue;
    const connection = await attach(postmaster, password, async () => isRunning());
    if (connection !== null) return { postmaster, connection };
  }
  return null;
}

/** Connects and takes the shared lock; waits through recovery, gives up when the server has gone. */
async function attach(
  postmaster: Postmaster,
  password: string,
  isStillThere: () => Promise<boolean>,
): Promise<pg.Client | null> {
  const connectionString = addressOf(postmaster, password, 'postgres');
  for (const end = Date.now() + READY_WITHIN_MS; Date.now() < end; await sleep(POLL_MS)) {
    const client = new pg.Client({ connectionString, application_name: 'sallyport attached' });
    // The server may end before us; what used it notices on its own connections.
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('SELECT pg_advisory_lock_shared($1)', [ATTACHED_LOCK]);
      keepsAlive(client, false);
      return client;
    } catch {
      // Starting up, recovering or shutting down: told apart by whether the server stays.
      await client.end().catch(() => undefined);
      if (!(await isStillThere())) return null;
    }
  }
  return null;
}

/** The lock's connection alone must not keep a finished program alive. */
function keepsAlive(client: pg.Client, alive: boolean): void {
  const { stream } = client.connection;
  if (!(stream instanceof Socket)) return;
  if (alive) stream.ref();
  else stream.unref();
}

async function detach({ postmaster, connection }: Attached, logger: Logger): Promise<void> {
  const isLast = await giveUpLock(connection);
  if (!isLast) return;
  await stopPostmaster(postmaster.pid);
  const { socketDirectory } = postmaster;
  if (socketDirectory?.startsWith(join(tmpdir(), 'sallyport-')) === true) {
    await rm(socketDirectory, { recursive: true, force: true });
  }
  logger.info({ pid: postmaster.pid }, 'database stopped');
}

async function giveUpLock(connection: pg.Client): Promise<boolean> {
  keepsAlive(connection, true);
  try {
    await connection.query('SELECT pg_advisory_unlock_shared($1)', [ATTACHED_LOCK]);
    const { rows } = await connection.query<{ last: boolean }>(
      'SELECT pg_try_advisory_lock($1) AS last',
      [ATTACHED_LOCK],
    );
    return rows[0]?.last === true;
  } catch {
    // The server or this connection has gone: whoever is still attached stops what is left.
    return false;
  } finally {
    await connection.end().catch(() => undefined);
  }
}

function addressOf(
  { port, socketDirectory }: Postmaster,
  password: string,
  database: string,
): string {
  const login = `${DATABASE_USER}:${password}`;
  if (socketDirectory === null) return `postgresql://${login}@127.0.0.1:${port}/${database}`;
  const host = encodeURIComponent(socketDirectory);
  return `postgresql://${login}@localhost:${port}/${database}?host=${host}`;
}

async function makeSocketFolder(directory: string, user: UnixUser | null): Promise<string> {
  const near = join(directory, 'socket');
  const isShort = Buffer.byteLength(near) <= LONGEST_SOCKET_DIRECTORY && !near.includes(',');
  const folder = isShort ? near : await mkdtemp(join(tmpdir(), 'sallyport-'));
  await makeFolder(folder, user);
  return folder;
}
