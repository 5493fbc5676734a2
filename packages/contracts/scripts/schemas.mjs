// Writes (or with --check compares) the JSON Schema of every record, so that a change of the
// contract between the zones is seen in review.
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as contracts from '../dist/index.js';

const directory = join(dirname(fileURLToPath(import.meta.url)), '..', 'schemas');
const wanted = new Map();
for (const [kind, { schema, maxBytes }] of Object.entries(contracts.RECORDS)) {
  wanted.set(`record-${kind}.json`, { maxBytes, schema });
}
for (const name of [
  'RequestDetails',
  'OfficerPersonal',
  'PackageManifest',
  'PackageCustody',
  'MaskPlan',
  'RedactionReport',
  'LedgerEntry',
]) {
  const file = name.replaceAll(/(?<!^)([A-Z])/g, '-$1').toLowerCase();
  wanted.set(`payload-${file}.json`, { schema: contracts[name] });
}

const current = await readdir(directory).catch(() => []);
const stale = current.filter((file) => !wanted.has(file));
if (process.argv.includes('--check')) {
  const wrong = [...stale];
  for (const [file, content] of wanted) {
    const text = await readFile(join(directory, file), 'utf8').catch(() => '');
    if (text !== toText(content)) wrong.push(file);
  }
  if (wrong.length > 0) {
    console.error(
      `schemas differ from the code: ${wrong.join(', ')}\nrun: npm run schemas:write -w packages/contracts`,
    );
    process.exitCode = 1;
  }
} else {
  await mkdir(directory, { recursive: true });
  await Promise.all(stale.map((file) => rm(join(directory, file))));
  await Promise.all(
    [...wanted].map(([file, content]) => writeFile(join(directory, file), toText(content))),
  );
}

function toText(content) {
  if (content.schema === undefined) throw new Error('a listed schema is not exported');
  return `${JSON.stringify(content, null, 2)}\n`;
}
