#!/usr/bin/env node
import { ERRORS, isSallyportError, SallyportError } from '@sallyport/contracts';
import type { Command } from './commands/command.ts';

/** Every command by its words; each is loaded only when it is called. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  init: async () => (await import('./commands/init.ts')).init,
  start: async () => (await import('./commands/start.ts')).start,
  migrate: async () => (await import('./commands/migrate.ts')).migrate,
  'account create': async () => (await import('./commands/account-create.ts')).accountCreate,
  'approver-key create': async () => (await import('./commands/approver-key.ts')).approverKeyCreate,
  'approve request': async () => (await import('./commands/approve.ts')).approveRequest,
  'approve release': async () => (await import('./commands/approve.ts')).approveRelease,
  'trust export': async () => (await import('./commands/trust.ts')).trustExport,
  'trust import': async () => (await import('./commands/trust.ts')).trustImport,
  'footage import': async () => (await import('./commands/footage-import.ts')).footageImport,
  redact: async () => (await import('./commands/redact.ts')).redact,
  models: async () => (await import('./commands/models.ts')).models,
  'watermark key': async () => (await import('./commands/watermark-key.ts')).watermarkKey,
  'watermark mark': async () => (await import('./commands/watermark-mark.ts')).watermarkMark,
  'watermark read': async () => (await import('./commands/watermark-read.ts')).watermarkRead,
  'ca issue': async () => (await import('./commands/trust.ts')).caIssue,
  'ca tls': async () => (await import('./commands/ca-tls.ts')).caTls,
};

process.exitCode = await main(process.argv.slice(2));

/** 0 success, 1 refused or failed, 2 not understood. */
async function main(argv: readonly string[]): Promise<number> {
  const json = argv.includes('--json');
  const args = argv.filter((argument) => argument !== '--json');
  if (args.length === 0 || args.includes('--help')) {
    process.stdout.write(`exporter ${Object.keys(COMMANDS).join(' | ')}\n`);
    return 0;
  }
  try {
    const { command, rest } = await findCommand(args);
    await command(rest, {
      environment: process.env,
      print: (value, text) => process.stdout.write(`${json ? JSON.stringify(value) : text}\n`),
    });
    return 0;
  } catch (error) {
    return explain(error, json);
  }
}

async function findCommand(
  args: readonly string[],
): Promise<{ command: Command; rest: readonly string[] }> {
  for (const words of [2, 1]) {
    const name = args.slice(0, words).join(' ');
    const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (load !== undefined) return { command: await load(), rest: args.slice(words) };
  }
  throw new SallyportError('ERR_COMMAND_USAGE', {
    detail: { commands: Object.keys(COMMANDS).join(' | ') },
  });
}

function explain(error: unknown, json: boolean): number {
  const known = isSallyportError(error)
    ? error
    : new SallyportError('ERR_INTERNAL', { cause: error });
  const { code, detail } = known;
  const { what, remedy } =
    ERRORS[code][process.env['LANG']?.startsWith('ko') === true ? 'ko' : 'en'];
  const facts = Object.entries(detail).map(([name, value]) => `  ${name}: ${value}`);
  const cause = code === 'ERR_INTERNAL' && error instanceof Error ? [`  ${error.message}`] : [];
  const text = [`${what} (${code})`, ...facts, ...cause, remedy].join('\n');
  process.stderr.write(`${json ? JSON.stringify({ code, what, remedy, detail }) : text}\n`);
  return code === 'ERR_COMMAND_USAGE' ? 2 : 1;
}
