import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isSallyportError } from '@sallyport/contracts';
import { parseEnvironment } from '@sallyport/runtime';
import t from 'tap';

const SPEC = {
  prefix: 'DEMO_',
  variables: {
    host: { kind: 'string', name: 'DEMO_HOST', default: '127.0.0.1' },
    port: { kind: 'integer', name: 'DEMO_PORT', min: 0, max: 65535 },
    verbose: { kind: 'boolean', name: 'DEMO_VERBOSE', default: false },
    folder: { kind: 'path', name: 'DEMO_FOLDER', default: 'var/demo' },
    database: {
      kind: 'url',
      name: 'DEMO_DATABASE_URL',
      protocols: ['postgresql', 'postgres'],
      optional: true,
    },
    role: { kind: 'enum', name: 'DEMO_ROLE', values: ['api', 'media'], default: 'api' },
    passphrase: { kind: 'secret-file', name: 'DEMO_PASSPHRASE_FILE', optional: true },
  },
} as const;

t.test('parses every kind, and types the result', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'environment-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const secret = join(folder, 'passphrase');
  await writeFile(secret, 'open sesame\n', { mode: 0o600 });
  const environment = parseEnvironment(SPEC, {
    PATH: '/usr/bin',
    DEMO_PORT: '7010',
    DEMO_VERBOSE: 'true',
    DEMO_ROLE: 'media',
    DEMO_PASSPHRASE_FILE: secret,
  });
  const role: 'api' | 'media' = environment.role;
  const port: number = environment.port;
  const database: string | null = environment.database;
  t.equal(role, 'media');
  t.equal(port, 7010);
  t.equal(database, null);
  t.equal(environment.verbose, true);
  t.equal(environment.folder, resolve('var/demo'));
  t.equal(environment.passphrase, 'open sesame');
});

t.test('reports every bad name at once, and no value', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'environment-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const open = join(folder, 'readable-by-all');
  await writeFile(open, 'hunter2');
  await chmod(open, 0o644);
  const source = {
    DEMO_PORT: '70000',
    DEMO_VERBOSE: 'yes',
    DEMO_DATABASE_URL: 'mysql://secret-host/x',
    DEMO_ROLE: 'root',
    DEMO_PASSPHRASE_FILE: open,
    DEMO_PROT: '1',
  };
  try {
    parseEnvironment(SPEC, source);
    t.fail('must throw');
  } catch (error) {
    if (!isSallyportError(error, 'ERR_ENVIRONMENT_INVALID')) throw error;
    t.same(Object.keys(error.detail).sort(), Object.keys(source).sort());
    const told = JSON.stringify([error.detail, error.message, error.stack]);
    for (const value of ['70000', 'secret-host', 'hunter2', open]) t.notOk(told.includes(value));
    t.equal(error.detail['DEMO_PROT'], 'unknown name');
  }
});

t.test('refuses a missing variable without a default', (t) => {
  t.throws(() => parseEnvironment(SPEC, {}), {
    code: 'ERR_ENVIRONMENT_INVALID',
    detail: { DEMO_PORT: 'missing' },
  });
  t.end();
});

for (const text of ['', ' 1', '1e3', '0x10', '1.5', '-1', 'NaN']) {
  t.test(`refuses ${JSON.stringify(text)} as a port`, (t) => {
    t.throws(() => parseEnvironment(SPEC, { DEMO_PORT: text }), {
      code: 'ERR_ENVIRONMENT_INVALID',
    });
    t.end();
  });
}
