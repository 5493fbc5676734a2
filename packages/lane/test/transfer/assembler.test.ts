import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, readdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LaneFrameHeader } from '@sallyport/contracts';
import {
  TransferAssembler,
  shapeOf,
  splitFile,
  type FilePart,
  type TransferProgress,
} from '@sallyport/lane';
import fc from 'fast-check';
import t from 'tap';
import { fields, folderFor, randomId } from '../support/lane-site.ts';

function headerOf(
  packageId: string,
  part: FilePart,
  kind: 'package-part' | 'leaf-table' = 'package-part',
): LaneFrameHeader {
  return {
    ...fields(part.place.partIndex + 1),
    bodyKind: kind,
    bodySha256: createHash('sha256').update(part.body).digest('hex'),
    bodySizeBytes: part.body.length,
    transfer: { packageId, ...part.place },
  };
}

async function partsOf(path: string, partSizeBytes: number): Promise<FilePart[]> {
  const parts: FilePart[] = [];
  for await (const part of splitFile(path, { partSizeBytes })) parts.push(part);
  return parts;
}

function partAt(parts: readonly FilePart[], index: number): FilePart {
  const part = parts[index];
  if (part === undefined) throw new Error(`no part ${String(index)}`);
  return part;
}

await t.test(
  'any order with repeats rebuilds the file and always names exactly what is missing',
  async (t) => {
    const folder = await folderFor(t);
    const directory = join(folder, 'transfers');
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 300 }),
        fc.integer({ min: 1, max: 80 }),
        fc.array(fc.nat(), { maxLength: 40 }),
        async (content, partSizeBytes, picks) => {
          const packageId = randomId();
          await writeFile(join(folder, 'content'), content);
          const parts = await partsOf(join(folder, 'content'), partSizeBytes);
          const have = new Set<number>();
          const order = [...picks.map((pick) => pick % parts.length), ...parts.keys()];
          let last: TransferProgress = { kind: 'none' };
          for (const index of order) {
            // A new object each time: nothing may live in memory only.
            const assembler = new TransferAssembler({ directory, maxTransferBytes: 1000 });
            last = await assembler.add(
              headerOf(packageId, partAt(parts, index)),
              partAt(parts, index).body,
            );
            have.add(index);
            const expected = [...parts.keys()].filter((each) => !have.has(each));
            const reported =
              last.kind === 'open'
                ? last.missing.flatMap(({ from, to }) =>
                    Array.from({ length: to - from + 1 }, (_, i) => from + i),
                  )
                : [];
            if (String(reported) !== String(expected)) return false;
            if ((last.kind === 'complete') !== (expected.length === 0)) return false;
          }
          return last.kind === 'complete' && (await readFile(last.path)).equals(content);
        },
      ),
      { numRuns: 25 },
    );
  },
);

await t.test(
  'a package and its leaf table are two transfers; both are listed and discarded apart',
  async (t) => {
    const directory = join(await folderFor(t), 'transfers');
    const assembler = new TransferAssembler({ directory, maxTransferBytes: 1000 });
    t.same(await assembler.list(), []);
    const packageId = randomId();
    const part = {
      place: { partIndex: 0, partCount: 2, totalSizeBytes: 5 },
      body: Buffer.from('abc'),
    };
    const tail = {
      place: { partIndex: 1, partCount: 2, totalSizeBytes: 5 },
      body: Buffer.from('de'),
    };
    t.match(await assembler.add(headerOf(packageId, tail), tail.body), {
      kind: 'open',
      received: 1,
      missing: [{ from: 0, to: 0 }],
    });
    t.match(await assembler.add(headerOf(packageId, part, 'leaf-table'), part.body), {
      kind: 'open',
      missing: [{ from: 1, to: 1 }],
    });
    t.match(await assembler.progress({ packageId, kind: 'package-part' }), {
      kind: 'open',
      shape: { partSizeBytes: 3 },
    });
    t.equal((await assembler.list()).length, 2);
    t.match(await assembler.add(headerOf(packageId, part), part.body), { kind: 'complete' });
    t.match(await assembler.add(headerOf(packageId, part), part.body), { kind: 'complete' });
    t.match(await assembler.progress({ packageId, kind: 'package-part' }), { kind: 'complete' });
    await assembler.discard({ packageId, kind: 'package-part' });
    await assembler.discard({ packageId, kind: 'package-part' });
    t.same(await assembler.progress({ packageId, kind: 'package-part' }), { kind: 'none' });
    t.same(await assembler.list(), [{ packageId, kind: 'leaf-table' }]);
    t.same(await readdir(directory), [`${packageId}.leaf-table`]);
  },
);

await t.test('refuses parts that do not fit together', async (t) => {
  const directory = await folderFor(t);
  const assembler = new TransferAssembler({ directory, maxTransferBytes: 1000 });
  const packageId = randomId();
  const make = (
    partIndex: number,
    partCount: number,
    totalSizeBytes: number,
    text: string,
  ): FilePart => ({
    place: { partIndex, partCount, totalSizeBytes },
    body: Buffer.from(text),
  });
  const add = (part: FilePart) => assembler.add(headerOf(packageId, part), part.body);
  await add(make(0, 3, 8, 'abc'));
  const mismatched = [
    make(3, 3, 8, 'abc'), // index beyond the count
    make(1, 3, 8, 'ab'), // another part size
    make(1, 3, 9, 'def'), // another total
    make(1, 4, 10, 'def'), // another count
    make(2, 3, 8, 'h'), // last part of a size that divides nothing
    make(0, 3, 100, 'abc'), // count and total disagree
    make(0, 2, 0, ''),
    make(0, 0, 3, 'abc'),
  ];
  for (const part of mismatched)
    await t.rejects(add(part), { code: 'ERR_LANE_PART_MISMATCH' }, part.body.toString());
  await t.rejects(add(make(0, 3, 8, 'XYZ')), { code: 'ERR_LANE_PART_CONFLICT' });
  await t.rejects(add(make(0, 400, 1200, 'abc')), { code: 'ERR_LANE_TRANSFER_TOO_LARGE' });
  const record = { ...headerOf(packageId, make(0, 1, 1, 'a')), bodyKind: 'record' as const };
  await t.rejects(assembler.add(record, Buffer.from('a')), { code: 'ERR_LANE_PART_MISMATCH' });
  t.throws(() => shapeOf(0), { code: 'ERR_LANE_PART_MISMATCH' });
  await t.rejects(assembler.discard({ packageId: '../x', kind: 'leaf-table' }), {
    code: 'ERR_LANE_PART_MISMATCH',
  });
});

await t.test('a slot torn by a power cut counts as missing', async (t) => {
  const directory = await folderFor(t);
  const assembler = new TransferAssembler({ directory, maxTransferBytes: 1000 });
  const packageId = randomId();
  const part: FilePart = {
    place: { partIndex: 0, partCount: 2, totalSizeBytes: 5 },
    body: Buffer.from('abc'),
  };
  await assembler.add(headerOf(packageId, part), part.body);
  await truncate(join(directory, `${packageId}.package-part`, 'parts'), 40);
  t.match(await assembler.progress({ packageId, kind: 'package-part' }), {
    missing: [{ from: 0, to: 1 }],
  });
  t.match(await assembler.add(headerOf(packageId, part), part.body), {
    missing: [{ from: 1, to: 1 }],
  });
});

await t.test(
  'says what to do when its folder cannot be written or its plan is broken',
  async (t) => {
    const folder = await folderFor(t);
    const packageId = randomId();
    const part: FilePart = {
      place: { partIndex: 0, partCount: 1, totalSizeBytes: 3 },
      body: Buffer.from('abc'),
    };
    await writeFile(join(folder, 'file'), '');
    const blocked = new TransferAssembler({ directory: join(folder, 'file'), maxTransferBytes: 9 });
    await t.rejects(blocked.add(headerOf(packageId, part), part.body), {
      code: 'ERR_LANE_SPOOL_WRITE',
    });
    await mkdir(join(folder, `${packageId}.package-part`));
    await writeFile(join(folder, `${packageId}.package-part`, 'plan.json'), '{"partCount":1}');
    const broken = new TransferAssembler({ directory: folder, maxTransferBytes: 9 });
    await t.rejects(broken.progress({ packageId, kind: 'package-part' }), {
      code: 'ERR_LANE_STATE_INVALID',
    });
  },
);

await t.test('a resend list reads just the parts it names', async (t) => {
  const folder = await folderFor(t);
  const path = join(folder, 'file');
  await writeFile(path, randomBytes(100));
  const indices: number[] = [];
  for await (const { place } of splitFile(path, { partSizeBytes: 10, only: [7, 2] }))
    indices.push(place.partIndex);
  t.same(indices, [7, 2]);
  await t.rejects(partsOf(join(folder, 'absent'), 10), { code: 'ERR_LANE_SPOOL_READ' });
  await writeFile(path, '');
  await t.rejects(partsOf(path, 10), { code: 'ERR_LANE_PART_MISMATCH' });
});
