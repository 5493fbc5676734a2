import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { DATABASE_USER } from './init-cluster.ts';
import type { Postmaster } from './postmaster.ts';

/*
 * Each attached process holds a shared advisory lock on a connection of its own. A killed process
 * loses it with its connection, so nothing has to be counted or cleaned up.
 */
const ATTACHED_LOCK = 72_707_370;
const CONNECT_WITHIN_MS = 60_000;
const POLL_MS = 50;
/** A server needs a moment to notice that a connection has ended. */
const TRIES_FOR_LAST = 4;
const TRY_EVERY_MS = 75;

export interface Attachment {
  readonly postmaster: Postmaster;
  readonly connection: pg.Client;
}

/** Connects and takes the shared lock; waits through recovery, null when the server has gone. */
export async function attach(
  postmaster: Postmaster,
  password: string,
  isStillThere: () => boolean | Promise<boolean>,
): Promise<Attachment | null> {
  const giveUpAt = Date.now() + CONNECT_WITHIN_MS;
  while (Date.now() < giveUpAt) {
    const connection = await connectAndLock(addressOf(postmaster, password, 'postgres'));
    if (connection !== null) return { postmaster, connection };
    if (!(await isStillThere())) return null;
    await sleep(POLL_MS);
  }
  return null;
}

/**
 * Gives the shared lock back and answers whether nobody else holds one. Asked on a new connection:
 * the old one may have been lost when the server recovered from a crash of its own.
 */
export async function detach(
  { postmaster, connection }: Attachment,
  password: string,
): Promise<boolean> {
  keepAlive(connection, true);
  await end(connection);
  const client = newClient(addressOf(postmaster, password, 'postgres'));
  try {
    await client.connect();
    for (let attempt = 1; attempt <= TRIES_FOR_LAST; attempt += 1) {
      const { rows } = await client.query<{ last: boolean }>(
        'SELECT pg_try_advisory_lock($1) AS last',
        [ATTACHED_LOCK],
      );
      if (rows[0]?.last === true) return true;
      await sleep(TRY_EVERY_MS);
    }
    return false;
  } catch {
    // No server to ask is no server to stop.
    return false;
  } finally {
    await end(client);
  }
}

/** The address of a database on a server, its password included. */
export function addressOf(
  { port, socketDirectory }: Postmaster,
  password: string,
  database: string,
): string {
  const login = `${DATABASE_USER}:${password}`;
  const host = encodeURIComponent(socketDirectory);
  return `postgresql://${login}@localhost:${port}/${database}?host=${host}`;
}

async function connectAndLock(connectionString: string): Promise<pg.Client | null> {
  const client = newClient(connectionString);
  try {
    await client.connect();
    await client.query('SELECT pg_advisory_lock_shared($1)', [ATTACHED_LOCK]);
    keepAlive(client, false);
    return client;
  } catch {
    // Starting up, recovering or shutting down: the caller tells them apart.
    await end(client);
    return null;
  }
}

function newClient(connectionString: string): pg.Client {
  const client = new pg.Client({ connectionString, application_name: 'sallyport attached' });
  // The server may end before us; what works with it notices on its own connections.
  client.on('error', () => undefined);
  return client;
}

async function end(client: pg.Client): Promise<void> {
  try {
    await client.end();
  } catch {
    // It had ended already, which is all that was asked.
  }
}

/** The lock's connection alone must not keep a finished program alive, but its last words must be heard. */
function keepAlive(client: pg.Client, alive: boolean): void {
  const { stream } = client.connection;
  if (!(stream instanceof Socket)) return;
  if (alive) stream.ref();
  else stream.unref();
}
