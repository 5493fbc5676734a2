// Hands the terminal over to one of the project's own compiled programs.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { ROOT, SetupError } from './repository.mjs';

/**
 * Runs a compiled program with this one's arguments, terminal and working directory, and ends as
 * it ends. @throws SetupError when the program was not built.
 */
export async function becomeProgram(path, args) {
  const file = join(ROOT, path);
  if (!existsSync(file)) throw new SetupError(`${path} is not there: the build did not make it.`);
  const child = spawn(process.execPath, [file, ...args], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to the whole group by itself; a second copy would read as "at once".
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY) child.kill('SIGINT');
  });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  process.exitCode = await new Promise((settle, fail) => {
    child.on('error', fail);
    child.on('exit', (code, signal) => {
      settle(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}
