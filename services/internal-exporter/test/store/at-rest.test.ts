import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PublicJwk } from '@sallyport/contracts';
import {
  decryptAtRest,
  openDataKey,
  readAtRestHeader,
  writeAtRest,
} from '@sallyport/internal-exporter/store/at-rest.js';
import fc from 'fast-check';
import t from 'tap';

const CHUNK = 1024 * 1024;
const SEALED = CHUNK + 16;

async function fixture(test: { teardown(end: () => Promise<void>): void }) {
  const folder = await mkdtemp(join(tmpdir(), 'at-rest-'));
  test.teardown(() => rm(folder, { recursive: true, force: true }));
  const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, [
    'deriveBits',
  ]);
  const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  const jwk: PublicJwk = { crv: 'P-256', kty: 'EC', x, y };
  const keyId = randomBytes(16).toString('hex');
  const fileId = randomBytes(16).toString('hex');
  const reader = { purpose: 'data-key', keyId, jwk } as const;
  const opener = { purpose: 'data-key', keyId, privateKey: pair.privateKey } as const;
  const path = join(folder, 'file.rest');
  const write = (pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>, to = path) =>
    writeAtRest(to, pieces, { fileId, readers: [reader] });
  const read = async (from = path): Promise<Buffer> => {
    const pieces: Buffer[] = [];
    for await (const piece of decryptAtRest(from, fileId, opener)) pieces.push(piece);
    return Buffer.concat(pieces);
  };
  /** Where the chunks begin. */
  const bodyAt = async () => 12 + (await readFile(path)).readUInt32BE(8);
  return { folder, path, fileId, opener, write, read, bodyAt };
}

t.test('gives back what was written, however it was cut, with its digest and size', async (t) => {
  const { write, read } = await fixture(t);
  const pieces = fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(pieces, async (cut) => {
      const whole = Buffer.concat(cut);
      const facts = await write(cut);
      t.equal(facts.sizeBytes, whole.length);
      t.equal(facts.sha256, createHash('sha256').update(whole).digest('hex'));
      t.ok((await read()).equals(whole));
    }),
    { numRuns: 25 },
  );
});

t.test('keeps sizes around a chunk apart', async (t) => {
  const { write, read } = await fixture(t);
  for (const size of [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK]) {
    const whole = randomBytes(size);
    await write([whole]);
    t.ok((await read()).equals(whole), `${size} bytes`);
  }
});

t.test('refuses a file that lost its tail, at a border of chunks and inside one', async (t) => {
  const { path, write, read, bodyAt } = await fixture(t);
  await write([randomBytes(3 * CHUNK)]);
  const bytes = await readFile(path);
  const start = await bodyAt();
  for (const length of [
    start,
    start + SEALED,
    start + 2 * SEALED,
    start + 2 * SEALED + 5,
    bytes.length - 1,
  ]) {
    await writeFile(path, bytes.subarray(0, length));
    await t.rejects(read(), { code: 'ERR_AT_REST_TRUNCATED' }, `cut at ${length}`);
  }
  await writeFile(path, bytes.subarray(0, 6));
  await t.rejects(read(), { code: 'ERR_AT_REST_TRUNCATED' });
});

t.test('refuses chunks that were swapped, repeated or appended', async (t) => {
  const { path, write, read, bodyAt } = await fixture(t);
  await write([randomBytes(3 * CHUNK)]);
  const bytes = await readFile(path);
  const start = await bodyAt();
  const head = bytes.subarray(0, start);
  const [a, b, c] = [0, 1, 2].map((n) =>
    bytes.subarray(start + n * SEALED, start + (n + 1) * SEALED),
  );
  const orders = { swapped: [b, a, c], repeated: [a, a, b, c], appended: [a, b, c, c] };
  for (const [name, chunks] of Object.entries(orders)) {
    await writeFile(
      path,
      Buffer.concat([head, ...chunks.map((chunk) => chunk ?? Buffer.alloc(0))]),
    );
    await t.rejects(read(), { code: /^ERR_AT_REST_(INVALID|TRUNCATED)$/ }, name);
  }
});

t.test('refuses a flipped bit anywhere', async (t) => {
  const { path, write, read } = await fixture(t);
  await write([randomBytes(500)]);
  const bytes = await readFile(path);
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(7), async (at, bit) => {
      const altered = Buffer.from(bytes);
      altered[at] = (altered[at] ?? 0) ^ (1 << bit);
      await writeFile(path, altered);
      await t.rejects(read(), { code: /^ERR_/ });
    }),
    { numRuns: 40 },
  );
});

t.test('opens for no other key and under no other name', async (t) => {
  const { path, fileId, opener, write } = await fixture(t);
  await write([randomBytes(10)]);
  const header = await readAtRestHeader(path);
  const other = 'f'.repeat(32);
  await t.rejects(openDataKey(header, other, opener), { code: 'ERR_AT_REST_INVALID' });
  await t.rejects(openDataKey(header, fileId, { ...opener, keyId: other }), {
    code: 'ERR_AT_REST_INVALID',
  });
  await t.rejects(openDataKey(header, fileId, { ...opener, purpose: 'preview-key' }), {
    code: 'ERR_AT_REST_INVALID',
  });
});

t.test('leaves nothing behind when the source breaks off', async (t) => {
  const { folder, write } = await fixture(t);
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield randomBytes(2 * CHUNK);
    throw new Error('the line went dead');
  }
  await t.rejects(write(broken()), /line went dead/);
  t.same(await readdir(folder), []);
});

t.test('draws a fresh key for every file', async (t) => {
  const { path, fileId, opener, write } = await fixture(t);
  await write([Buffer.from('same')]);
  const first = await openDataKey(await readAtRestHeader(path), fileId, opener);
  await write([Buffer.from('same')]);
  t.notSame(first, await openDataKey(await readAtRestHeader(path), fileId, opener));
});
