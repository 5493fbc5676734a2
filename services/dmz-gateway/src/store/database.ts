import { PrismaPg } from '@prisma/adapter-pg';
import { join } from 'node:path';
import { applyMigrations, startPostgres, type Logger } from '@sallyport/runtime';
import type { GatewayConfig } from '../config/environment.ts';
import { pathsOf } from '../config/paths.ts';
import { Prisma, PrismaClient } from '../generated/prisma/client.ts';

export type Database = PrismaClient;
/** A transaction; everything that belongs to one act is written through one. */
export type Transaction = Prisma.TransactionClient;
export { Prisma };

export interface Store {
  readonly db: Database;
  readonly url: string;
  /** Migrations applied at this opening. */
  readonly applied: readonly string[];
  close(): Promise<void>;
}

export const MIGRATIONS = join(import.meta.dirname, '..', '..', 'prisma', 'migrations');

/**
 * Opens the database: the server named in the configuration, or the embedded one, started if need be.
 *
 * @throws SallyportError ERR_DATABASE_*, ERR_MIGRATION_*
 */
export async function openStore(config: GatewayConfig, logger: Logger): Promise<Store> {
  const server =
    config.databaseUrl === null
      ? await startPostgres({ dataDirectory: pathsOf(config.dataDir).postgres, logger })
      : null;
  const url = config.databaseUrl ?? (await server?.createDatabase('gateway')) ?? '';
  const applied = await applyMigrations(url, MIGRATIONS);
  const db = openDatabase(url);
  return {
    db,
    url,
    applied,
    close: async () => {
      await db.$disconnect();
      await server?.stop();
    },
  };
}

/** A client of a migrated database. */
export function openDatabase(url: string): Database {
  return new PrismaClient({ adapter: new PrismaPg({ connectionString: url, max: 10 }) });
}
