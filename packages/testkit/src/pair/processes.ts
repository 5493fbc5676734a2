import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A started service process. */
export interface RunningService {
  readonly name: string;
  readonly child: ChildProcess;
  /** Where its output goes. */
  readonly logFile: string;
  /** SIGTERM, then waits; SIGKILL after `graceMs`. */
  stop(graceMs?: number): Promise<void>;
  /** kill -9, for fault tests. */
  kill(): Promise<void>;
}

/** How to start one program of the pair: nothing but a script, arguments and an environment. */
export interface ProgramOptions {
  readonly name: string;
  readonly script: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
  readonly user?: { readonly uid: number; readonly gid: number };
}

/** Starts a service and returns at once; readiness is asked over HTTP. */
export function startService(options: ProgramOptions): RunningService {
  const log = createWriteStream(options.logFile, { flags: 'a', mode: 0o600 });
  const child = spawn(process.execPath, [options.script, ...options.arguments], {
    env: baseEnvironment(options.environment),
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.user ?? {}),
  });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  child.once('close', () => log.end());
  const gone = once(child, 'close');
  return {
    name: options.name,
    child,
    logFile: options.logFile,
    async stop(graceMs = 15_000) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const late = sleep(graceMs, 'late' as const, { ref: false });
      if ((await Promise.race([gone, late])) === 'late') {
        child.kill('SIGKILL');
        await gone;
      }
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/**
 * Runs one command to its end and returns what it printed.
 *
 * @throws Error with the command's own message when it ends with another code than 0
 */
export async function runCommand(options: Omit<ProgramOptions, 'logFile'>): Promise<string> {
  const child = spawn(process.execPath, [options.script, ...options.arguments], {
    env: baseEnvironment(options.environment),
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.user ?? {}),
  });
  let output = '';
  let complaint = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const [code] = (await once(child, 'close')) as [number | null]; // the event's documented first argument
  if (code !== 0) {
    throw new Error(
      `${options.name} ${options.arguments.slice(0, 2).join(' ')} ended with ${code ?? 'a signal'}: ${complaint || output}`,
    );
  }
  return output;
}

/**
 * Waits until the service answers `/readyz` with 200.
 *
 * @throws Error when the process ended first or did not become ready in time
 */
export async function waitReady(
  service: RunningService,
  baseUrl: string,
  timeoutMs = 300_000,
): Promise<void> {
  const until = performance.now() + timeoutMs;
  while (performance.now() < until) {
    if (service.child.exitCode !== null)
      throw new Error(`${service.name} ended at start; see ${service.logFile}`);
    const ready = await fetch(new URL('/readyz', baseUrl), {
      signal: AbortSignal.timeout(10_000),
    }).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return;
    await sleep(100);
  }
  throw new Error(
    `${service.name} was not ready after ${timeoutMs / 1000} s; see ${service.logFile}`,
  );
}

/** Only what a program needs to run at all; nothing of the caller's own settings leaks in. */
function baseEnvironment(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const kept = ['PATH', 'HOME', 'LANG', 'TMPDIR'].flatMap((name) => {
    const value = process.env[name]; // the child's own base environment, not configuration
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), ...extra };
}
