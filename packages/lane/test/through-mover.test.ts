import { createHash, randomBytes } from 'node:crypto';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  SpoolReceiver,
  SpoolSender,
  TransferAssembler,
  drainLane,
  listGaps,
  makeFrame,
  splitFile,
  type DrainResult,
  type SealedFrame,
  type SequenceState,
} from '@sallyport/lane';
import { FolderMover, type MoverFaults } from '@sallyport/testkit';
import t from 'tap';
import { NOW, fields, folderFor, makeSite, randomId } from './support/lane-site.ts';

const site = await makeSite();
const PARTS = 40;

/** A file cut in frames, sent through a faulty link into a receiver that keeps its own books. */
async function carry(folder: string, faults: MoverFaults) {
  const content = randomBytes(PARTS * 100 - 7);
  await writeFile(join(folder, 'file'), content);
  const packageId = randomId();
  const frames: SealedFrame[] = [];
  for await (const { place, body } of splitFile(join(folder, 'file'), { partSizeBytes: 100 })) {
    const transfer = { packageId, ...place };
    frames.push(
      await makeFrame(
        fields(place.partIndex + 1, { bodyKind: 'package-part', transfer }),
        body,
        site.lane,
      ),
    );
  }
  const [near, far] = [join(folder, 'near'), join(folder, 'far')];
  const sender = new SpoolSender(near);
  const mover = new FolderMover(near, far, faults);
  const assembler = new TransferAssembler({
    directory: join(folder, 'transfers'),
    maxTransferBytes: 1e6,
  });
  const applied: number[] = [];
  let state: SequenceState | null = null;
  const totals = { applied: 0, duplicates: 0, refused: 0, failed: 0 };
  let clock = NOW.getTime();
  const receiver = new SpoolReceiver({
    directory: far,
    lane: 'export',
    trust: () => site.trust,
    now: () => new Date(clock),
    settleMs: 1000,
  });
  const drain = async (): Promise<void> => {
    clock += 10;
    const result: DrainResult = await drainLane({
      receiver,
      now: () => NOW,
      loadState: () => Promise.resolve(state),
      apply: async (frame, next) => {
        await assembler.add(frame.header, frame.body);
        applied.push(frame.header.seq);
        state = next;
      },
      refused: () => Promise.resolve(),
      failed: (_frame, cause) =>
        Promise.reject(cause instanceof Error ? cause : new Error(String(cause))),
    });
    for (const key of ['applied', 'duplicates', 'refused', 'failed'] as const)
      totals[key] += result[key];
  };
  const send = async (seqs: readonly number[]) => {
    for (const frame of frames.filter(({ seq }) => seqs.includes(seq))) await sender.send(frame);
    while (await mover.step()) await drain();
    await drain();
  };
  const missing = () =>
    (state === null ? [] : listGaps(state)).flatMap(({ from, to }) =>
      Array.from({ length: to - from + 1 }, (_, i) => from + i),
    );
  const progress = () => assembler.progress({ packageId, kind: 'package-part' });
  return { content, mover, send, missing, progress, applied, totals, far };
}

await t.test(
  'through delay, repeats, reordering and half-written files each frame is applied exactly once',
  async (t) => {
    for (const seed of [1, 2, 3]) {
      const link = await carry(await folderFor(t), {
        seed,
        duplication: 0.4,
        delaySteps: 8,
        partial: 0.3,
      });
      await link.send(Array.from({ length: PARTS }, (_, i) => i + 1));
      t.same(
        [...link.applied].sort((a, b) => a - b),
        Array.from({ length: PARTS }, (_, i) => i + 1),
      );
      t.not(
        String(link.applied),
        String([...link.applied].sort((a, b) => a - b)),
        'they did arrive out of order',
      );
      t.same(link.missing(), []);
      t.match(link.totals, { refused: 0, failed: 0 });
      const end = await link.progress();
      t.equal(end.kind, 'complete');
      if (end.kind === 'complete') t.ok((await readFile(end.path)).equals(link.content));
      t.same(await readdir(link.far), []);
    }
  },
);

await t.test(
  'names exactly what the link lost, and a resend of just that completes the file',
  async (t) => {
    for (const seed of [4, 5]) {
      const link = await carry(await folderFor(t), {
        seed,
        loss: 0.25,
        duplication: 0.2,
        delaySteps: 4,
      });
      await link.send(Array.from({ length: PARTS }, (_, i) => i + 1));
      const lost = link.mover.tally.lost.map((name) => Number(name.slice(2, -6)));
      t.ok(lost.length > 3);
      const progress = await link.progress();
      if (progress.kind !== 'open') throw new Error('frames were lost');
      const absent = progress.missing.flatMap(({ from, to }) =>
        Array.from({ length: to - from + 1 }, (_, i) => from + i + 1),
      );
      t.same(
        absent,
        lost.sort((a, b) => a - b),
      );
      const high = Math.max(...link.applied);
      t.same(
        link.missing(),
        lost.filter((seq) => seq < high),
      );
      for (let rounds = 0; rounds < 10; rounds += 1) {
        const now = await link.progress();
        if (now.kind !== 'open') break;
        await link.send(
          now.missing.flatMap(({ from, to }) =>
            Array.from({ length: to - from + 1 }, (_, i) => from + i + 1),
          ),
        );
      }
      const end = await link.progress();
      t.equal(end.kind, 'complete');
      if (end.kind === 'complete') {
        const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
        t.equal(digest(await readFile(end.path)), digest(link.content));
      }
      t.equal(new Set(link.applied).size, link.applied.length);
    }
  },
);
