import { chmod, mkdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SallyportError } from '@sallyport/contracts';
import type { Logger } from '../logger.ts';
import { addressOf, attach, detach, type Attachment } from './attachment.ts';
import { createDatabase } from './create-database.ts';
import { initCluster, readPassword } from './init-cluster.ts';
import { findPostgresBinaries } from './postgres-binaries.ts';
import { assertReachable, findPostgresUser, type UnixUser } from './postgres-user.ts';
import {
  awaitPostmaster,
  findPostmaster,
  removeStalePidFile,
  stopPostmaster,
} from './postmaster.ts';
import { makeSocketFolder, spawnServer, TEMPORARY_SOCKET_FOLDER } from './spawn-server.ts';
import { withStartLock } from './start-lock.ts';

/*
 * dataDirectory/
 *   cluster/      PostgreSQL's own files
 *   socket/       where it listens (a temporary folder where this path would be too long)
 *   password      0600, ours
 *   server.log    of the last start
 *   start.lock    held while a process starts or stops the server
 *
 * The server outlives a killed service, and the next start attaches to it. Whoever detaches last
 * stops it.
 */
export interface PostgresOptions {
  /** Folder of the cluster. As root, user `postgres` must be able to traverse every parent (o+x). */
  readonly dataDirectory: string;
  readonly logger: Logger;
  /** Listen on this port of 127.0.0.1 as well, for other programs; on a unix socket alone unless told. */
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

const START_ATTEMPTS = 4;
const READY_WITHIN_MS = 60_000;
const POLL_MS = 50;

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
  await chmod(directory, user === null ? 0o700 : 0o711);
  if (user !== null) {
    await assertReachable(join(directory, 'cluster'), user);
  }
  return withStartLock(join(directory, 'start.lock'), () => startLocked(directory, user, options));
}

async function startLocked(
  directory: string,
  user: UnixUser | null,
  options: PostgresOptions,
): Promise<EmbeddedPostgres> {
  const { logger } = options;
  const cluster = join(directory, 'cluster');
  const password = await readPassword(join(directory, 'password'));
  const adopted = await adopt(cluster, password, logger);
  const server = adopted ?? (await start(directory, user, password, options));
  const urlOf = (database: string): string => addressOf(server.postmaster, password, database);
  logger.info(
    { pid: server.postmaster.pid, state: adopted === null ? 'started' : 'attached' },
    'database ready',
  );

  let stopping: Promise<void> | null = null;
  const stop = (): Promise<void> =>
    withStartLock(join(directory, 'start.lock'), () => leave(server, password, logger));
  return {
    started: adopted === null,
    pid: server.postmaster.pid,
    urlOf,
    createDatabase: (name) => createDatabase(urlOf('postgres'), name),
    stop: () => (stopping ??= stop()),
  };
}

/** Attaches to a running server. One that never answers is stopped, and null returned. */
async function adopt(
  cluster: string,
  password: string,
  logger: Logger,
): Promise<Attachment | null> {
  const postmaster = await awaitPostmaster(cluster);
  if (postmaster === null) return null;
  const isStillThere = async (): Promise<boolean> =>
    (await findPostmaster(cluster))?.pid === postmaster.pid;
  const attachment = await attach(postmaster, password, isStillThere);
  if (attachment !== null) return attachment;
  logger.warn({ pid: postmaster.pid }, 'replacing a database server that does not answer');
  await stopPostmaster(postmaster.pid);
  return null;
}

async function start(
  directory: string,
  user: UnixUser | null,
  password: string,
  { logger, port }: PostgresOptions,
): Promise<Attachment> {
  const binaries = findPostgresBinaries();
  const cluster = join(directory, 'cluster');
  await initCluster(cluster, password, binaries, user);
  const socket = await makeSocketFolder(directory, user);
  const folders = { cluster, socket, log: join(directory, 'server.log') };
  for (let attempt = 1; attempt <= START_ATTEMPTS; attempt += 1) {
    await removeStalePidFile(cluster);
    const isRunning = await spawnServer(binaries.postgres, folders, port, user);
    const attachment = await waitForStart(cluster, password, isRunning);
    if (attachment !== null) return attachment;
    // Right after kill -9 the old server's shared memory may still be in use: it passes.
    logger.warn({ attempt }, 'database did not start, trying again');
    await sleep(500 * attempt);
  }
  throw new SallyportError('ERR_DATABASE_START', { detail: { log: folders.log } });
}

async function waitForStart(
  cluster: string,
  password: string,
  isRunning: () => boolean,
): Promise<Attachment | null> {
  const giveUpAt = Date.now() + READY_WITHIN_MS;
  while (Date.now() < giveUpAt && isRunning()) {
    const postmaster = await findPostmaster(cluster);
    const attachment = postmaster === null ? null : await attach(postmaster, password, isRunning);
    if (attachment !== null) return attachment;
    await sleep(POLL_MS);
  }
  return null;
}

async function leave(server: Attachment, password: string, logger: Logger): Promise<void> {
  const isLast = await detach(server, password);
  if (!isLast) return;
  const { pid, socketDirectory } = server.postmaster;
  await stopPostmaster(pid);
  if (socketDirectory.startsWith(TEMPORARY_SOCKET_FOLDER)) {
    await rm(socketDirectory, { recursive: true, force: true });
  }
  logger.info({ pid }, 'database stopped');
}
