import { parseArgs, type ParseArgsConfig } from 'node:util';
import { SallyportError } from '@sallyport/contracts';
import { createLifecycle, createLogger, type Lifecycle, type Logger } from '@sallyport/runtime';
import { parseExporterEnvironment, requirePassphrase, type ExporterConfig } from '../config/env.ts';
import type { Database } from '../store/database.ts';
import { openMigrated } from '../store/open-migrated.ts';
import { keyFilesIn, openPersonalFields, type KeyFiles } from '../store/key-files.ts';
import type { PersonalFields } from '../store/personal-fields.ts';

/** What a command talks to besides files and the database. */
export interface CommandIo {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Writes the result: `value` as one JSON line with `--json`, else `text`. */
  readonly print: (value: Readonly<Record<string, unknown>>, text: string) => void;
}

/** Runs one command; resolves on success, throws a SallyportError otherwise. */
export type Command = (args: readonly string[], io: CommandIo) => Promise<void>;

/**
 * Parses a command's own arguments strictly.
 *
 * @throws SallyportError ERR_COMMAND_USAGE
 */
export function parseCommand<const T extends ParseArgsConfig>(
  usage: string,
  args: readonly string[],
  config: T,
): ReturnType<typeof parseArgs<T>> {
  try {
    // `strict` is parseArgs' default; a config cannot turn it off without showing in its type.
    return parseArgs<T>({ ...config, args: [...args] });
  } catch (cause) {
    throw new SallyportError('ERR_COMMAND_USAGE', { detail: { usage }, cause });
  }
}

/** @throws SallyportError ERR_COMMAND_USAGE naming the missing option */
export function requireOption(usage: string, name: string, value: string | undefined): string {
  if (value !== undefined && value !== '') return value;
  throw new SallyportError('ERR_COMMAND_USAGE', { detail: { missing: name, usage } });
}

/** What a command that works on the site's database gets. */
export interface CommandSite {
  readonly config: ExporterConfig;
  readonly db: Database;
  readonly lifecycle: Lifecycle;
  readonly logger: Logger;
}

/** Opens the database for the time of `step`; a running service keeps it up, else it stops after. */
export async function withDatabase<T>(
  io: CommandIo,
  step: (site: CommandSite) => Promise<T>,
): Promise<T> {
  const config = parseExporterEnvironment(io.environment);
  // Standard output is the command's answer; a command's own log would only repeat it.
  const logger = createLogger({ service: 'exporter-command', level: 'silent' });
  const lifecycle = createLifecycle({ logger });
  try {
    const { db } = await openMigrated(config, lifecycle, logger);
    return await step({ config, db, lifecycle, logger });
  } finally {
    await lifecycle.stop('command done');
  }
}

/** The personal-field keys of a site that is set up. */
export async function openFields(
  config: ExporterConfig,
): Promise<{ keys: KeyFiles; fields: PersonalFields }> {
  const keys = keyFilesIn(config.keyFolder, requirePassphrase(config));
  return { keys, fields: await openPersonalFields(keys) };
}
