import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import t, { type Test } from 'tap';
import { repositoryRoot } from '../boundaries/repository-root.ts';

interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly string[];
  readonly printed: string;
}

t.test('counts assertions, and lists what was skipped by its title', async (t) => {
  const outcome = await runSample(t, [
    `t.test('outer', async (t) => { t.ok(1); t.test('inner', async (t) => { t.ok(1); t.ok(1); }); });`,
    `t.test('needs a model', { skip: 'no model here' }, async () => {});
     t.test('the watermark is there', { todo: 'not built' });`,
  ]);
  t.match(outcome, { passed: 3, failed: 0 });
  t.equal(outcome.skipped.length, 2);
  t.match(outcome.skipped[0], /needs a model \(no model here\)$/);
  t.match(outcome.skipped[1], /the watermark is there \(not built\)$/);
});

t.test('a failing assertion counts once and is printed with where it stands', async (t) => {
  const outcome = await runSample(t, [
    `t.test('sums', async (t) => { t.ok(1); t.equal(1 + 1, 3, 'adds up'); });`,
  ]);
  t.match(outcome, { passed: 1, failed: 1 });
  t.match(outcome.printed, /sums › adds up/);
});

t.test('a file that cannot be loaded fails, and the files after it still run', async (t) => {
  const outcome = await runSample(t, [
    `throw new Error('broken at load');`,
    `t.test('runs', async (t) => { t.ok(1); });`,
  ]);
  t.match(outcome, { passed: 1, failed: 1 });
  t.match(outcome.printed, /broken at load/);
});

t.test('a process that ends early fails, however quietly it ends', async (t) => {
  const killed = await runSample(t, [
    `t.test('dies', async (t) => { t.ok(1); process.kill(process.pid, 'SIGKILL'); });`,
  ]);
  t.match(killed, { passed: 1, failed: 1 });
  t.match(killed.printed, /ended early \(SIGKILL\)/);

  const exited = await runSample(t, [
    `t.test('passes', async (t) => { t.ok(1); }); t.comment('x'); process.on('exit', () => { process.exitCode = 0; }); setTimeout(() => process.exit(0), 200); t.test('waits', async () => { await new Promise((go) => setTimeout(go, 5000)); });`,
    `t.test('never reached', async (t) => { t.ok(1); });`,
  ]);
  t.ok(exited.failed > 0, 'exit code 0 in the middle is a failure');
});

t.test('a file without a test fails', async (t) => {
  const outcome = await runSample(t, ['']);
  t.match(outcome, { passed: 0, failed: 1 });
  t.match(outcome.printed, /ran no test/);
});

t.test('a test that hangs is stopped at the limit of its file and named', async (t) => {
  const outcome = await runSample(
    t,
    [
      `t.test('hangs', async (t) => { t.ok(1); await new Promise(() => setInterval(() => {}, 1000)); });`,
    ],
    1500,
  );
  t.match(outcome, { passed: 1, failed: 1 });
  t.match(outcome.printed, /past its time limit, stopped in: .*hangs/);
});

// The runner prints lines that read like TAP, so it runs in a process of its own.
async function runSample(t: Test, sources: readonly string[], limitMs = 20_000): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-runner-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const tap = import.meta.resolve('tap');
  const files = sources.map((source, index) => {
    const file = join(folder, `sample-${index}.test.mjs`);
    writeFileSync(file, source === '' ? '' : `import t from '${tap}';\n${source}\n`);
    return file;
  });
  const runner = pathToFileURL(join(repositoryRoot, 'deploy', 'setup', 'run-tests.mjs')).href;
  const run = { name: 'sample of the runner', files, limitMs, fileLimitMs: limitMs };
  const program = `
    const { runTests } = await import(${JSON.stringify(runner)});
    const printed = [];
    console.log = (line) => printed.push(line);
    const outcome = await runTests(${JSON.stringify(run)});
    process.stdout.write(JSON.stringify({ ...outcome, printed: printed.join('\\n') }));`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '-e',
    program,
  ]);
  return JSON.parse(stdout) as Outcome; // written four lines above
}
