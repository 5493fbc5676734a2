import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { repositoryRoot } from './repository-root.ts';

const NOT_OURS = new Set([
  ...['.git', '.mirror', 'node_modules', 'dist', '.build', '.turbo', '.tap'],
  ...['generated', 'coverage'],
]);
const NOT_OURS_AT_THE_ROOT = new Set(['var', 'models']);
const BINARY = /\.(onnx|mp4|mkv|avi|png|jpe?g|woff2?|ico|bin|spkg|frame|tsbuildinfo)$/;

// Put together from parts, so that this file does not hold what it looks for.
const REGISTRY_HOST = new RegExp(
  ['registry', 'npmjs|registry', 'yarnpkg|npm', 'pkg', 'github|npm', 'mirror'].join('\\.'),
);
const MACHINE_PATH = new RegExp(
  `(^|[\\s"'\`=(:])/(${['work', 'home', 'Users', 'root'].join('|')})/[\\w.-]+`,
  'm',
);
const BESIDE_THE_CHECKOUT = ['..', 'shared'].join('/');

const files = listFiles();

t.test('no file names a package registry', async (t) => {
  t.strictSame(filesWith(REGISTRY_HOST), []);
});

t.test('no file names a folder of one machine', async (t) => {
  t.strictSame(filesWith(MACHINE_PATH), []);
});

t.test('only .ci/run looks beside the checkout', async (t) => {
  const found = files
    .filter(({ text }) => text.includes(BESIDE_THE_CHECKOUT))
    .map(({ path }) => path);
  t.strictSame(found, ['.ci/run']);
});

t.test('the lockfile records no download address', async (t) => {
  const lockfile = textOf('package-lock.json');
  t.notMatch(lockfile, /"resolved": "(https?|git)/);
});

t.test('the lockfile has an entry for every optional package of every platform', async (t) => {
  // npm leaves one out without a word when the registry lacks it, and npm ci refuses afterwards.
  const { packages } = JSON.parse(textOf('package-lock.json')) as {
    packages: Record<string, { optionalDependencies?: Record<string, string> }>;
  };
  const names = new Set(Object.keys(packages).map((path) => path.replace(/^.*node_modules\//, '')));
  const wanted = Object.values(packages).flatMap((entry) =>
    Object.keys(entry.optionalDependencies ?? {}),
  );
  t.strictSame(
    wanted.filter((name) => !names.has(name)),
    [],
  );
});

t.test('.npmrc keeps addresses out of the lockfile and CUDA out of the installation', async (t) => {
  const lines = textOf('.npmrc').split('\n');
  for (const line of [
    'omit-lockfile-registry-resolved=true',
    'onnxruntime-node-install-cuda=skip',
  ]) {
    t.ok(lines.includes(line), line);
  }
  t.notOk(
    lines.some((line) => /^(@[^:]+:)?registry\s*=/.test(line)),
    'names no registry',
  );
});

t.test('every package with an install script is allowed or denied by name', async (t) => {
  const lock = JSON.parse(textOf('package-lock.json')) as {
    packages: Record<string, { hasInstallScript?: boolean }>;
  };
  const root = JSON.parse(textOf('package.json')) as { allowScripts: Record<string, boolean> };
  const scripted = Object.entries(lock.packages)
    .filter(([, entry]) => entry.hasInstallScript === true)
    .map(([path]) => path.replace(/^.*node_modules\//, ''));
  t.strictSame(scripted.sort(), Object.keys(root.allowScripts).sort());
});

function filesWith(pattern: RegExp): string[] {
  return files
    .map(({ path, text }) => ({ path, hit: pattern.exec(text)?.[0] }))
    .filter(({ hit }) => hit !== undefined)
    .map(({ path, hit }) => `${path}: ${String(hit).trim()}`);
}

function textOf(path: string): string {
  return readFileSync(join(repositoryRoot, path), 'utf8');
}

// Walked, not asked of git: an unpacked archive is checked as well.
function listFiles(folder = ''): { path: string; text: string }[] {
  const entries = readdirSync(join(repositoryRoot, folder), { withFileTypes: true });
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    const skipped = NOT_OURS.has(entry.name) || NOT_OURS_AT_THE_ROOT.has(path);
    if (entry.isDirectory()) return skipped ? [] : listFiles(path);
    if (!entry.isFile() || BINARY.test(path)) return [];
    return [{ path, text: textOf(path) }];
  });
}
