import type { RecordSigner } from '@sallyport/contracts';
import { LedgerWriter } from '@sallyport/ledger';
import { IDENTITY, NOW, entries } from './ledger-site.ts';

/** Opens a ledger, appends five entries in two batches and signs a head after each. */
export async function growLedger(
  directory: string,
  signer: RecordSigner,
  acknowledge: (line: string) => void,
): Promise<void> {
  const ledger = await LedgerWriter.open({ directory, ...IDENTITY });
  try {
    for (const [from, to] of [
      [0, 3],
      [3, 5],
    ] as const) {
      await ledger.appendEntries(entries(from, to));
      acknowledge(`entries ${String(to)}`);
      const { record } = await ledger.signCheckpoint({ signer, now: NOW });
      acknowledge(`signed ${String(record.treeSize)}`);
    }
  } finally {
    await ledger.close();
  }
}
