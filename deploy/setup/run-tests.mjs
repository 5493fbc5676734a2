// One test process: compiled files imported into one Node process, its TAP read for the totals.
// The tap library writes the TAP; its command would start one process (1–3 s) for every file.
import { spawn } from 'node:child_process';
import {
  chmodSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { ROOT, VAR, seconds } from './repository.mjs';
import { FILE_COMMENT, readTap } from './tap-totals.mjs';

const OUTPUT = join(VAR, 'test-output');
const GRACE_MS = 5_000;

/** Runs one entry of `findTestRuns()` and resolves to `{ name, passed, failed, skipped }`. */
export async function runTests({ name, files, limitMs, fileLimitMs }) {
  const startedAt = performance.now();
  mkdirSync(OUTPUT, { recursive: true });
  const log = join(OUTPUT, `${name.replace(/[^a-z0-9]+/gi, '-')}.tap`);
  const temporary = mkdtempSync(join(tmpdir(), 'sallyport-test-'));
  chmodSync(temporary, 0o755); // PostgreSQL started by root runs as another user and must get through
  try {
    const entry = join(temporary, 'entry.mjs');
    writeFileSync(entry, entrySource(files));
    const ending = await runEntry(entry, { log, limitMs, fileLimitMs, temporary });
    return report(name, files, ending, { log, startedAt });
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

// A file that cannot be loaded fails by name and the rest still run.
function entrySource(files) {
  const named = files.map((file) => ({ file, name: sourceName(file) }));
  return `import t from ${JSON.stringify(import.meta.resolve('tap'))};
for (const { file, name } of ${JSON.stringify(named)}) {
  t.comment('${FILE_COMMENT}' + name);
  try {
    await import(file);
  } catch (error) {
    t.fail('loads: ' + error, error);
  }
}
`;
}

// tests/.build/test/e2e/x.test.js comes from tests/e2e/x.test.ts, packages' tests from their test/.
function sourceName(file) {
  const path = relative(ROOT, file).replace(/\.js$/, '.ts');
  return path.replace(/^tests\/\.build\/test\//, 'tests/').replace('.build/', '');
}

function runEntry(entry, { log, limitMs, fileLimitMs, temporary }) {
  return new Promise((settle, fail) => {
    // Its own process group, so that a server a test left behind ends with it.
    const child = spawn(process.execPath, ['--enable-source-maps', entry], {
      cwd: ROOT,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        NO_COLOR: '1',
        TAP_TIMEOUT: String(limitMs / 1000),
        TMPDIR: temporary,
      },
    });
    const output = createWriteStream(log);
    const totals = readTap(child.stdout);
    child.stdout.pipe(output, { end: false });
    const errors = [];
    child.stderr.on('data', (chunk) => errors.push(chunk));
    const endGroup = () => signalGroup(child.pid, 'SIGKILL');
    const interrupt = () => {
      endGroup();
      process.exit(130);
    };
    process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
    let stoppedAt = null;
    const stop = () => {
      stoppedAt ??= totals.at();
      signalGroup(child.pid, 'SIGTERM');
      setTimeout(endGroup, GRACE_MS).unref();
    };
    const timer = setTimeout(stop, limitMs);
    // The limit of one file, in a process that runs several: that long without a word.
    const silence = setTimeout(stop, fileLimitMs);
    child.stdout.on('data', () => silence.refresh());
    child.on('error', fail);
    child.on('exit', endGroup);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      clearTimeout(silence);
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      const stderr = Buffer.concat(errors).toString();
      output.end(stderr);
      totals.ended.then((result) => settle({ ...result, code, signal, stoppedAt, stderr }), fail);
    });
  });
}

function report(name, files, ending, { log, startedAt }) {
  const problems = [...ending.failures];
  const missing = files.filter((file) => !existsSync(file));
  if (ending.stoppedAt !== null)
    problems.push(`past its time limit, stopped in: ${ending.stoppedAt}`);
  else if (ending.signal !== null || !ending.complete || ending.fileCount < files.length)
    problems.push(`ended early (${ending.signal ?? `exit code ${ending.code}`})`);
  else if (ending.code !== 0 && problems.length === 0) problems.push(`exit code ${ending.code}`);
  if (ending.passed + ending.failures.length + ending.skipped.length === 0)
    problems.push('ran no test');
  const ok = problems.length === 0;
  const counts = `${ending.passed} passed, ${problems.length} failed`;
  console.log(`${ok ? 'ok    ' : 'FAILED'} tests of ${name}: ${counts} (${seconds(startedAt)})`);
  for (const line of ending.printed) console.log(indent(line));
  for (const problem of problems) console.log(indent(problem));
  if (missing.length > 0)
    console.log(indent(`not compiled: ${missing.map((file) => relative(ROOT, file)).join(', ')}`));
  if (!ok && ending.stderr !== '') console.log(indent(lastLines(ending.stderr, 30)));
  if (!ok) console.log(indent(`all of it: ${relative(ROOT, log)}`));
  return { name, passed: ending.passed, failed: problems.length, skipped: ending.skipped };
}

function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error; // ESRCH: nothing is left of the group
  }
}

function indent(text) {
  return text.replace(/^/gm, '    ');
}

function lastLines(text, count) {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
