import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  makeClip,
  openPair,
  type Pair,
  type PairOptions,
  type StoryClip,
} from '@sallyport/testkit';

/** What a test registers its clean-up with: the part of tap's test that a stage needs. */
export interface Teardown {
  teardown(act: () => Promise<void>): void;
}

/** A pair in a folder of its own, with a small clip; everything goes when the test ends. */
export interface Stage {
  readonly directory: string;
  readonly clip: StoryClip;
  readonly pair: Pair;
}

/** Makes the folder, the clip and the pair; nothing is started yet. */
export async function openStage(
  t: Teardown,
  options: Omit<PairOptions, 'directory'> = {},
): Promise<Stage> {
  const directory = await makeFolder(t);
  const clip = await makeSmallClip(directory);
  const pair = await openPair({ ...options, directory });
  clearAfter(t, pair, directory);
  return { directory, clip, pair };
}

/** A folder that every user may enter (the database's user must), removed last. */
export async function makeFolder(t: Teardown): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-stage-'));
  await chmod(directory, 0o755);
  t.teardown(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
  return directory;
}

/** Two seconds at 320 × 240: enough for a figure to move, little enough to be quick. */
export async function makeSmallClip(directory: string, name = 'clip.mp4'): Promise<StoryClip> {
  const file = join(directory, name);
  await makeClip(file, { width: 320, height: 240, seconds: 2 });
  await chmod(file, 0o644);
  return { file, durationMs: 2000 };
}

/** Stops both services and whatever database server a kill left without an owner. */
export function clearAfter(t: Teardown, pair: Pair, directory: string): void {
  t.teardown(async () => {
    await pair.stop();
    for (const zone of ['internal', 'dmz'])
      await stopDatabase(join(directory, zone, 'postgres', 'cluster'));
  });
}

/** Ends the PostgreSQL server of one cluster, if one runs: by its own pid file, checked by its arguments. */
async function stopDatabase(cluster: string): Promise<void> {
  const pid = Number.parseInt(await readText(join(cluster, 'postmaster.pid')), 10);
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    for (let turn = 0; turn < 50; turn += 1) {
      if (!Number.isInteger(pid) || !(await readText(`/proc/${pid}/cmdline`)).includes(cluster))
        return;
      if (turn === 0) process.kill(pid, signal);
      await sleep(100);
    }
  }
}

async function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}
