import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { applyMigrations, createLifecycle, createLogger, startPostgres, type Lifecycle, type Logger } from '@sallyport/runtime';
import { requirePassphrase, type ExporterConfig } from './config/env.ts';
import type { ExporterRole, RoleContext } from './role-context.ts';
import { startApi } from './server.ts';
import { openDatabase, type Database } from './store/database.ts';
import { keyFilesIn } from './store/key-files.ts';
import { getSite } from './store/site.ts';
import { startIntake } from './workers/intake.ts';
import { startMedia } from './workers/media.ts';
import { startSeal } from './workers/seal.ts';
import { startSend } from './workers/send.ts';

const MIGRATIONS = fileURLToPath(new URL('../prisma/migrations/', import.meta.url));
const DATABASE = 'sallyport_exporter';

/** A running exporter, as many roles of it as were asked for. */
export interface RunningExporter {
  /** Address of the console and its API; null without role `api`. */
  readonly address: string | null;
  readonly lifecycle: Lifecycle;
}

/** An open database with every migration applied, and what stops it. */
export interface OpenedDatabase {
  readonly db: Database;
  /** Migrations applied now. */
  readonly applied: readonly string[];
}

/**
 * Starts roles in this process. They meet through the database and files only, so any of them may
 * also run in a process of its own.
 *
 * @throws SallyportError ERR_EXPORTER_NOT_INITIALISED, ERR_ENVIRONMENT_INVALID, ERR_DATABASE_*, ERR_KEY_FILE_*
 */
export async function startExporter(config: ExporterConfig, roles: readonly ExporterRole[]): Promise<RunningExporter> {
  const logger = createLogger({ service: 'internal-exporter', level: config.logLevel });
  const lifecycle = createLifecycle({ logger });
  try {
    const keys = keyFilesIn(config.keyFolder, requirePassphrase(config));
    const { db } = await openMigrated(config, lifecycle, logger);
    const context: RoleContext = { config, db, site: await getSite(db), keys, logger, lifecycle };
    if (roles.includes('media')) await startMedia(context);
    if (roles.includes('seal')) await startSeal(context);
    if (roles.includes('send')) await startSend(context);
    if (roles.includes('intake')) await startIntake(context);
    // Last to start, first to stop: no call arrives before the rest stands.
    const address = roles.includes('api') ? await startApi(context) : null;
    return { address, lifecycle };
  } catch (error) {
    await lifecycle.stop('start failed');
    throw error;
  }
}

/** Starts or reaches the database, applies what it lacks, and registers both with the lifecycle. */
export async function openMigrated(config: ExporterConfig, lifecycle: Lifecycle, logger: Logger): Promise<OpenedDatabase> {
  const url = config.databaseUrl ?? (await startEmbedded(config, lifecycle, logger));
  const applied = await applyMigrations(url, MIGRATIONS);
  for (const migration of applied) logger.info({ migration }, 'migration applied');
  const db = openDatabase(url);
  lifecycle.onStop('database connections', () => db.$disconnect());
  return { db, applied };
}

async function startEmbedded(config: ExporterConfig, lifecycle: Lifecycle, logger: Logger): Promise<string> {
  const postgres = await startPostgres({ dataDirectory: join(config.dataDirectory, 'postgres'), logger });
  lifecycle.onStop('database', postgres.stop);
  return postgres.createDatabase(DATABASE);
}
