import { AsyncLocalStorage } from 'node:async_hooks';
import { spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { fileURLToPath } from 'node:url';

interface Countdown {
  left: number;
  readonly isKill: boolean;
}

const countdown = new AsyncLocalStorage<Countdown>();

/**
 * Runs `act` up to the given file-system step; a write ends half done. `fail` lets that step and every
 * later one fail, which leaves the same bytes on disk as SIGKILL and costs no process; in a child,
 * `kill` proves that.
 */
export async function stopAtStep(
  step: number,
  how: 'fail' | 'kill',
  act: () => Promise<void>,
): Promise<'stopped' | 'ended'> {
  await patch();
  const running: Countdown = { left: step, isKill: how === 'kill' };
  try {
    await countdown.run(running, act);
    return 'ended';
  } catch (cause) {
    if (running.left > 0) throw cause;
    return 'stopped';
  }
}

/** Runs a compiled child script and returns how it ended with the lines it printed. */
export async function runChild(
  script: string,
  args: readonly string[],
): Promise<{ wasKilled: boolean; lines: string[] }> {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let faults = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (faults += text));
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
    child.on('error', reject).on('close', (...end) => {
      resolve(end);
    });
  });
  if (signal !== 'SIGKILL' && code !== 0) throw new Error(`the child failed: ${faults}`);
  return {
    wasKilled: signal === 'SIGKILL',
    lines: output.split('\n').filter((line) => line !== ''),
  };
}

/** Counts a step of the running countdown; true when it is the last. Outside one, nothing counts. */
function arrive(): boolean {
  const running = countdown.getStore();
  if (running === undefined) return false;
  running.left -= 1;
  return running.left <= 0;
}

function stop(): Promise<never> {
  if (countdown.getStore()?.isKill === true) process.kill(process.pid, 'SIGKILL');
  return Promise.reject(new Error('stopped here'));
}

type Step = (...args: unknown[]) => Promise<unknown>;
type Handle = Readonly<Record<'write' | 'writeFile' | 'sync' | 'truncate', Step>>;

let isPatched = false;

async function patch(): Promise<void> {
  if (isPatched) return;
  isPatched = true;
  for (const name of ['rename', 'unlink', 'link', 'mkdir', 'rm'] as const) {
    const original = fs[name] as (...args: unknown[]) => Promise<unknown>; // one call shape for all five
    Object.assign(fs, { [name]: (...args: unknown[]) => (arrive() ? stop() : original(...args)) });
  }
  syncBuiltinESMExports();
  const probe = await fs.open(fileURLToPath(import.meta.url), 'r');
  const prototype = Object.getPrototypeOf(probe) as Handle; // the class itself is not exported
  await probe.close();
  const { write, writeFile, sync, truncate } = prototype;
  Object.assign(prototype, {
    async write(
      this: fs.FileHandle,
      bytes: Uint8Array,
      offset: number,
      length: number,
      position: number,
    ) {
      if (!arrive()) return write.call(this, bytes, offset, length, position);
      await write.call(this, bytes, offset, Math.floor(length / 2), position);
      return stop();
    },
    async writeFile(this: fs.FileHandle, content: Uint8Array | string) {
      if (!arrive()) return writeFile.call(this, content);
      await writeFile.call(this, content.slice(0, Math.floor(content.length / 2)));
      return stop();
    },
    sync(this: fs.FileHandle) {
      return arrive() ? stop() : sync.call(this);
    },
    truncate(this: fs.FileHandle, length: number) {
      return arrive() ? stop() : truncate.call(this, length);
    },
  });
}
