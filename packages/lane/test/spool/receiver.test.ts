import { mkdir, readFile, readdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SallyportError } from '@sallyport/contracts';
import { SpoolReceiver, SpoolSender, type Arrival, type ArrivedFrame } from '@sallyport/lane';
import t from 'tap';
import { NOW, fields, folderFor, makeSite, recordFrame } from '../support/lane-site.ts';
import { makeFrame } from '@sallyport/lane';

const site = await makeSite();

function receiverFor(
  directory: string,
  more: { settleMs?: number; now?: () => Date } = {},
): SpoolReceiver {
  return new SpoolReceiver({
    directory,
    lane: 'export',
    trust: () => site.trust,
    now: () => NOW,
    settleMs: 0,
    ...more,
  });
}

async function all(receiver: SpoolReceiver): Promise<Arrival[]> {
  const arrivals: Arrival[] = [];
  for await (const arrival of receiver.receive()) arrivals.push(arrival);
  return arrivals;
}

function frames(arrivals: readonly Arrival[]): ArrivedFrame[] {
  return arrivals.filter((arrival) => arrival.kind === 'frame');
}

await t.test(
  'yields frames whatever their names and order, and removes them only when done',
  async (t) => {
    const spool = await folderFor(t);
    const sender = new SpoolSender(spool);
    for (const seq of [3, 1, 2]) await sender.send(await recordFrame(site, seq));
    await writeFile(join(spool, 'renamed by the link (1)'), (await recordFrame(site, 9)).bytes);
    const receiver = receiverFor(spool);
    const first = frames(await all(receiver));
    t.same(
      first.map(({ frame }) => frame.header.seq),
      [1, 2, 3, 9],
    );
    const again = frames(await all(receiver));
    t.same(
      again.map(({ frame }) => frame.header.seq),
      [1, 2, 3, 9],
    );
    for (const arrival of again) await arrival.done();
    await again[0]?.done();
    t.same(await all(receiver), []);
    t.same(await readdir(spool), []);
  },
);

await t.test('a whole frame is yielded at first sight, however slow the machine is', async (t) => {
  const spool = await folderFor(t);
  await new SpoolSender(spool).send(await recordFrame(site, 1));
  let readings = 0;
  // The clock has moved on at each look: nothing may depend on two readings of one moment.
  const now = () => new Date(NOW.getTime() + 10 * (readings += 1));
  const receiver = receiverFor(spool, { settleMs: 120_000, now });
  t.equal(frames(await all(receiver)).length, 1);
});

await t.test('an absent folder is an empty one, and a file in its place is an error', async (t) => {
  const folder = await folderFor(t);
  t.same(await all(receiverFor(join(folder, 'not yet'))), []);
  await writeFile(join(folder, 'file'), '');
  await t.rejects(all(receiverFor(join(folder, 'file'))), { code: 'ERR_LANE_SPOOL_READ' });
});

await t.test('moves what is foreign to refused/ with a reason, and goes on', async (t) => {
  const spool = await folderFor(t);
  const put = (name: string | Buffer, bytes: Uint8Array | string) =>
    writeFile(
      typeof name === 'string'
        ? join(spool, name)
        : Buffer.concat([Buffer.from(`${spool}/`), name]),
      bytes,
    );
  await put('..%2f..%2fetc%2fpasswd', 'junk');
  await put('..\\..\\windows', 'junk');
  await put('\u202egnp.frame', 'junk');
  await put('empty.frame', '');
  await put('long'.repeat(60), 'SALLYLN1');
  await put(Buffer.from([0x66, 0xff, 0xfe, 0x0a, 0x6f]), 'not even a UTF-8 name');
  await mkdir(join(spool, 'a folder'));
  await symlink('/etc/passwd', join(spool, 'link.frame'));
  await put('huge.frame', '');
  await truncate(join(spool, 'huge.frame'), 2 ** 31);
  await new SpoolSender(spool).send(await recordFrame(site, 1));

  const arrivals = await all(receiverFor(spool));
  t.equal(frames(arrivals).length, 1);
  const refused = arrivals.filter((arrival) => arrival.kind === 'refused');
  const codes = Object.fromEntries(refused.map(({ name, code }) => [name.slice(0, 12), code]));
  t.same(codes, {
    '..%2f..%2fet': 'ERR_LANE_FRAME_FOREIGN',
    '..\\..\\window': 'ERR_LANE_FRAME_FOREIGN',
    '\\u{202e}gnp.': 'ERR_LANE_FRAME_FOREIGN',
    'empty.frame': 'ERR_LANE_FRAME_TRUNCATED',
    longlonglong: 'ERR_LANE_FRAME_TRUNCATED',
    'f\\u{fffd}\\u{': 'ERR_LANE_FRAME_FOREIGN',
    'a folder': 'ERR_LANE_FRAME_FOREIGN',
    'link.frame': 'ERR_LANE_FRAME_FOREIGN',
    'huge.frame': 'ERR_LANE_FRAME_TOO_LARGE',
  });
  const kept = await readdir(join(spool, 'refused'));
  t.equal(kept.length, 18);
  t.ok(kept.every((name) => /^[0-9TZ]{19}-[0-9a-f]{16}(\.reason\.json)?$/.test(name)));
  const [one] = refused;
  const reason: unknown = JSON.parse(
    await readFile(join(spool, 'refused', `${one?.keptAs ?? ''}.reason.json`), 'utf8'),
  );
  t.match(reason, {
    code: one?.code,
    at: NOW.toISOString(),
    ko: { remedy: /./ },
    en: { remedy: /./ },
  });
  t.same(
    (await all(receiverFor(spool))).map(({ kind }) => kind),
    ['frame'],
  );
});

await t.test('waits for a file that is still arriving and takes it when it is whole', async (t) => {
  const spool = await folderFor(t);
  const { bytes } = await recordFrame(site, 1);
  let now = NOW.getTime();
  const receiver = receiverFor(spool, { settleMs: 1000, now: () => new Date(now) });
  const path = join(spool, '1-000000000001.frame');
  for (const length of [0, 5, 12, 200, bytes.length - 1]) {
    await writeFile(path, bytes.subarray(0, length));
    t.same(await all(receiver), [], `nothing at ${String(length)} bytes`);
    now += 900;
    t.same(await all(receiver), [], 'not even a second later');
    now += 50;
  }
  await writeFile(path, bytes);
  t.equal(frames(await all(receiver)).length, 1);
});

await t.test(
  'calls a file damaged once it rests unchanged, whatever its own clock says',
  async (t) => {
    const spool = await folderFor(t);
    const { bytes } = await recordFrame(site, 1);
    await writeFile(join(spool, 'cut.frame'), bytes.subarray(0, bytes.length - 3));
    await writeFile(join(spool, 'other.frame.part'), bytes.subarray(0, 10));
    let now = NOW.getTime();
    const receiver = receiverFor(spool, { settleMs: 1000, now: () => new Date(now) });
    t.same(await all(receiver), []);
    now += 1000;
    t.match(await all(receiver), [
      { kind: 'refused', code: 'ERR_LANE_FRAME_TRUNCATED', name: 'cut.frame' },
    ]);
    t.same(await all(receiver), []);
    now += 86_400_000;
    t.match(await all(receiver), [{ kind: 'refused', name: 'other.frame.part' }]);
  },
);

await t.test('a frame the caller refuses is kept with the caller’s reason', async (t) => {
  const spool = await folderFor(t);
  await new SpoolSender(spool).send(await makeFrame(fields(1), Buffer.from('?'), site.lane));
  const [arrival] = frames(await all(receiverFor(spool)));
  const file = await arrival?.refuse(new SallyportError('ERR_LANE_EPOCH_STALE'));
  t.match(file, { kind: 'refused', code: 'ERR_LANE_EPOCH_STALE', name: '1-000000000001.frame' });
  t.equal(await arrival?.refuse(new SallyportError('ERR_LANE_EPOCH_STALE')), null);
  t.same(await readdir(spool), ['refused']);
});

await t.test(
  'reports a file it cannot move once, and still takes the frames behind it',
  async (t) => {
    const spool = await folderFor(t);
    await writeFile(join(spool, 'refused'), 'a file where the folder should be');
    await writeFile(join(spool, '0-junk'), 'junk');
    await new SpoolSender(spool).send(await recordFrame(site, 1));
    const receiver = receiverFor(spool);
    const arrivals = await all(receiver);
    t.match(arrivals, [{ kind: 'refused', keptAs: null }, { kind: 'frame' }]);
    t.same(
      (await all(receiver)).map(({ kind }) => kind),
      ['frame'],
    );
  },
);
