import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, startPostgres, type EmbeddedPostgres } from '@sallyport/runtime';
import pg from 'pg';
import t, { type Test } from 'tap';

// Making a cluster takes one second, or twenty on a machine that builds something else meanwhile.
t.setTimeout(120_000);

const logger = createLogger({ service: 'demo', level: 'silent' });

/** A folder that user postgres can traverse. */
async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'postgres-'));
  await chmod(folder, 0o711);
  return folder;
}

/** Making a cluster takes seconds: the tests share one and leave its server stopped. */
let dataDirectory = '';
t.before(async () => {
  dataDirectory = await makeFolder();
});
t.teardown(() => rm(dataDirectory, { recursive: true, force: true }));

async function start(t: Test, folder = dataDirectory): Promise<EmbeddedPostgres> {
  const server = await startPostgres({ dataDirectory: folder, logger });
  t.teardown(() => server.stop());
  return server;
}

async function query(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

t.test('starts, keeps its rows over a stop, and listens on no network address', async (t) => {
  const first = await start(t);
  t.equal(first.started, true);
  const url = await first.createDatabase('exporter');
  t.equal(await first.createDatabase('exporter'), url, 'creating twice is harmless');
  const [version] = await query(url, 'SHOW server_version_num');
  t.match(version, { server_version_num: /^18/ });
  t.match(await query(url, 'SHOW listen_addresses'), [{ listen_addresses: '' }]);
  await query(url, 'CREATE TABLE kept AS SELECT 1 AS one');
  await first.stop();
  t.equal(isAlive(first.pid), false);

  const second = await start(t);
  t.match(await query(second.urlOf('exporter'), 'SELECT * FROM kept'), [{ one: 1 }]);
  const password = await stat(join(dataDirectory, 'password'));
  t.equal(password.mode & 0o777, 0o600);
  t.ok((await readFile(join(dataDirectory, 'password'), 'utf8')).length >= 64);
  await t.rejects(query(second.urlOf('exporter').replace(/:[0-9a-f]{64}@/, ':guess@'), 'SELECT 1'));
});

t.test('shares one server: the others attach, the last to leave stops it', async (t) => {
  const servers = await Promise.all([1, 2, 3].map(() => start(t)));
  t.equal(servers.filter(({ started }) => started).length, 1);
  t.equal(new Set(servers.map(({ pid }) => pid)).size, 1);
  const [a, b, c] = servers;
  await Promise.all([a?.stop(), b?.stop()]);
  t.equal(isAlive(c?.pid ?? 0), true);
  await c?.stop();
  t.equal(isAlive(c?.pid ?? 0), false);
});

t.test('starts again after its server was killed, over the stale pid file', async (t) => {
  const first = await start(t);
  const url = await first.createDatabase('exporter');
  await query(url, 'CREATE TABLE spared AS SELECT 1 AS one');
  process.kill(first.pid, 'SIGKILL');
  const second = await start(t);
  t.equal(second.started, true);
  t.not(second.pid, first.pid);
  t.match(await query(second.urlOf('exporter'), 'SELECT * FROM spared'), [{ one: 1 }]);
});

t.test('ignores a pid file and a start lock that name programs of another kind', async (t) => {
  const pidFile = join(dataDirectory, 'cluster', 'postmaster.pid');
  await writeFile(pidFile, `${process.pid}\n${dataDirectory}/cluster\n0\n5432\n\n\n`);
  await writeFile(join(dataDirectory, 'start.lock'), `${process.pid} 1\nabc`);
  t.equal((await start(t)).started, true);
});

t.test(
  'builds the cluster where initdb was killed half way, below a path too long for a socket',
  async (t) => {
    const folder = await makeFolder();
    t.teardown(() => rm(folder, { recursive: true, force: true }));
    const deep = join(folder, 'x'.repeat(100));
    await mkdir(join(deep, 'cluster.new'), { recursive: true });
    await writeFile(join(deep, 'cluster.new', 'PG_VERSION'), '18');
    const server = await start(t, deep);
    t.equal(server.started, true);
    t.match(await query(server.urlOf('postgres'), 'SELECT 1 AS one'), [{ one: 1 }]);
  },
);

t.test(
  'names the folder that user postgres cannot pass',
  { skip: process.getuid?.() !== 0 && 'only root has another user' },
  async (t) => {
    const folder = await makeFolder();
    t.teardown(() => rm(folder, { recursive: true, force: true }));
    await chmod(folder, 0o700);

    await t.rejects(startPostgres({ dataDirectory: join(folder, 'database'), logger }), {
      code: 'ERR_DATABASE_FOLDER',
      detail: { folder },
    });
  },
);
