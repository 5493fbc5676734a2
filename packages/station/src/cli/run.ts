import { ERRORS, isSallyportError } from '@sallyport/contracts';
import { enrol } from '../commands/enrol.ts';
import { fetchPackage } from '../commands/fetch.ts';
import { keygen } from '../commands/keygen.ts';
import { licence } from '../commands/licence.ts';
import { openPackage } from '../commands/open.ts';
import { verify } from '../commands/verify.ts';
import type { Command, Outcome } from './command.ts';
import { parseCommandLine } from './options.ts';
import type { Terminal } from './terminal.ts';
import { LABELS, USAGE } from './texts.ts';

const COMMANDS: Readonly<Record<string, Command>> = {
  keygen,
  enrol,
  verify,
  fetch: fetchPackage,
  licence,
  open: openPackage,
};

/**
 * Runs one command.
 *
 * @returns the exit status: 0 success, 1 refused, 2 the command line is wrong
 */
export async function runStation(args: readonly string[], terminal: Terminal): Promise<0 | 1 | 2> {
  const [name, ...rest] = args;
  let json = !terminal.interactive;
  try {
    const line = parseCommandLine(rest);
    json ||= line.json;
    const command =
      name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (line.help || command === undefined)
      return printUsage(terminal, name === '--help' || name === '-h' || line.help);
    const outcome = await command(line, terminal);
    terminal.stdout.write(
      json ? `${JSON.stringify({ ok: true, ...outcome })}\n` : linesOf(outcome, terminal),
    );
    return 0;
  } catch (error) {
    if (!isSallyportError(error)) throw error;
    const { what, remedy } = ERRORS[error.code][terminal.language];
    const { code, detail } = error;
    if (json)
      terminal.stdout.write(`${JSON.stringify({ ok: false, code, what, remedy, detail })}\n`);
    const facts = Object.entries(detail).map(([member, value]) => ` ${member}=${value}`);
    if (terminal.interactive)
      terminal.stderr.write(`${what} (${code}${facts.join('')})\n→ ${remedy}\n`);
    return code === 'ERR_STATION_USAGE' ? 2 : 1;
  }
}

function printUsage(terminal: Terminal, asked: boolean): 0 | 2 {
  (asked ? terminal.stdout : terminal.stderr).write(USAGE[terminal.language]);
  return asked ? 0 : 2;
}

function linesOf(outcome: Outcome, { language }: Terminal): string {
  const labels = LABELS[language];
  return Object.entries(outcome)
    .map(([member, value]) => `${labels[member] ?? member}: ${textOf(value)}\n`)
    .join('');
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => `\n  - ${textOf(item)}`).join('');
  if (typeof value === 'object' && value !== null)
    return Object.values(value).map(textOf).join(' · ');
  return String(value);
}
