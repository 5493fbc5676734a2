import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { applyMigrations, startPostgres, type Lifecycle, type Logger } from '@sallyport/runtime';
import type { ExporterConfig } from '../config/env.ts';
import { openDatabase, type Database } from './database.ts';

const MIGRATIONS = fileURLToPath(new URL('../../prisma/migrations/', import.meta.url));
const DATABASE = 'sallyport_exporter';

/** An open database with every migration applied, and what stops it. */
export interface OpenedDatabase {
  readonly db: Database;
  /** Migrations applied now. */
  readonly applied: readonly string[];
}

/** Starts or reaches the database, applies what it lacks, and registers both with the lifecycle. */
export async function openMigrated(
  config: ExporterConfig,
  lifecycle: Lifecycle,
  logger: Logger,
): Promise<OpenedDatabase> {
  const url = config.databaseUrl ?? (await startEmbedded(config, lifecycle, logger));
  const applied = await applyMigrations(url, MIGRATIONS);
  for (const migration of applied) logger.info({ migration }, 'migration applied');
  const db = openDatabase(url);
  lifecycle.onStop('database connections', () => db.$disconnect());
  return { db, applied };
}

async function startEmbedded(
  config: ExporterConfig,
  lifecycle: Lifecycle,
  logger: Logger,
): Promise<string> {
  const postgres = await startPostgres({
    dataDirectory: join(config.dataDirectory, 'postgres'),
    logger,
  });
  lifecycle.onStop('database', postgres.stop);
  return postgres.createDatabase(DATABASE);
}
