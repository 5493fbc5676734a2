import { canonicalize } from '@sallyport/contracts';
import { join } from 'node:path';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { LedgerReader, checkLedger, type FsckReport } from '@sallyport/ledger';
import t from 'tap';
import { runChild, stopAtStep } from '@sallyport/testkit/crash';
import { growLedger } from './support/grow-ledger.ts';
import { entries, folderFor, makeSigner } from './support/ledger-site.ts';

const CHILD = fileURLToPath(new URL('support/crash-child.js', import.meta.url));
const { signer } = await makeSigner();

await t.test(
  'kill -9 at every step of opening, appending and signing loses nothing acknowledged',
  async (t) => {
    const folder = await folderFor(t);
    let steps = 0;
    for (let end = ''; end !== 'ended';) {
      steps += 1;
      const directory = join(folder, `fail${String(steps)}`);
      const lines: string[] = [];
      end = await stopAtStep(steps, 'fail', () =>
        growLedger(directory, signer, (line) => lines.push(line)),
      );
      const faults = await faultsAfterCrash(directory, lines);
      // This process lives on, so its lock is removed for it; the killed children below leave theirs.
      await rm(join(directory, 'writer.lock'), { force: true });
      t.same(
        [...faults, ...(await faultsAfterRestart(directory))],
        [],
        `stopped at step ${String(steps)}`,
      );
    }
    t.ok(steps > 25, `${String(steps)} steps were tried`);
    for (let step = 3; step < steps; step += 6) {
      const directory = join(folder, `kill${String(step)}`);
      const child = await runChild(CHILD, [String(step), directory]);
      t.ok(child.wasKilled);
      const faults = await faultsAfterCrash(directory, child.lines);
      t.same(
        [...faults, ...(await faultsAfterRestart(directory))],
        [],
        `killed at step ${String(step)}`,
      );
    }
  },
);

/** What was acknowledged or signed is there; at most an unacknowledged tail is torn. */
async function faultsAfterCrash(directory: string, lines: readonly string[]): Promise<string[]> {
  const report = await checkLedger({ directory });
  const lastOf = (word: string) =>
    Math.max(
      0,
      ...lines.filter((line) => line.startsWith(word)).map((line) => Number(line.split(' ')[1])),
    );
  return [
    ...(report.entryCount < lastOf('entries') ? ['acknowledged entries are gone'] : []),
    ...(report.signedSize < lastOf('signed') ? ['a signed head is gone'] : []),
    ...(isCrashTrace(report) ? [] : [`fault ${report.fault?.code ?? ''}`]),
  ];
}

function isCrashTrace({ fault }: FsckReport): boolean {
  return (
    fault === null || fault.code === 'ERR_LEDGER_TORN_TAIL' || fault.code === 'ERR_LEDGER_NOT_FOUND'
  );
}

/** The same work again records everything once, and the result is sound. */
async function faultsAfterRestart(directory: string): Promise<string[]> {
  await growLedger(directory, signer, () => undefined);
  const report = await checkLedger({ directory });
  const reader = await LedgerReader.open(directory);
  const found = await reader.entries(0, 100);
  await reader.close();
  const isExact = canonicalize(found) === canonicalize(entries(0, 5));
  return [
    ...(report.isSound ? [] : [`fault ${report.fault?.code ?? ''}`]),
    ...(isExact ? [] : ['not exactly once']),
  ];
}
