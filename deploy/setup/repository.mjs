// The checkout these scripts work on, and the one way they start other programs.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const VAR = join(ROOT, 'var');

/** A failure whose message is all the person at the terminal needs: printed without a stack. */
export class SetupError extends Error {}

/** Parses a JSON file of the checkout. */
export function readJson(path) {
  return JSON.parse(readFileSync(resolve(ROOT, path), 'utf8'));
}

/** Absolute path of a command that an npm package of the root brought. */
export function installedCommand(name) {
  return join(ROOT, 'node_modules', '.bin', name);
}

/**
 * Runs a program to its end in the checkout and resolves to `{ code, output }`.
 * `show: true` passes its output through; otherwise it is collected (stdout and stderr together).
 */
export function run(command, args, { env = {}, show = false, cwd = ROOT } = {}) {
  return new Promise((settle, fail) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
    });
    const chunks = [];
    child.stdout?.on('data', (chunk) => chunks.push(chunk));
    child.stderr?.on('data', (chunk) => chunks.push(chunk));
    child.on('error', fail);
    child.on('close', (code, signal) => {
      settle({
        code: code ?? (signal === null ? 1 : 128),
        output: Buffer.concat(chunks).toString(),
      });
    });
  });
}

/** Seconds since `startedAt` (from `performance.now()`), for people: `1.4 s`. */
export function seconds(startedAt) {
  return `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
}

/** Runs an entry point: a SetupError ends it with its message and exit code 1. */
export async function runMain(main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.log(`\n${error.message}`);
    process.exitCode = 1;
  }
}
