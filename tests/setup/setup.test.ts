import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import t from 'tap';
import { repositoryRoot } from '../boundaries/repository-root.ts';

const setupModule = (name: string): string =>
  pathToFileURL(join(repositoryRoot, 'deploy', 'setup', name)).href;

const { isSupportedNode } = (await import(setupModule('node-version.mjs'))) as {
  isSupportedNode: (version: string) => boolean;
};
const { isAllowed } = (await import(setupModule('licences.mjs'))) as {
  isAllowed: (expression: string) => boolean;
};

t.test('the Node versions that work are those of engines', async (t) => {
  for (const version of ['20.19.0', '20.20.2', '22.12.0', '24.0.0', '26.1.0']) {
    t.ok(isSupportedNode(version), version);
  }
  for (const version of ['18.20.0', '20.18.3', '21.7.0', '22.11.0', '23.5.0', '']) {
    t.notOk(isSupportedNode(version), `not ${version}`);
  }
});

t.test('a licence expression is allowed when a choice we may take is', async (t) => {
  for (const expression of ['MIT', '(MIT OR GPL-3.0)', 'Apache-2.0 AND MIT', '(MIT OR CC0-1.0)']) {
    t.ok(isAllowed(expression), expression);
  }
  for (const expression of ['GPL-3.0', 'MIT AND GPL-2.0', 'unknown', '', 'AGPL-3.0-only']) {
    t.notOk(isAllowed(expression), `not ${expression}`);
  }
});

t.test('two set-ups at once take turns, and a dead one is no obstacle', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-setup-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const lock = join(folder, 'setup.lock');
  const log = join(folder, 'log');
  writeFileSync(log, '');
  writeFileSync(lock, String(await idOfAnEndedProcess()));
  const program = `
    const { withLock } = await import(${JSON.stringify(setupModule('lock.mjs'))});
    const { appendFileSync } = await import('node:fs');
    await withLock(${JSON.stringify(lock)}, async () => {
      appendFileSync(${JSON.stringify(log)}, 'in ');
      await new Promise((go) => setTimeout(go, 300));
      appendFileSync(${JSON.stringify(log)}, 'out ');
    });`;
  const start = () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
  await Promise.all([start(), start(), start()]);
  t.equal(readFileSync(log, 'utf8'), 'in out in out in out ');
});

t.test('what runs before the packages are installed needs none of them', (t) => {
  const seen = new Set<string>();
  const queue = ['start.mjs', 'test.mjs', 'bench.mjs', 'models.mjs', 'build.mjs', 'prepare.mjs'];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const source = readFileSync(join(repositoryRoot, 'deploy', 'setup', name), 'utf8');
    for (const [, wanted = ''] of source.matchAll(
      /^(?:import|export) .*?from '([^']+)'|^} from '([^']+)'/gms,
    )) {
      if (wanted.startsWith('./')) queue.push(wanted.slice(2));
      else if (wanted !== '') t.match(wanted, /^node:/, `${name} imports ${wanted}`);
    }
  }
  t.end();
});

async function idOfAnEndedProcess(): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, ['-p', 'process.pid']);
  return Number(stdout);
}
