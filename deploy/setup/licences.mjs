// The licences of everything a production install brings: an allow-list, and THIRD-PARTY-NOTICES.md.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT, readJson } from './repository.mjs';

const NOTICES = join(ROOT, 'THIRD-PARTY-NOTICES.md');

const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'PostgreSQL',
  'Unlicense',
  'Zlib',
]);

/** A step of check.mjs: every production package has an allowed licence, and the notices are current. */
export async function checkLicences() {
  const packages = productionPackages();
  const refused = packages.filter(({ licence }) => !isAllowed(licence));
  const problems = refused.map(
    ({ name, version, licence }) => `${name} ${version}: ${licence} is not on the list`,
  );
  const current = existsSync(NOTICES) ? readFileSync(NOTICES, 'utf8') : '';
  if (current !== notices(packages)) {
    problems.push('THIRD-PARTY-NOTICES.md is not current: run npm run notices and commit it');
  }
  return { ok: problems.length === 0, output: problems.join('\n') };
}

/** `A OR B` needs one allowed licence, `A AND B` all of them. */
export function isAllowed(expression) {
  const bare = expression.replace(/[()]/g, '');
  return bare.split(/ OR /).some((one) => one.split(/ AND /).every((id) => ALLOWED.has(id.trim())));
}

// The lockfile tells what production needs; licences come from there too, because packages for
// other platforms are not installed here.
function productionPackages() {
  const found = new Map();
  for (const [path, entry] of Object.entries(readJson('package-lock.json').packages)) {
    if (!path.includes('node_modules/') || entry.link || entry.dev || entry.devOptional) continue;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const licence = entry.license ?? installedLicence(path);
    found.set(`${name} ${entry.version}`, { name, version: entry.version, licence, path });
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function installedLicence(path) {
  const file = join(ROOT, path, 'package.json');
  if (!existsSync(file)) return 'unknown';
  const { license, licenses } = readJson(file);
  return license?.type ?? license ?? licenses?.[0]?.type ?? 'unknown';
}

function notices(packages) {
  const rows = packages.map(
    ({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`,
  );
  return `# Third-party notices

Sallyport itself is under the Apache License 2.0 (LICENSE). It is installed together with the npm
packages below; each carries its own licence text in its folder under \`node_modules\`. Programs that
are used but not shipped: ffmpeg (LGPL/GPL, from the operating system).

Made from package-lock.json by \`npm run notices\`.

| package | version | licence |
|---|---|---|
${rows.join('\n')}
`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (process.argv.includes('--write')) writeFileSync(NOTICES, notices(productionPackages()));
  const { ok, output } = await checkLicences();
  if (!ok) console.error(output);
  process.exitCode = ok ? 0 : 1;
}
