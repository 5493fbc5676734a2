import { spawn } from 'node:child_process';
import { access, chmod, mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, startPostgres } from '@sallyport/runtime';
import t from 'tap';

// Making a cluster takes one second, or twenty on a machine that builds something else meanwhile.
t.setTimeout(400_000);

const logger = createLogger({ service: 'demo', level: 'silent' });
const SERVICE = `
  const { createLogger, startPostgres } = await import('@sallyport/runtime');
  const logger = createLogger({ service: 'demo', level: 'silent' });
  const { pid } = await startPostgres({ dataDirectory: process.argv[1], logger });
  console.log(pid);
  setInterval(() => {}, 1000);
`;

t.test('adopts the server of a service that was killed, and stops it at the end', async (t) => {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'orphan-'));
  await chmod(dataDirectory, 0o711);
  t.teardown(() => rm(dataDirectory, { recursive: true, force: true }));

  const cwd = import.meta.dirname;
  const service = spawn(process.execPath, ['--input-type=module', '-e', SERVICE, dataDirectory], {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [printed] = (await once(service.stdout, 'data')) as [Buffer];
  const pid = Number(printed.toString());
  service.kill('SIGKILL');
  await once(service, 'exit');

  const adopted = await startPostgres({ dataDirectory, logger });
  t.teardown(() => adopted.stop());
  t.equal(adopted.started, false);
  t.equal(adopted.pid, pid);
  await adopted.stop();
  await t.rejects(access(join(dataDirectory, 'cluster', 'postmaster.pid')), { code: 'ENOENT' });
});
