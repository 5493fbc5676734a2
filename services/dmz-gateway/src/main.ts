#!/usr/bin/env node
import { ERRORS } from '@sallyport/contracts';
import { toSallyportError } from '@sallyport/runtime';
import { runCommand, type Answer } from './cli/commands.ts';

const args = process.argv.slice(2);
const isJson = args.includes('--json');

function printAnswer(answer: Answer): void {
  if (isJson) process.stdout.write(`${JSON.stringify(answer)}\n`);
  else
    for (const [name, value] of Object.entries(answer)) process.stdout.write(`${name}: ${value}\n`);
}

function printError(error: unknown): void {
  const { code, detail, cause } = toSallyportError(error);
  const language = (process.env['LANG'] ?? '').startsWith('ko') ? 'ko' : 'en';
  const { what, remedy } = ERRORS[code][language];
  const facts = Object.entries(detail).map(([name, value]) => `${name}: ${value}`);
  const unexpected = code === 'ERR_INTERNAL' && cause instanceof Error ? [cause.message] : [];
  if (isJson) process.stderr.write(`${JSON.stringify({ code, what, remedy, detail })}\n`);
  else
    process.stderr.write(`${[`${code}: ${what}`, ...facts, ...unexpected, remedy].join('\n  ')}\n`);
}

try {
  printAnswer(await runCommand(args, process.env, process));
} catch (error) {
  printError(error);
  process.exitCode = 1;
}
