import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TransferAssembler, makeFrame, openFrame } from '@sallyport/lane';
import t from 'tap';
import { runChild, stopAtStep } from '@sallyport/testkit/crash';
import { NOW, fields, folderFor, makeSite, randomId, type LaneSite } from './support/lane-site.ts';
import { sendAndAssemble, type CrashRun } from './support/send-and-assemble.ts';

const CHILD = fileURLToPath(new URL('support/crash-child.js', import.meta.url));
const BODY = 'two parts.';
const ID = { packageId: randomId(), kind: 'package-part' } as const;

await t.test(
  'kill -9 at every step of sending and assembling loses nothing and shows nothing half done',
  async (t) => {
    const folder = await folderFor(t);
    const site = await makeSite();
    const frames = join(folder, 'frames');
    await mkdir(frames);
    for (const partIndex of [0, 1]) {
      const transfer = {
        packageId: ID.packageId,
        partIndex,
        partCount: 2,
        totalSizeBytes: BODY.length,
      };
      const body = Buffer.from(BODY.slice(partIndex * 5, partIndex * 5 + 5));
      const frame = await makeFrame(
        fields(partIndex + 1, { bodyKind: 'package-part', transfer }),
        body,
        site.lane,
      );
      await writeFile(join(frames, String(partIndex)), frame.bytes);
    }

    const runAt = (name: string): CrashRun => ({
      frames,
      spool: join(folder, `${name}.spool`),
      transfers: join(folder, `${name}.transfers`),
      ca: site.trust.ca,
    });
    const check = async (run: CrashRun, lines: readonly string[], title: string) => {
      const faults = [
        ...(await faultsAfterCrash(run, site, lines)),
        ...(await faultsAfterRestart(run)),
      ];
      t.same(faults, [], title);
    };

    let steps = 0;
    for (let end = ''; end !== 'ended';) {
      steps += 1;
      const run = runAt(`fail${String(steps)}`);
      const lines: string[] = [];
      end = await stopAtStep(steps, 'fail', () => sendAndAssemble(run, (line) => lines.push(line)));
      await check(run, lines, `stopped at step ${String(steps)}`);
    }
    t.ok(steps > 25, `${String(steps)} steps were tried`);
    for (let step = 2; step < steps; step += 6) {
      const run = runAt(`kill${String(step)}`);
      const child = await runChild(CHILD, [
        String(step),
        run.frames,
        run.spool,
        run.transfers,
        run.ca,
      ]);
      t.ok(child.wasKilled);
      await check(run, child.lines, `killed at step ${String(step)}`);
    }
  },
);

/** Every visible frame is whole, and every acknowledged part is there. */
async function faultsAfterCrash(
  run: CrashRun,
  site: LaneSite,
  lines: readonly string[],
): Promise<string[]> {
  const faults: string[] = [];
  for (const name of await listOrEmpty(run.spool)) {
    const bytes = await readFile(join(run.spool, name));
    await openFrame(bytes, { lane: 'export', trust: site.trust, now: NOW }).catch(() =>
      faults.push(`${name} is not whole`),
    );
  }
  const progress = await new TransferAssembler({
    directory: run.transfers,
    maxTransferBytes: 1000,
  }).progress(ID);
  const received =
    progress.kind === 'open' ? progress.received : progress.kind === 'complete' ? 2 : 0;
  const acknowledged = lines.filter((line) => line.startsWith('part')).length;
  return received < acknowledged ? [...faults, 'an acknowledged part is gone'] : faults;
}

/** The same work again, in this process, ends complete. */
async function faultsAfterRestart(run: CrashRun): Promise<string[]> {
  await sendAndAssemble(run, () => undefined);
  const end = await new TransferAssembler({
    directory: run.transfers,
    maxTransferBytes: 1000,
  }).progress(ID);
  if (end.kind !== 'complete') return ['not complete'];
  const left = await listOrEmpty(run.spool);
  return (await readFile(end.path, 'utf8')) === BODY && left.length === 0
    ? []
    : ['another content'];
}

async function listOrEmpty(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => !name.endsWith('.part'));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return [];
    throw cause;
  }
}
