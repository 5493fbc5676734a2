// npm packages: installed from the lockfile, install scripts only of the packages named in allowScripts.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, SetupError, readJson, run } from './repository.mjs';

const LOCKFILE = join(ROOT, 'package-lock.json');
const MODULES = join(ROOT, 'node_modules');
const STAMP = join(MODULES, '.sallyport-installed');
const NPM = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** Makes node_modules match package-lock.json; does nothing when it already does. */
export async function installDependencies() {
  const digest = createHash('sha256').update(readFileSync(LOCKFILE)).digest('hex');
  if (isInstalled(digest)) return;
  console.log('Installing the npm packages (about a minute on a clean clone) …');
  await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
  const scripted = packagesWithScripts();
  if (scripted.length > 0) await npm(['rebuild', ...scripted]);
  writeFileSync(STAMP, digest);
}

// Either this script put the very lockfile there, or a person's `npm install` did and is newer.
function isInstalled(digest) {
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === digest) return true;
  const written = join(MODULES, '.package-lock.json');
  return existsSync(written) && statSync(written).mtimeMs >= statSync(LOCKFILE).mtimeMs;
}

// npm 10 knows no allowScripts and would run them all, so both majors go this one way.
function packagesWithScripts() {
  return Object.entries(readJson('package.json').allowScripts ?? {})
    .filter(([name, allowed]) => allowed === true && existsSync(join(MODULES, name)))
    .map(([name]) => name);
}

async function npm(args) {
  const { code, output } = await run(NPM, args);
  if (code !== 0) throw new SetupError(`npm ${args.join(' ')} failed:\n${output}`);
}
