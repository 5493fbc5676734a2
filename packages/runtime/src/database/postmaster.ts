import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { argumentsOf, isAlive, readTextIfThere } from './process-life.ts';

/** The running server of a cluster, as its own `postmaster.pid` tells. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly socketDirectory: string;
}

/** PM_STATUS_* of PostgreSQL's pidfile.h. */
const STATES: ReadonlySet<string> = new Set(['starting', 'stopping', 'ready', 'standby']);
const POLL_MS = 25;
const SPEAK_WITHIN_MS = 10_000;
const FAST_STOP_MS = 15_000;
const IMMEDIATE_STOP_MS = 10_000;

/** Finds the living server of a cluster; null when there is none, or it has not yet said where it listens. */
export async function findPostmaster(cluster: string): Promise<Postmaster | null> {
  const text = await readTextIfThere(join(cluster, 'postmaster.pid'));
  const [pidLine = '', , , portLine = '', socketLine = '', , , stateLine = ''] =
    text?.split('\n') ?? [];
  // The file grows in steps, and a read may end in the middle of one: only with its last line, a
  // whole word, are the others whole. Half a socket path would be a place where nobody listens.
  if (!STATES.has(stateLine.trim())) return null;
  const pid = Number.parseInt(pidLine, 10);
  if (!(await isServing(cluster, pid))) return null;
  return { pid, port: Number.parseInt(portLine, 10), socketDirectory: socketLine.trim() };
}

/**
 * {@link findPostmaster}, but a server that was just started (by a process killed since) gets the
 * time to say where it listens.
 */
export async function awaitPostmaster(cluster: string): Promise<Postmaster | null> {
  const giveUpAt = Date.now() + SPEAK_WITHIN_MS;
  for (;;) {
    const postmaster = await findPostmaster(cluster);
    if (postmaster !== null || Date.now() > giveUpAt) return postmaster;
    const text = await readTextIfThere(join(cluster, 'postmaster.pid'));
    if (text === null) return null;
    const pid = Number.parseInt(text, 10);
    if (Number.isInteger(pid) && !(await isServing(cluster, pid))) return null;
    await sleep(POLL_MS);
  }
}

/**
 * Removes the pid file of a killed server. Its number may belong to another program by now, and then
 * PostgreSQL would refuse to start. Call only while holding the start lock and with no server found.
 */
export async function removeStalePidFile(cluster: string): Promise<void> {
  await rm(join(cluster, 'postmaster.pid'), { force: true });
}

/** Stops a server: first without waiting for its clients, then without ceremony (recovery follows). */
export async function stopPostmaster(pid: number): Promise<void> {
  await signal(pid, 'SIGINT');
  if (await isGoneWithin(pid, FAST_STOP_MS)) return;
  await signal(pid, 'SIGQUIT');
  if (await isGoneWithin(pid, IMMEDIATE_STOP_MS)) return;
  await signal(pid, 'SIGKILL');
  await isGoneWithin(pid, IMMEDIATE_STOP_MS);
}

/** Waits until a process has ended; false when it still lives after `milliseconds`. */
async function isGoneWithin(pid: number, milliseconds: number): Promise<boolean> {
  const giveUpAt = Date.now() + milliseconds;
  while (Date.now() < giveUpAt) {
    if (!(await isAlive(pid))) return true;
    await sleep(POLL_MS);
  }
  return false;
}

async function signal(pid: number, name: NodeJS.Signals): Promise<void> {
  // Gone already is what was wanted.
  if (await isAlive(pid)) process.kill(pid, name);
}

/** Only a server of this very cluster: the number may belong to anything by now, and we may stop it. */
async function isServing(cluster: string, pid: number): Promise<boolean> {
  if (!(await isAlive(pid))) return false;
  const given = await argumentsOf(pid);
  // Without /proc (macOS) the connection attempt decides.
  return given === null || (basename(given[0] ?? '') === 'postgres' && given.includes(cluster));
}
