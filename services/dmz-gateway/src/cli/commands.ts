import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { SallyportError, groupFingerprint } from '@sallyport/contracts';
import {
  createLifecycle,
  createLogger,
  stopOnSignals,
  writeFileDurably,
  type SignalSource,
} from '@sallyport/runtime';
import { createStaffAccount } from '../accounts/staff-accounts.ts';
import { readConfig, type GatewayConfig } from '../config/environment.ts';
import { makeFolders, pathsOf } from '../config/paths.ts';
import { ROLES, startGateway, type Role } from '../gateway.ts';
import { createGateway, openFieldKeys, readGatewayId } from '../keys/gateway-keys.ts';
import { openStore, type Store } from '../store/database.ts';
import { recordEvent } from '../store/ledger-events.ts';
import { nameActor } from './command-names.ts';
import { exportTrust, importTrust } from './trust-bundles.ts';
import { USAGE } from './usage.ts';

/** What a command answers: printed as lines, or as one JSON object. */
export type Answer = Readonly<Record<string, string | number | boolean | null>>;

type Environment = Readonly<Record<string, string | undefined>>;
type Command = (args: string[], config: GatewayConfig, source: SignalSource) => Promise<Answer>;

const COMMANDS: Readonly<Record<string, Command>> = {
  init: initialise,
  start,
  migrate,
  'account create': createAccount,
  'trust export': exportBundle,
  'trust import': importBundle,
};

/**
 * Runs one command line. `start` returns once everything listens; the process then lives on.
 *
 * @throws SallyportError ERR_COMMAND_USAGE, and whatever the command refuses
 */
export async function runCommand(
  args: readonly string[],
  environment: Environment,
  source: SignalSource,
): Promise<Answer> {
  const words = args.filter((arg) => arg !== '--json');
  if (words.includes('--help') || words[0] === 'help') return { usage: USAGE };
  const name = [words.slice(0, 2).join(' '), words[0] ?? ''].find((each) =>
    Object.hasOwn(COMMANDS, each),
  );
  const command = name === undefined ? undefined : COMMANDS[name];
  if (name === undefined || command === undefined) throw usageError(words[0] ?? 'no command');
  const rest = words.slice(name.split(' ').length);
  return command(rest, readConfig(environment), source);
}

async function initialise(args: string[], config: GatewayConfig): Promise<Answer> {
  const { by } = parse(args, { by: { type: 'string' } }).values;
  const person = required(by, '--by');
  await makeFolders(pathsOf(config.dataDir));
  // The database first: a gateway whose id is written down can be started.
  return withStore(config, async ({ db }) => {
    await createGateway(config, randomBytes(16).toString('hex'));
    await nameActor(db, await openFieldKeys(config), person, new Date());
    return { gatewayId: await readGatewayId(config), dataDir: config.dataDir };
  });
}

async function start(args: string[], config: GatewayConfig, source: SignalSource): Promise<Answer> {
  const { role } = parse(args, { role: { type: 'string', multiple: true } }).values;
  const roles: readonly string[] = role ?? ROLES;
  if (!roles.every(isRole)) throw usageError(`--role ${ROLES.join('|')}`);
  const logger = createLogger({ service: 'dmz-gateway', level: config.logLevel });
  const lifecycle = createLifecycle({ logger });
  stopOnSignals(lifecycle, source, logger);
  try {
    return { ...(await startGateway(config, { roles, logger, lifecycle })) };
  } catch (error) {
    await lifecycle.stop('failed start');
    throw error;
  }
}

async function migrate(args: string[], config: GatewayConfig): Promise<Answer> {
  const by = required(parse(args, { by: { type: 'string' } }).values.by, '--by');
  await readGatewayId(config);
  const fields = await openFieldKeys(config);
  return withStore(config, async ({ db, applied }) => {
    const now = new Date();
    if (applied.length > 0) {
      const actor = await nameActor(db, fields, by, now);
      await recordEvent(db, {
        at: now,
        actor,
        event: { kind: 'database.migrated', applied: [...applied] },
      });
    }
    return { applied: applied.join(' ') };
  });
}

async function createAccount(args: string[], config: GatewayConfig): Promise<Answer> {
  const text = { type: 'string' } as const;
  const { values } = parse(args, { role: text, login: text, name: text, by: text });
  const { role } = values;
  if (role !== 'auditor' && role !== 'administrator')
    throw usageError('--role auditor|administrator');
  const login = required(values.login, '--login');
  if (!/^[a-z0-9][a-z0-9._-]{1,46}$/.test(login)) throw usageError('--login: a-z 0-9 . _ -');
  const name = required(values.name, '--name');
  const by = required(values.by, '--by');
  await readGatewayId(config);
  const fields = await openFieldKeys(config);
  return withStore(config, async ({ db }) => {
    const now = new Date();
    const actor = await nameActor(db, fields, by, now);
    return { login, ...(await createStaffAccount(db, fields, { role, login, name, actor }, now)) };
  });
}

async function exportBundle(args: string[], config: GatewayConfig): Promise<Answer> {
  const text = { type: 'string' } as const;
  const { output, by } = parse(args, { output: { ...text, short: 'o' }, by: text }).values;
  const file = required(output, '-o FILE');
  const person = required(by, '--by');
  const fields = await openFieldKeys(config);
  return withStore(config, async ({ db }) => {
    const { jws, fingerprint } = await exportTrust(db, fields, { config, by: person }, new Date());
    await writeFileDurably(file, `${jws}\n`, { mode: 0o644 });
    return { file, fingerprint, readAloud: groupFingerprint(fingerprint) };
  });
}

async function importBundle(args: string[], config: GatewayConfig): Promise<Answer> {
  const text = { type: 'string' } as const;
  const { values, positionals } = parse(args, { fingerprint: text, by: text, witness: text }, 1);
  const fingerprint = required(values.fingerprint, '--fingerprint');
  const by = required(values.by, '--by');
  const witness = required(values.witness, '--witness');
  await readGatewayId(config);
  const jws = await readFile(required(positionals[0], 'FILE'), 'utf8');
  const fields = await openFieldKeys(config);
  return withStore(config, async ({ db }) => ({
    ...(await importTrust(db, fields, { jws, fingerprint, by, witness }, new Date())),
  }));
}

async function withStore(
  config: GatewayConfig,
  act: (store: Store) => Promise<Answer>,
): Promise<Answer> {
  const logger = createLogger({ service: 'dmz-gateway', level: 'silent' });
  const store = await openStore(config, logger);
  try {
    return await act(store);
  } finally {
    await store.close();
  }
}

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>;

function parse<O extends Options>(args: string[], options: O, positionals = 0) {
  try {
    const allowPositionals = positionals > 0;
    const parsed = parseArgs({ args, options, allowPositionals, strict: true });
    if (parsed.positionals.length !== positionals) throw new Error('positionals');
    return parsed;
  } catch (cause) {
    throw new SallyportError('ERR_COMMAND_USAGE', { cause });
  }
}

function required(value: string | undefined, option: string): string {
  if (value === undefined || value.trim() === '') throw usageError(option);
  return value;
}

function usageError(missing: string): SallyportError {
  return new SallyportError('ERR_COMMAND_USAGE', { detail: { missing } });
}

function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text);
}
