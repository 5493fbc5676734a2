// npm run check: format → types → lint, layering, dead code, generated files, licences → tests.
// Needs a prepared checkout (npm test prepares it first). Last line: N passed, N failed.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkLicences } from './licences.mjs';
import { ROOT, installedCommand, readJson, run, runMain, seconds } from './repository.mjs';
import { inTurn } from './in-turn.mjs';
import { findTestRuns } from './test-runs.mjs';
import { runTests } from './run-tests.mjs';

const AT_ONCE = 2;

/** Runs every check, prints each with its time, and sets exit code 1 when one failed. */
export async function check(selected = []) {
  const wanted = ({ name }) =>
    selected.length === 0 || selected.some((part) => name.includes(part));
  const [types, ...others] = staticSteps();
  const results = [];
  // The other steps and the tests read what the compiler writes.
  if (wanted(types)) results.push(await runStep(types));
  results.push(...(await inTurn(others.filter(wanted), AT_ONCE, runStep)));
  const runs = findTestRuns().filter(wanted);
  results.push(...(await inTurn(runs, AT_ONCE, runTests)));
  summarise(results);
}

function staticSteps() {
  return [
    { name: 'types', work: () => command('npm', ['run', '--silent', 'compile:tests']) },
    { name: 'lint', work: () => command(installedCommand('eslint'), ['.', '--max-warnings=0']) },
    {
      name: 'format',
      work: () => command(installedCommand('prettier'), ['--check', '.', '--log-level=warn']),
    },
    { name: 'layering', work: layering },
    {
      name: 'dead code',
      work: () => command(installedCommand('knip'), ['--no-progress', '--no-config-hints']),
    },
    ...generatedFileSteps(),
    { name: 'licences', work: checkLicences },
  ];
}

function layering() {
  const folders = ['packages', 'services', 'tests'];
  return command(installedCommand('depcruise'), [
    ...folders,
    '--config',
    '.dependency-cruiser.mjs',
    '--output-type',
    'err',
  ]);
}

// Committed files that are derived from others: each owner's script tells whether they still match.
function generatedFileSteps() {
  const scripts = [
    ['packages/contracts', 'schemas:check'],
    ['services/internal-exporter', 'migrations:check'],
    ['services/dmz-gateway', 'migrations:check'],
  ];
  return scripts
    .filter(([folder, script]) => readJson(join(folder, 'package.json')).scripts?.[script])
    .map(([folder, script]) => ({
      name: `${script} ${folder}`,
      work: () => command('npm', ['run', '--silent', script], join(ROOT, folder)),
    }));
}

async function command(file, args, cwd = ROOT) {
  if (file.includes('node_modules') && !existsSync(file)) {
    return { ok: false, output: `${file.slice(ROOT.length + 1)} is not installed` };
  }
  const { code, output } = await run(file, args, { cwd, env: { NO_COLOR: '1' } });
  return { ok: code === 0, output };
}

async function runStep({ name, work }) {
  const startedAt = performance.now();
  const { ok, output } = await work();
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds(startedAt)})`);
  if (!ok) console.log(output.trimEnd());
  return { name, passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: [] };
}

function summarise(results) {
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  const skipped = results.flatMap(({ name, skipped: titles }) =>
    titles.map((title) => `${name}: ${title}`),
  );
  const failing = results.filter(({ failed }) => failed > 0);
  if (skipped.length > 0)
    console.log(`\nSkipped (${skipped.length}):\n${skipped.map((line) => `  ${line}`).join('\n')}`);
  if (failing.length > 0) console.log(`\nFailed: ${failing.map(({ name }) => name).join(', ')}`);
  if (results.length === 0 || failing.length > 0) process.exitCode = 1;
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await runMain(() => check(process.argv.slice(2)));
}
