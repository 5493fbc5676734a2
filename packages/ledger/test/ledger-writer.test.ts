import { appendFile, readFile, readdir, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalize, toHex, verifyRecord } from '@sallyport/contracts';
import {
  LedgerReader,
  LedgerWriter,
  checkLedger,
  isConsistent,
  isIncluded,
  leafHash,
  type SignedCheckpoint,
} from '@sallyport/ledger';
import t from 'tap';
import { IDENTITY, NOW, entries, entry, folderFor, makeSigner } from './support/ledger-site.ts';

const { ca, signer } = await makeSigner();
const open = (directory: string) => LedgerWriter.open({ directory, ...IDENTITY });

/** A ledger of `count` entries with a checkpoint after each of `heads`, closed. */
async function makeLedger(
  directory: string,
  count: number,
  heads: readonly number[] = [],
): Promise<SignedCheckpoint[]> {
  const ledger = await open(directory);
  const signed: SignedCheckpoint[] = [];
  for (let size = 0; size < count; size += 1) {
    await ledger.appendEntries([entry(size)]);
    if (heads.includes(size + 1)) signed.push(await ledger.signCheckpoint({ signer, now: NOW }));
  }
  await ledger.close();
  return signed;
}

await t.test('keeps entries across restarts and proves each of them', async (t) => {
  const folder = await folderFor(t);
  const first = await open(folder);
  t.same(
    (await first.appendEntries(entries(0, 5))).map(({ index, isNew }) => [index, isNew]),
    [0, 1, 2, 3, 4].map((index) => [index, true]),
  );
  const earlier = { size: 5, root: await first.root() };
  await first.close();
  const ledger = await open(folder);
  await ledger.appendEntries(entries(5, 12));
  t.equal(ledger.size, 12);
  const root = await ledger.root();
  for (let index = 0; index < 12; index += 1) {
    const leaf = leafHash(Buffer.from(canonicalize(entry(index))));
    t.ok(isIncluded({ leaf, index, size: 12, root, path: await ledger.inclusionProof(index) }));
  }
  t.ok(
    isConsistent({ from: earlier, to: { size: 12, root }, path: await ledger.consistencyProof(5) }),
  );
  t.equal(ledger.findIndex(entry(7).entryId), 7);
  t.equal(ledger.findIndex(entry(70).entryId), null);
  await t.rejects(ledger.root(13), { code: 'ERR_LEDGER_RANGE' });
  await t.rejects(ledger.inclusionProof(12), { code: 'ERR_LEDGER_RANGE' });
  await t.rejects(ledger.consistencyProof(1, 13), { code: 'ERR_LEDGER_RANGE' });
  await ledger.close();
});

await t.test('records a known id once, within a batch, later and after a restart', async (t) => {
  const folder = await folderFor(t);
  const ledger = await open(folder);
  await ledger.appendEntries([entry(1), entry(2), entry(1)]);
  t.same(await ledger.appendEntries([entry(2), entry(3)]), [
    { entryId: entry(2).entryId, index: 1, isNew: false },
    { entryId: entry(3).entryId, index: 2, isNew: true },
  ]);
  await ledger.close();
  const again = await open(folder);
  t.match(await again.appendEntries(entries(1, 4)), [
    { isNew: false },
    { isNew: false },
    { isNew: false },
  ]);
  t.equal(again.size, 3);
  await again.close();
});

await t.test(
  'refuses other content under a known id, a foreign zone and a wrong shape, and writes nothing of the batch',
  async (t) => {
    const ledger = await open(await folderFor(t));
    await ledger.appendEntries([entry(1)]);
    const other = { ...entry(1), at: '2026-11-21T10:00:00.001Z' };
    await t.rejects(ledger.appendEntries([entry(2), other]), { code: 'ERR_LEDGER_ENTRY_CONFLICT' });
    await t.rejects(ledger.appendEntries([entry(2), entry(2, { at: other.at })]), {
      code: 'ERR_LEDGER_ENTRY_CONFLICT',
    });
    await t.rejects(ledger.appendEntries([entry(2), entry(3, { zone: 'dmz' })]), {
      code: 'ERR_LEDGER_ORIGIN',
    });
    // @ts-expect-error an event that is not in the contract
    await t.rejects(ledger.appendEntries([entry(2, { event: { kind: 'made.up' } })]), {
      code: 'ERR_RECORD_INVALID',
    });
    t.equal(ledger.size, 1);
    await ledger.appendEntries([entry(2)]);
    t.equal(ledger.size, 2);
    await ledger.close();
    await t.rejects(ledger.appendEntries([entry(3)]), { code: 'ERR_LEDGER_WRITE' });
  },
);

await t.test('appends that run at the same time come out one after the other', async (t) => {
  const folder = await folderFor(t);
  const ledger = await open(folder);
  await Promise.all(
    Array.from({ length: 20 }, (_, i) => ledger.appendEntries(entries(i * 5, i * 5 + 5))),
  );
  t.equal(ledger.size, 100);
  await ledger.close();
  t.match(await checkLedger({ directory: folder }), { isSound: true, entryCount: 100 });
});

await t.test('lets in one writer at a time, and takes over from one that died', async (t) => {
  const folder = await folderFor(t);
  const ledger = await open(folder);
  await t.rejects(open(folder), { code: 'ERR_LEDGER_LOCKED' });
  await ledger.close();
  const lock = join(folder, 'writer.lock');
  const stale = [
    'half a lo',
    '',
    JSON.stringify({ pid: 2 ** 22 + 1, token: 'x', startedTicks: '1', boot: 'b' }), // above pid_max
    JSON.stringify({ pid: process.pid, token: 'x', startedTicks: '1', boot: 'another boot' }), // pid used again
  ];
  for (const content of stale) {
    await writeFile(lock, content);
    await (await open(folder)).close();
  }
  const usurped = await open(folder);
  await writeFile(
    lock,
    JSON.stringify({ pid: 1, token: 'somebody else', startedTicks: '', boot: '' }),
  );
  await t.rejects(usurped.appendEntries([entry(1)]), { code: 'ERR_LEDGER_LOCK_LOST' });
  await usurped.close();
  t.same(
    (await readdir(folder)).filter((name) => name.startsWith('writer.lock')),
    ['writer.lock'],
  );
});

await t.test('refuses the folder of another ledger', async (t) => {
  const folder = await folderFor(t);
  await makeLedger(folder, 1);
  await t.rejects(LedgerWriter.open({ directory: folder, ...IDENTITY, zone: 'dmz' }), {
    code: 'ERR_LEDGER_ORIGIN',
  });
  await t.rejects(LedgerReader.open(join(folder, 'checkpoints')), { code: 'ERR_LEDGER_NOT_FOUND' });
});

await t.test(
  'signs heads that prove growth from the last 16, keeps one per size, and only with its own role',
  async (t) => {
    const folder = await folderFor(t);
    const ledger = await open(folder);
    t.equal(await ledger.findLastCheckpoint(), null);
    for (let size = 1; size <= 20; size += 1) {
      await ledger.appendEntries([entry(size)]);
      await ledger.signCheckpoint({ signer, now: NOW });
    }
    const heartbeat = await ledger.signCheckpoint({ signer, now: new Date(NOW.getTime() + 1000) });
    t.equal(heartbeat.record.treeSize, 20);
    const last = await ledger.findLastCheckpoint();
    t.same(
      last?.record.consistency.map(({ fromSize }) => fromSize),
      Array.from({ length: 16 }, (_, i) => i + 4),
    );
    t.equal((await readdir(join(folder, 'checkpoints'))).length, 20);
    const verified = await verifyRecord('checkpoint', last?.jws ?? '', {
      trust: { ca, revoked: new Set() },
      roles: ['ledger'],
      now: NOW,
    });
    t.equal(verified.payload.rootHash, toHex(await ledger.root()));
    const seal = await makeSigner('seal');
    await t.rejects(ledger.signCheckpoint({ signer: seal.signer, now: NOW }), {
      code: 'ERR_CERTIFICATE_ROLE',
    });
    await ledger.close();
  },
);

await t.test('cuts a torn tail that was never acknowledged', async (t) => {
  const folder = await folderFor(t);
  await makeLedger(folder, 3, [2]);
  const { size } = await stat(join(folder, 'entries.jsonl'));
  for (const tail of [
    '{"half',
    '\u0000\u0000\u0000\n\u0000',
    'x'.repeat(40_000),
    '{"entryId":"a"}\n{',
  ]) {
    await appendFile(join(folder, 'entries.jsonl'), tail);
    t.match(await checkLedger({ directory: folder }), {
      isSound: false,
      fault: { code: 'ERR_LEDGER_TORN_TAIL' },
    });
    const ledger = await open(folder);
    t.equal(ledger.size, 3);
    t.equal(ledger.cutBytes, Buffer.byteLength(tail));
    await ledger.close();
    t.equal((await stat(join(folder, 'entries.jsonl'))).size, size);
  }
});

await t.test(
  'keeps a whole line whose hashes were not written, and writes hashes that are missing or zero',
  async (t) => {
    const folder = await folderFor(t);
    await makeLedger(folder, 5, [2]);
    const hashes = join(folder, 'hashes.bin');
    const whole = await readFile(hashes);
    for (const keep of [whole.length - 32, whole.length - 45, 100, 96]) {
      await truncate(hashes, keep);
      await (await open(folder)).close();
      t.ok((await readFile(hashes)).equals(whole), `from ${String(keep)} bytes`);
    }
    await writeFile(
      hashes,
      Buffer.concat([whole.subarray(0, whole.length - 32), Buffer.alloc(32)]),
    );
    await appendFile(join(folder, 'entries.jsonl'), `${canonicalize(entry(5))}\n`);
    const ledger = await open(folder);
    t.equal(ledger.size, 6);
    t.match(await ledger.appendEntries([entry(5)]), [{ index: 5, isNew: false }]);
    await ledger.close();
  },
);

await t.test(
  'refuses to open when acknowledged or signed entries are gone or altered, and touches nothing',
  async (t) => {
    const cases: readonly [code: string, damage: (folder: string) => Promise<void>][] = [
      ['ERR_LEDGER_TRUNCATED', (folder) => cutLines(folder, 4)],
      ['ERR_LEDGER_TRUNCATED', (folder) => truncate(join(folder, 'entries.jsonl'), 800)],
      [
        'ERR_LEDGER_TRUNCATED',
        async (folder) => {
          await cutLines(folder, 2);
          await truncate(join(folder, 'hashes.bin'), 0);
        },
      ],
      [
        'ERR_LEDGER_HASH_MISMATCH',
        (folder) => editEntries(folder, (text) => text.replace('intake', 'unseen')),
      ],
      [
        'ERR_LEDGER_ENTRY_INVALID',
        (folder) => editEntries(folder, (text) => text.replace('{', '[')),
      ],
      [
        'ERR_LEDGER_DUPLICATE_ID',
        (folder) => editEntries(folder, (text) => text.replace(entry(1).entryId, entry(0).entryId)),
      ],
      [
        'ERR_LEDGER_CHECKPOINT_INCONSISTENT',
        async (folder) => {
          await editEntries(folder, (text) => text.replace('intake', 'unseen'));
          await truncate(join(folder, 'hashes.bin'), 0);
        },
      ],
      [
        'ERR_LEDGER_CHECKPOINT_INVALID',
        (folder) => writeFile(join(folder, 'checkpoints', '000000000003.jws'), 'x'),
      ],
    ];
    for (const [code, damage] of cases) {
      const folder = await folderFor(t);
      await makeLedger(folder, 5, [3]);
      await damage(folder);
      const before = await readFile(join(folder, 'entries.jsonl'));
      await t.rejects(open(folder), { code }, code);
      t.ok((await readFile(join(folder, 'entries.jsonl'))).equals(before));
      t.notOk((await readdir(folder)).includes('writer.lock'));
    }
  },
);

await t.test('never signs what contradicts a head it has signed', async (t) => {
  const [folder, other] = [await folderFor(t), await folderFor(t)];
  const ledger = await open(folder);
  await ledger.appendEntries(entries(0, 4));
  const foreign = await open(other);
  await foreign.appendEntries(entries(10, 13));
  const head = await foreign.signCheckpoint({ signer, now: NOW });
  await foreign.close();
  await writeFile(join(folder, 'checkpoints', '000000000003.jws'), head.jws);
  await t.rejects(ledger.signCheckpoint({ signer, now: NOW }), {
    code: 'ERR_LEDGER_CHECKPOINT_INCONSISTENT',
  });
  t.same(await readdir(join(folder, 'checkpoints')), ['000000000003.jws']);
  await ledger.close();
});

await t.test('a reader sees acknowledged entries only, and new ones after a refresh', async (t) => {
  const folder = await folderFor(t);
  const ledger = await open(folder);
  await ledger.appendEntries(entries(0, 3));
  const reader = await LedgerReader.open(folder);
  t.same(await reader.entries(1, 10), entries(1, 3));
  t.same(await reader.entries(3, 10), []);
  await ledger.appendEntries(entries(3, 9));
  await appendFile(join(folder, 'entries.jsonl'), '{"half');
  t.equal(reader.size, 3);
  t.equal(await reader.refresh(), 9);
  t.same(await reader.entries(4, 2), entries(4, 6));
  t.same(toHex(await reader.root()), toHex(await ledger.root()));
  t.same(await reader.consistencyProof(3), await ledger.consistencyProof(3));
  t.same(await reader.inclusionProof(2, 5), await ledger.inclusionProof(2, 5));
  await t.rejects(reader.root(10), { code: 'ERR_LEDGER_RANGE' });
  t.equal(await reader.findLastCheckpoint(), null);
  const signed = await ledger.signCheckpoint({ signer, now: NOW });
  t.same(await reader.findLastCheckpoint(), signed);
  await reader.close();
  await ledger.close();
});

async function editEntries(folder: string, edit: (text: string) => string): Promise<void> {
  const path = join(folder, 'entries.jsonl');
  await writeFile(path, edit(await readFile(path, 'utf8')));
}

async function cutLines(folder: string, keep: number): Promise<void> {
  await editEntries(folder, (text) => text.split('\n').slice(0, keep).join('\n').concat('\n'));
}
