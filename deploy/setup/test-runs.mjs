// Which test processes there are: one per workspace for its ordinary files, one per *.solo.test.ts.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { ROOT, readJson } from './repository.mjs';

const FILE_LIMIT_MS = 180_000;
const SOLO_LIMIT_MS = 600_000;
// A file that must take longer says so in its text: "test-limit: 1200 s".
const OWN_LIMIT = /test-limit: (\d+) s\b/;

/**
 * Lists the runs: `{ name, files, limitMs, fileLimitMs }`, files being paths of compiled tests, the
 * limits those of the whole run and of any one file. Going by the sources means that neither a deleted test's leftover runs nor an uncompiled one is overlooked.
 */
export function findTestRuns() {
  const workspaces = expandWorkspaces(readJson('package.json').workspaces);
  const runs = workspaces.flatMap(runsOf);
  // The longest first, so that two at a time end together.
  return runs.sort((a, b) => b.limitMs - a.limitMs);
}

function runsOf(workspace) {
  // The workspace "tests" is all tests; the others keep theirs in a folder of that name.
  const sources = workspace === 'tests' ? 'tests' : join(workspace, 'test');
  const tests = listTests(join(ROOT, sources)).map((source) => ({
    solo: source.endsWith('.solo.test.ts'),
    limitMs: limitOf(source),
    file: join(ROOT, workspace, '.build', 'test', relative(join(ROOT, sources), source)).replace(
      /\.ts$/,
      '.js',
    ),
  }));
  const together = tests.filter(({ solo }) => !solo);
  const runs = tests
    .filter(({ solo }) => solo)
    .map(({ file, limitMs }) => ({
      name: `${workspace} ${basename(file, '.solo.test.js')}`,
      files: [file],
      limitMs,
      fileLimitMs: limitMs,
    }));
  if (together.length > 0) {
    const limitMs = together.reduce((sum, test) => sum + test.limitMs, 0);
    const fileLimitMs = Math.max(...together.map((test) => test.limitMs));
    runs.push({ name: workspace, files: together.map(({ file }) => file), limitMs, fileLimitMs });
  }
  return runs;
}

function listTests(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/\/(node_modules|\.build)\//.test(path))
    .sort();
}

function limitOf(source) {
  const own = OWN_LIMIT.exec(readFileSync(source, 'utf8'));
  if (own !== null) return Number(own[1]) * 1000;
  return source.endsWith('.solo.test.ts') ? SOLO_LIMIT_MS : FILE_LIMIT_MS;
}

function expandWorkspaces(patterns) {
  return patterns.flatMap((pattern) => {
    if (!pattern.endsWith('/*')) return [pattern];
    const folder = pattern.slice(0, -2);
    return readdirSync(join(ROOT, folder)).map((name) => join(folder, name));
  });
}
