import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FolderMover, type MoverFaults } from '@sallyport/testkit';
import t from 'tap';

const NAMES = Array.from({ length: 60 }, (_, i) => `1-${String(i + 1).padStart(12, '0')}.frame`);

async function folders(t: {
  teardown(act: () => Promise<void>): void;
}): Promise<{ from: string; to: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-mover-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const from = join(folder, 'from');
  await mkdir(from);
  return { from, to: join(folder, 'to') };
}

/** Moves the same files and notes what arrived at each step, taking it away as a receiver would. */
async function watch(t: { teardown(act: () => Promise<void>): void }, faults: MoverFaults) {
  const { from, to } = await folders(t);
  for (const name of NAMES) await writeFile(join(from, name), `content of ${name}`);
  const mover = new FolderMover(from, to, faults);
  const seen: string[] = [];
  for (let isBusy = true; isBusy;) {
    isBusy = await mover.step();
    for (const name of (await readdir(to)).sort()) {
      const isWhole = (await readFile(join(to, name), 'utf8')) === `content of ${name}`;
      seen.push(isWhole ? name : `half ${name}`);
      if (isWhole) await rm(join(to, name));
    }
  }
  return { seen, tally: mover.tally, left: await readdir(from) };
}

await t.test('without faults every file arrives once, whole and in order', async (t) => {
  const { seen, tally, left } = await watch(t, { seed: 1 });
  t.same(seen, NAMES);
  t.same(left, []);
  t.match(tally, { taken: NAMES, lost: [], duplicated: [], delivered: 60 });
});

await t.test('the same seed does the same, another seed does something else', async (t) => {
  const faults = { loss: 0.2, duplication: 0.3, delaySteps: 6, partial: 0.3 };
  const [first, again, other] = [
    await watch(t, { seed: 7, ...faults }),
    await watch(t, { seed: 7, ...faults }),
    await watch(t, { seed: 8, ...faults }),
  ];
  t.same(first, again);
  t.not(String(first.seen), String(other.seen));
});

await t.test('loses, repeats, reorders and half-writes, and its tally tells which', async (t) => {
  const { seen, tally } = await watch(t, {
    seed: 7,
    loss: 0.2,
    duplication: 0.3,
    delaySteps: 6,
    partial: 0.3,
  });
  const whole = seen.filter((name) => !name.startsWith('half'));
  t.ok(tally.lost.length > 3 && tally.duplicated.length > 3 && seen.length > whole.length);
  t.same(new Set([...whole, ...tally.lost]), new Set(NAMES));
  t.notOk(whole.some((name) => tally.lost.includes(name)));
  t.not(String(whole), String(whole.toSorted()));
  for (const name of tally.duplicated) t.ok(whole.filter((each) => each === name).length >= 1);
});

await t.test('leaves unfinished files alone and works by itself until stopped', async (t) => {
  const { from, to } = await folders(t);
  const mover = new FolderMover(from, to, { seed: 1 });
  await writeFile(join(from, 'a.frame.part'), 'unfinished');
  mover.start({ everyMs: 5 });
  t.throws(() => {
    mover.start({ everyMs: 5 });
  }, /already runs/);
  await writeFile(join(from, 'b.frame.part'), 'x');
  await writeFile(join(from, 'c.frame'), 'whole');
  for (let i = 0; i < 200 && mover.tally.delivered === 0; i += 1) await sleep(10);
  await mover.stop();
  await mover.stop();
  t.same(await readdir(to), ['c.frame']);
  await writeFile(join(from, 'd.frame'), 'later');
  await sleep(30);
  t.same((await readdir(from)).sort(), ['a.frame.part', 'b.frame.part', 'd.frame']);
});
