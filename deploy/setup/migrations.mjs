// Writes or checks a service's one migration until the first release: `prisma/migrations/0001_init`
// is what Prisma's own engine says leads from an empty database to the schema. The engine runs as
// WebAssembly, so nothing is downloaded and no database is needed. Run in the service's folder.
//
//   node ../../deploy/setup/migrations.mjs write | check
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';

const MIGRATION = 'prisma/migrations/0001_init/migration.sql';

const wanted = await diffFromEmpty();
const command = process.argv[2];
if (command === 'write') {
  await writeFile(MIGRATION, wanted);
} else if (command === 'check') {
  const known = await readFile(MIGRATION, 'utf8');
  if (known !== wanted) {
    const { name } = JSON.parse(await readFile('package.json', 'utf8'));
    console.error(`The schema and its migration differ: npm run migrations:write -w ${name}`);
    process.exitCode = 1;
  }
} else {
  console.error('usage: node ../../deploy/setup/migrations.mjs write | check');
  process.exitCode = 2;
}

async function diffFromEmpty() {
  const { SchemaEngine } = await loadEngine();
  const files = await readSchema();
  const engine = await SchemaEngine.new(
    { datamodels: undefined },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(noDatabase()),
  );
  const result = await engine.diff({
    from: { tag: 'empty' },
    to: { tag: 'schemaDatamodel', files },
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  });
  return result.stdout;
}

/** Every .prisma file below prisma/: one file, or a folder of them. */
async function readSchema() {
  const names = (await readdir('prisma', { recursive: true })).filter((name) =>
    name.endsWith('.prisma'),
  );
  return Promise.all(
    names.sort().map(async (path) => ({
      path,
      content: await readFile(join('prisma', path), 'utf8'),
    })),
  );
}

/** The engine asks its adapter for the server's version before it compares two files: this one answers that. */
function noDatabase() {
  const connection = {
    provider: 'postgres',
    adapterName: 'none',
    getConnectionInfo: () => ({ schemaName: 'public', supportsRelationJoins: true }),
    queryRaw: async () => ({
      columnNames: ['version'],
      columnTypes: [7],
      rows: [['PostgreSQL 18.0']],
    }),
    executeRaw: async () => 0,
    executeScript: async () => undefined,
    dispose: async () => undefined,
  };
  return {
    provider: 'postgres',
    adapterName: 'none',
    connect: async () => connection,
    connectToShadowDb: async () => connection,
  };
}

/** The package's own entry imports the .wasm as a module, which Node does only behind a flag. */
async function loadEngine() {
  const require = createRequire(import.meta.url);
  const bindings = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const file = require
    .resolve('@prisma/schema-engine-wasm')
    .replace(/schema_engine\.js$/, 'schema_engine_bg.wasm');
  const { instance } = await WebAssembly.instantiate(await readFile(file), {
    './schema_engine_bg.js': bindings,
  });
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return bindings;
}
