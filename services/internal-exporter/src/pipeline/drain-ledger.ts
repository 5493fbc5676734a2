import { LedgerEntry, canonicalize, parse, type RecordSigner } from '@sallyport/contracts';
import type { LedgerWriter } from '@sallyport/ledger';
import { inTransaction, type Database } from '../store/database.ts';
import { newId } from '../store/ids.ts';

const AT_ONCE = 500;
const GROWTH_MS = 5_000;
const BEACON_MS = 60_000;

/**
 * Appends what the outbox holds to the ledger, oldest first; false when it was empty. The ledger
 * knows an entry by its id, so a crash between append and mark repeats nothing.
 */
export async function drainLedger(db: Database, ledger: LedgerWriter): Promise<boolean> {
  const rows = await db.ledgerOutbox.findMany({
    where: { appendedAt: null },
    orderBy: { seq: 'asc' },
    take: AT_ONCE,
  });
  if (rows.length === 0) return false;
  const entries = rows.map(({ entry }) =>
    parse(LedgerEntry, JSON.parse(entry), 'ERR_LEDGER_ENTRY_INVALID'),
  );
  const appended = await ledger.appendEntries(entries);
  const appendedAt = new Date();
  await inTransaction(db, async (tx) => {
    for (const { entryId, index } of appended) {
      await tx.ledgerOutbox.update({
        where: { entryId },
        data: { leafIndex: BigInt(index), appendedAt },
      });
    }
  });
  return true;
}

/**
 * Signs a checkpoint soon after the tree grew, and once a minute in any case, so that silence on the
 * other side means that something is wrong. Each one goes out on the export lane.
 */
export function checkpointer(
  db: Database,
  ledger: LedgerWriter,
  signer: RecordSigner,
): (now: Date) => Promise<void> {
  let last = { at: 0, size: -1 };
  return async (now) => {
    const restedMs = now.getTime() - last.at;
    const isDue = restedMs >= BEACON_MS || (ledger.size !== last.size && restedMs >= GROWTH_MS);
    if (!isDue || ledger.size === 0) return;
    const { jws, record } = await ledger.signCheckpoint({ signer, now });
    const { origin, treeSize, rootHash } = record;
    await inTransaction(db, async (tx) => {
      const head = { id: newId(), origin, treeSize, rootHash, jws, at: now };
      await tx.checkpoint.createMany({ data: [head], skipDuplicates: true });
      await tx.outboundRecord.create({
        data: {
          ...{ kind: 'checkpoint', payload: canonicalize(record), jws, state: 'signed' },
          ...{ createdAt: now, signedAt: now },
        },
      });
    });
    last = { at: now.getTime(), size: treeSize };
  };
}
