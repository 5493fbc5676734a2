import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  SpoolReceiver,
  SpoolSender,
  drainLane,
  listGaps,
  type DrainOptions,
  type Frame,
  type SequenceState,
} from '@sallyport/lane';
import t from 'tap';
import { NOW, SENDER, fields, folderFor, makeSite, recordFrame } from './support/lane-site.ts';
import { makeFrame } from '@sallyport/lane';

const site = await makeSite();

/** A store with one transaction: the effect and the state, or neither. */
function makeIntake(directory: string, more: Partial<DrainOptions> = {}) {
  const receiver = new SpoolReceiver({
    directory,
    lane: 'export',
    trust: () => site.trust,
    now: () => NOW,
    settleMs: 0,
  });
  const store = {
    states: new Map<string, SequenceState>(),
    applied: [] as number[],
    refused: [] as string[],
    failed: 0,
  };
  const options: DrainOptions = {
    receiver,
    now: () => NOW,
    loadState: (senderId) => Promise.resolve(store.states.get(senderId) ?? null),
    apply: (frame: Frame, next: SequenceState) => {
      store.applied.push(frame.header.seq);
      store.states.set(frame.header.senderId, next);
      return Promise.resolve();
    },
    refused: ({ code }) => {
      store.refused.push(code);
      return Promise.resolve();
    },
    failed: () => {
      store.failed += 1;
      return Promise.resolve();
    },
    ...more,
  };
  return { store, drain: () => drainLane(options), options };
}

await t.test(
  'applies each frame once through duplicates, reordering and a lost frame',
  async (t) => {
    const spool = await folderFor(t);
    const sender = new SpoolSender(spool);
    const { store, drain } = makeIntake(spool);
    for (const seq of [4, 2]) await sender.send(await recordFrame(site, seq));
    t.same(await drain(), { applied: 2, duplicates: 0, refused: 0, failed: 0 });
    for (const seq of [1, 2, 4, 6]) await sender.send(await recordFrame(site, seq));
    t.same(await drain(), { applied: 2, duplicates: 2, refused: 0, failed: 0 });
    t.same(store.applied, [2, 4, 1, 6]);
    const state = store.states.get(SENDER);
    t.same(state === undefined ? [] : listGaps(state).map(({ from, to }) => [from, to]), [
      [3, 3],
      [5, 5],
    ]);
  },
);

await t.test('refuses frames of an ended epoch and of below the window, and says so', async (t) => {
  const spool = await folderFor(t);
  const sender = new SpoolSender(spool);
  const { store, drain } = makeIntake(spool, { window: 5 });
  await sender.send(await recordFrame(site, 2));
  await sender.send(await recordFrame(site, 9));
  await drain();
  await sender.send(await recordFrame(site, 1));
  t.match(await drain(), { refused: 1 });
  await sender.send(await recordFrame(site, 1, { epoch: 2 }));
  await drain();
  await sender.send(await recordFrame(site, 8));
  t.match(await drain(), { refused: 1 });
  t.same(store.refused, ['ERR_LANE_FRAME_STALE', 'ERR_LANE_EPOCH_STALE']);
});

await t.test('a crash between effect and removal repeats the file, not the effect', async (t) => {
  const spool = await folderFor(t);
  await new SpoolSender(spool).send(await recordFrame(site, 1));
  const { store, drain, options } = makeIntake(spool);
  const crash = new Error('power cut');
  const cut: DrainOptions = {
    ...options,
    apply: async (frame, next) => {
      await options.apply(frame, next);
      throw crash;
    },
  };
  t.same(await drainLane(cut), { applied: 0, duplicates: 0, refused: 0, failed: 1 });
  t.same(await drain(), { applied: 0, duplicates: 1, refused: 0, failed: 0 });
  t.same(store.applied, [1]);
});

await t.test('a frame whose effect fails stays, and those behind it are applied', async (t) => {
  const spool = await folderFor(t);
  const sender = new SpoolSender(spool);
  for (const seq of [1, 2, 3]) await sender.send(await recordFrame(site, seq));
  let isDown = true;
  const { store, drain, options } = makeIntake(spool);
  const apply: DrainOptions['apply'] = (frame, next) => {
    if (isDown && frame.header.seq === 2) throw new Error('database away');
    return options.apply(frame, next);
  };
  t.match(await drainLane({ ...options, apply }), { applied: 2, failed: 1 });
  isDown = false;
  t.match(await drain(), { applied: 1, failed: 0 });
  t.same(store.applied, [1, 3, 2]);
  t.equal(store.failed, 1);
});

await t.test('keeps the sequences of two senders apart, and reports junk', async (t) => {
  const spool = await folderFor(t);
  const other = 'cd'.repeat(16);
  const sender = new SpoolSender(spool);
  await sender.send(await recordFrame(site, 1));
  const second = await makeFrame(fields(1, { senderId: other }), Buffer.from('x'), site.lane);
  await new SpoolSender(join(spool)).send({ ...second, epoch: 8 });
  await writeFile(join(spool, 'Thumbs.db'), 'junk');
  const { store, drain } = makeIntake(spool);
  t.same(await drain(), { applied: 2, duplicates: 0, refused: 1, failed: 0 });
  t.same([...store.states.keys()].sort(), [SENDER, other].sort());
});
