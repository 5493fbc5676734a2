import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SallyportError } from '@sallyport/contracts';
import pg from 'pg';

/** The key of Prisma's own migrate command: the two never run at once. */
const MIGRATE_LOCK = 72_707_369;

/** Prisma's table, column for column, so that `prisma migrate status` and `deploy` accept our work. */
const CREATE_TABLE = `
  CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id                  VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum            VARCHAR(64) NOT NULL,
    finished_at         TIMESTAMPTZ,
    migration_name      VARCHAR(255) NOT NULL,
    logs                TEXT,
    rolled_back_at      TIMESTAMPTZ,
    started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
  )`;

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

interface AppliedRow {
  readonly migration_name: string;
  readonly checksum: string;
  readonly finished_at: Date | null;
}

/**
 * Applies the migrations of `directory` (`NNNN_name/migration.sql`) that a database lacks, in order,
 * each in a transaction of its own. Processes that start together wait for one another.
 *
 * @returns the names applied now
 * @throws SallyportError ERR_MIGRATION_CHANGED when an applied file differs from what was applied.
 * @throws SallyportError ERR_MIGRATION_UNKNOWN when the database is newer than the directory.
 * @throws SallyportError ERR_MIGRATION_FAILED naming the migration; nothing of it remains.
 * @throws SallyportError ERR_DATABASE_UNAVAILABLE
 */
export async function applyMigrations(
  databaseUrl: string,
  directory: string,
): Promise<readonly string[]> {
  const migrations = await readMigrations(directory);
  const client = new pg.Client({ connectionString: databaseUrl });
  try {
    await client.connect().catch((cause: unknown) => {
      throw new SallyportError('ERR_DATABASE_UNAVAILABLE', { cause });
    });
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATE_LOCK]);
    await client.query(CREATE_TABLE);
    const pending = findPending(migrations, await readApplied(client));
    for (const migration of pending) await applyOne(client, migration);
    return pending.map(({ name }) => name);
  } finally {
    // Ending the connection gives the lock back.
    await client.end();
  }
}

async function readMigrations(directory: string): Promise<readonly Migration[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return Promise.all(
    names.sort().map(async (name) => {
      const bytes = await readFile(join(directory, name, 'migration.sql'));
      const checksum = createHash('sha256').update(bytes).digest('hex');
      return { name, sql: bytes.toString('utf8'), checksum };
    }),
  );
}

async function readApplied(client: pg.Client): Promise<readonly AppliedRow[]> {
  const { rows } = await client.query<AppliedRow>(
    `SELECT migration_name, checksum, finished_at FROM _prisma_migrations
     WHERE rolled_back_at IS NULL ORDER BY started_at, migration_name`,
  );
  return rows;
}

function findPending(
  migrations: readonly Migration[],
  applied: readonly AppliedRow[],
): readonly Migration[] {
  const byName = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const { migration_name: migration, checksum, finished_at } of applied) {
    const detail = { migration };
    const known = byName.get(migration);
    if (known === undefined) throw new SallyportError('ERR_MIGRATION_UNKNOWN', { detail });
    if (finished_at === null) throw new SallyportError('ERR_MIGRATION_FAILED', { detail });
    if (known.checksum !== checksum) throw new SallyportError('ERR_MIGRATION_CHANGED', { detail });
  }
  const done = new Set(applied.map(({ migration_name }) => migration_name));
  return migrations.filter(({ name }) => !done.has(name));
}

async function applyOne(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  const startedAt = new Date();
  try {
    await client.query('BEGIN');
    // One simple query: `$$` bodies stay whole, and the server splits the statements itself.
    await client.query(sql);
    await client.query(
      `INSERT INTO _prisma_migrations
         (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, $4, now(), 1)`,
      [randomUUID(), checksum, name, startedAt],
    );
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK');
    throw new SallyportError('ERR_MIGRATION_FAILED', { detail: { migration: name }, cause });
  }
}
