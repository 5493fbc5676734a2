// Writes tests/vectors/sealed-package. Run twice, it changes nothing the second time; files.test.ts
// checks that. Keys and randomised signatures are kept in site.json and kept.json.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { VECTORS } from '../support/repository.ts';
import { makeFiles } from './files.ts';

const files = await makeFiles();
mkdirSync(VECTORS, { recursive: true });
for (const name of readdirSync(VECTORS)) if (!files.has(name)) rmSync(join(VECTORS, name));
for (const [name, bytes] of files) writeFileSync(join(VECTORS, name), bytes);
console.log(`${files.size} files in tests/vectors/sealed-package`);
