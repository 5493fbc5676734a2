// What deploy/ tells a person to type and to put in a file, read from those very files.
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { findRepository, type CommandReply, type Pair } from '@sallyport/testkit';

const DEPLOY = join(findRepository(), 'deploy');

/** An example environment file: the names that are set, and those that stand there commented out. */
export interface ExampleEnvironment {
  readonly set: Readonly<Record<string, string>>;
  readonly offered: readonly string[];
}

/** Reads `deploy/<zone>/<service>.env.example`. */
export async function readExample(
  zone: 'internal-exporter' | 'dmz-gateway',
): Promise<ExampleEnvironment> {
  const name = zone === 'internal-exporter' ? 'exporter' : 'gateway';
  const lines = (await readFile(join(DEPLOY, zone, `${name}.env.example`), 'utf8')).split('\n');
  const set = lines.flatMap((line) => {
    const match = /^([A-Z_]+)=(.*)$/.exec(line);
    return match === null ? [] : [[match[1] ?? '', match[2] ?? ''] as const];
  });
  const offered = lines.flatMap((line) => /^# ([A-Z_]+)=/.exec(line)?.[1] ?? []);
  return { set: Object.fromEntries(set), offered };
}

/** The example's settings that name no place on the host: those the test takes as they are. */
export function withoutPlaces(set: Readonly<Record<string, string>>): Record<string, string> {
  const isPlace = /_(DIR|LISTEN|SPOOL|FILE|MODELS)$/;
  return Object.fromEntries(Object.entries(set).filter(([name]) => !isPlace.test(name)));
}

/** The lines of deploy/README.md's shell blocks that call one of the two programs, in order. */
export async function readCommands(): Promise<readonly string[]> {
  const text = await readFile(join(DEPLOY, 'README.md'), 'utf8');
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block);
  return blocks
    .flatMap((block) => block.split('\n'))
    .filter((line) => /^(exporter|gateway)\s/.test(line))
    .map((line) => line.replace(/\s+#.*$/, '').trim());
}

/** Answers of the commands, by their first words: `gateway account create` and so on. */
export type InstalledReplies = ReadonlyMap<string, CommandReply>;

/**
 * Types every command of deploy/README.md on its host, in order, with this site's names in place of
 * the capital words; the fingerprint is the one that the export just before printed.
 */
export async function installAsWritten(
  pair: Pair,
  names: { readonly carried: string; readonly logins: { exporter: string; gateway: string } },
): Promise<InstalledReplies> {
  const replies = new Map<string, CommandReply>();
  let fingerprint = '';
  for (const line of await readCommands()) {
    const [program = '', ...words] = wordsOf(line).map((word) => {
      if (word === 'STAFFNO' || word === 'STAFFNO1') return 'N-0001';
      if (word === 'STAFFNO2') return 'N-0002';
      if (word === 'NAME') return '한설치';
      if (word === 'LOGIN')
        return line.startsWith('exporter') ? names.logins.exporter : names.logins.gateway;
      if (word === '…') return fingerprint;
      if (word.startsWith('/etc/sallyport/')) return join(names.carried, basename(word));
      return word.endsWith('.trust') ? join(names.carried, word) : word;
    });
    const reply = await (program === 'exporter' ? pair.exporter(words) : pair.gateway(words));
    if (typeof reply['fingerprint'] === 'string') fingerprint = reply['fingerprint'];
    replies.set(`${program} ${words.slice(0, 2).join(' ')}`, reply);
  }
  return replies;
}

function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}
