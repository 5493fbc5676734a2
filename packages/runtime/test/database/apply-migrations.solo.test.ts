import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  applyMigrations,
  createLogger,
  startPostgres,
  type EmbeddedPostgres,
} from '@sallyport/runtime';
import pg from 'pg';
import t from 'tap';

// Making a cluster takes one second, or twenty on a machine that builds something else meanwhile.
t.setTimeout(120_000);

const FIRST = 'CREATE TABLE one (id int); CREATE TABLE two (id int);';
const SECOND = `CREATE FUNCTION three() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 3; END; $$;`;

let folder = '';
let server: EmbeddedPostgres;
let databases = 0;

t.before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'migrations-'));
  await chmod(folder, 0o711);
  const logger = createLogger({ service: 'demo', level: 'silent' });
  server = await startPostgres({ dataDirectory: join(folder, 'postgres'), logger });
});
t.teardown(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A fresh database and a folder of migrations. */
async function prepare(
  migrations: Readonly<Record<string, string>>,
): Promise<{ url: string; directory: string }> {
  databases += 1;
  const directory = join(folder, `migrations-${databases}`);
  await mkdir(directory);
  await writeFile(join(directory, 'migration_lock.toml'), 'provider = "postgresql"');
  for (const [name, sql] of Object.entries(migrations)) await addMigration(directory, name, sql);
  return { url: await server.createDatabase(`db${databases}`), directory };
}

async function addMigration(directory: string, name: string, sql: string): Promise<void> {
  await mkdir(join(directory, name), { recursive: true });
  await writeFile(join(directory, name, 'migration.sql'), sql);
}

async function query(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

t.test('applies what is missing, in order, with rows like those of Prisma', async (t) => {
  const { url, directory } = await prepare({ '0002_three': SECOND, '0001_tables': FIRST });
  t.same(await applyMigrations(url, directory), ['0001_tables', '0002_three']);
  t.same(await applyMigrations(url, directory), []);
  t.match(await query(url, 'SELECT three() AS three'), [{ three: 3 }]);
  const rows = await query(url, 'SELECT * FROM _prisma_migrations ORDER BY migration_name');
  t.match(rows, [
    {
      migration_name: '0001_tables',
      checksum: /^[0-9a-f]{64}$/,
      applied_steps_count: 1,
      finished_at: Date,
    },
    { migration_name: '0002_three', rolled_back_at: null, logs: null },
  ]);
});

t.test('lets processes that start together apply each migration once', async (t) => {
  const { url, directory } = await prepare({ '0001_tables': FIRST, '0002_three': SECOND });
  const applied = await Promise.all([1, 2, 3, 4].map(() => applyMigrations(url, directory)));
  t.same(applied.flat().sort(), ['0001_tables', '0002_three']);
});

t.test('refuses an applied migration whose file has changed', async (t) => {
  const { url, directory } = await prepare({ '0001_tables': FIRST });
  await applyMigrations(url, directory);
  await addMigration(directory, '0001_tables', `${FIRST} -- edited`);
  const refusal = { code: 'ERR_MIGRATION_CHANGED', detail: { migration: '0001_tables' } };
  await t.rejects(applyMigrations(url, directory), refusal);
});

t.test('refuses a database that is newer than the program', async (t) => {
  const { url, directory } = await prepare({ '0001_tables': FIRST, '0002_three': SECOND });
  await applyMigrations(url, directory);
  await rm(join(directory, '0002_three'), { recursive: true });
  const refusal = { code: 'ERR_MIGRATION_UNKNOWN', detail: { migration: '0002_three' } };
  await t.rejects(applyMigrations(url, directory), refusal);
});

t.test(
  'leaves nothing of a migration that fails, and applies it once it is corrected',
  async (t) => {
    const broken = 'CREATE TABLE half (id int); SELECT 1/0;';
    const { url, directory } = await prepare({ '0001_tables': FIRST, '0002_broken': broken });
    const refusal = { code: 'ERR_MIGRATION_FAILED', detail: { migration: '0002_broken' } };
    await t.rejects(applyMigrations(url, directory), refusal);
    t.match(await query(url, `SELECT to_regclass('half') AS half`), [{ half: null }]);
    await addMigration(directory, '0002_broken', 'CREATE TABLE half (id int);');
    t.same(await applyMigrations(url, directory), ['0002_broken']);
  },
);

t.test('says so when the database cannot be reached', async (t) => {
  const { directory } = await prepare({});
  await t.rejects(applyMigrations('postgresql://nobody@127.0.0.1:1/none', directory), {
    code: 'ERR_DATABASE_UNAVAILABLE',
  });
});
