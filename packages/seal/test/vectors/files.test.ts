import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { VECTORS } from '../support/repository.ts';
import { makeFiles } from './files.ts';

t.test('writing the vectors anew changes nothing', async (t) => {
  const files = await makeFiles();
  t.strictSame(readdirSync(VECTORS).sort(), [...files.keys()].sort());
  for (const [name, bytes] of files) {
    t.ok(readFileSync(join(VECTORS, name)).equals(bytes), name);
  }
});
