import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VECTORS } from '../support/repository.ts';
import { createSite, loadSite } from '../support/site.ts';
import { makeBases, makeCases } from './cases.ts';
import { Forge } from './forge.ts';
import { Keep } from './keep.ts';

/** Every file of the vectors' folder as the generator would write it now. */
export async function makeFiles(): Promise<ReadonlyMap<string, Uint8Array>> {
  const site = existsSync(join(VECTORS, 'site.json')) ? loadSite() : await createSite();
  const keep = new Keep(readKept());
  const forge = new Forge(site, keep);
  const bases = await makeBases(forge);
  const cases = await makeCases(forge, bases);
  const files = new Map<string, Uint8Array>();
  for (const [name, { file }] of Object.entries(bases))
    files.set(`${name}.sallypkg`, file as Uint8Array);
  for (const [name, vector] of Object.entries(cases)) files.set(`${name}.json`, json(vector));
  files.set('site.json', json(site));
  files.set('kept.json', json(keep.used()));
  files.set('README.md', new TextEncoder().encode(README));
  return files;
}

function readKept(): ConstructorParameters<typeof Keep>[0] {
  const path = join(VECTORS, 'kept.json');
  // Written by this generator.
  return existsSync(path)
    ? (JSON.parse(readFileSync(path, 'utf8')) as ConstructorParameters<typeof Keep>[0])
    : {};
}

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
}

const README = `# Vectors of the sealed package, version 1

One fault each, for any implementation in any language. The byte layout stands at the head of
\`packages/seal/src/format.ts\`.

- \`*.sallypkg\`: whole packages that others refer to.
- \`site.json\`: the CA certificate to trust, the revoked serials, and keys, for tests only.
- \`kept.json\`: randomised signatures and wraps, so that the generator writes the same bytes again.
- every other \`.json\`: a vector. \`package\` is a list of parts to join: base64, or a range of a
  \`.sallypkg\`. \`expect\` is \`ok\` or the code of the first fault, at the time \`now\`.
  \`step\`: \`verify\` needs no key; \`open\` then decrypts every entry with the agreement key of
  \`open.device\` and \`open.licenceShare\`; \`compare\` then holds the root against \`known\`.

Run each whole, in odd chunks and byte by byte. Written by
\`npm run vectors:write -w packages/seal\`; a test proves that writing changes nothing.
`;
