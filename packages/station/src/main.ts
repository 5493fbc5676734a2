import { runStation } from './cli/run.ts';
import { languageOf } from './cli/texts.ts';

const { LC_ALL, LC_MESSAGES, LANG } = process.env;
process.exitCode = await runStation(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  interactive: process.stdin.isTTY && process.stdout.isTTY,
  language: languageOf(LC_ALL ?? LC_MESSAGES ?? LANG),
  now: () => new Date(),
});
