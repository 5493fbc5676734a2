import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { fromHex, isSallyportError } from '@sallyport/contracts';
import {
  assertSameRoot,
  createPackageVerifier,
  openContentKey,
  openEntry,
  readCustody,
  readManifest,
  segmentRange,
  type VerifiedPackage,
} from '@sallyport/seal/open';
import { ARIA_256_GCM } from '@sallyport/seal/open/aria';
import { AES_256_GCM } from '@sallyport/seal/sign';
import { VECTORS } from '../support/repository.ts';
import { deviceOf, loadSite, trustOf } from '../support/site.ts';
import { sha256 } from './forge.ts';
import { bytesOf, type Vector } from './format.ts';

const site = loadSite();
const NOT_VECTORS = ['site.json', 'kept.json'];
const names = readdirSync(VECTORS).filter(
  (name) => name.endsWith('.json') && !NOT_VECTORS.includes(name),
);
// Files of this repository.
const vectors = names.map(
  (name) => [name, JSON.parse(readFileSync(join(VECTORS, name), 'utf8')) as Vector] as const,
);

/** Whole, odd, and byte by byte: boundaries fall everywhere. */
const CHUNKS = [Number.POSITIVE_INFINITY, 997, 1];

t.setTimeout(180_000); // a busy machine, not a slow verifier

t.test('refusals outnumber what is accepted', async (t) => {
  const accepted = vectors.filter(([, { expect }]) => expect === 'ok').length;
  t.ok(vectors.length >= 40);
  t.ok(accepted * 2 < vectors.length);
});

for (const [name, vector] of vectors) {
  t.test(`${name}: ${vector.comment}`, async (t) => {
    const file = bytesOf(vector.package);
    for (const chunk of CHUNKS)
      t.equal(await outcomeOf(vector, file, chunk), vector.expect, `in chunks of ${chunk}`);
  });
}

async function outcomeOf(vector: Vector, file: Uint8Array, chunkBytes: number): Promise<string> {
  try {
    const verified = await verifyInChunks(vector, file, chunkBytes);
    if (vector.known !== undefined) assertSameRoot(vector.known, verified.header);
    if (vector.step === 'open') await openAll(vector, verified, file);
    return 'ok';
  } catch (error) {
    if (!isSallyportError(error)) throw error;
    return error.code;
  }
}

async function verifyInChunks(
  vector: Vector,
  file: Uint8Array,
  chunkBytes: number,
): Promise<VerifiedPackage> {
  const { now, gatewayId } = vector;
  const verifier = createPackageVerifier({ trust: trustOf(site), now: new Date(now), gatewayId });
  const step = Math.min(chunkBytes, file.length + 1);
  for (let at = 0; at < file.length; at += step) await verifier.push(file.subarray(at, at + step));
  return verifier.end();
}

async function openAll(
  { open, now }: Vector,
  verified: VerifiedPackage,
  file: Uint8Array,
): Promise<void> {
  const opened = await openContentKey(verified, {
    device: await deviceOf(site, open?.device ?? ''),
    licenceShare: fromHex(open?.licenceShare ?? ''),
    now: new Date(now),
    suites: [AES_256_GCM, ARIA_256_GCM],
  });
  const read = async (index: number) => {
    const { start, end } = segmentRange(verified.layout, index);
    return file.subarray(start, end);
  };
  const manifest = await readManifest(opened, verified.leaves, read);
  await readCustody(opened, verified.leaves, read);
  const digests = new Map<string, string>();
  for (const { id } of verified.layout.entries) {
    const parts: Uint8Array[] = [];
    for await (const part of openEntry(opened, verified.leaves, id, read)) parts.push(part);
    digests.set(id, sha256(Buffer.concat(parts)));
  }
  const clip = digests.get(manifest.clip.entry);
  if (clip !== (open?.clipSha256 ?? clip)) throw new Error('another clip came out');
}
