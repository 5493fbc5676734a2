import { SallyportError, type LedgerActor, type RequestState } from '@sallyport/contracts';
import type { SealedPackage } from '../generated/prisma/client.ts';
import { inTransaction, type Database, type Transaction } from '../store/database.ts';
import { queueStep, retryStep } from '../store/jobs.ts';
import { recordEvent } from '../store/ledger-outbox.ts';
import { publishStatus } from '../store/request-status.ts';

interface Asked {
  readonly exportId: string;
  readonly actor: LedgerActor;
}

/**
 * Runs again what failed: a step, or the sending. A package that the gateway quarantined is sealed
 * anew in its own place; one that was sent and not received is sent again under the same numbers.
 *
 * @throws SallyportError ERR_EXPORT_UNKNOWN, ERR_EXPORT_NOTHING_TO_RETRY
 */
export async function retryExport(
  db: Database,
  { exportId, actor }: Asked,
  now: Date,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const row = await tx.export.findUnique({ where: { id: exportId } });
    if (row === null) throw new SallyportError('ERR_EXPORT_UNKNOWN');
    const { requestId } = row;
    if (row.state === 'transferring') {
      const sealed = await tx.sealedPackage.findUniqueOrThrow({
        where: { id: row.packageId ?? '' },
      });
      if (sealed.receivedAt !== null && sealed.failure !== null) {
        const move = { exportId, requestId, from: 'transferring', step: 'seal' } as const;
        await queueStep(tx, move, { now, supersedes: sealed.id });
      } else await sendAgain(tx, sealed, now);
    } else await retryStep(tx, exportId, now);
    await recordEvent(tx, {
      at: now,
      actor,
      event: { kind: 'export.retried', requestId, exportId },
    });
  });
}

/**
 * Seals once more for the recipient's present devices, in the place of the package named.
 *
 * @throws SallyportError ERR_EXPORT_UNKNOWN, ERR_PACKAGE_EXISTS when another is the present one,
 * ERR_EXPORT_STATE
 */
export async function resealExport(
  db: Database,
  { exportId, actor, supersedes }: Asked & { readonly supersedes: string },
  now: Date,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const row = await tx.export.findUnique({ where: { id: exportId } });
    if (row === null) throw new SallyportError('ERR_EXPORT_UNKNOWN');
    if (row.packageId !== supersedes) {
      throw new SallyportError('ERR_PACKAGE_EXISTS', {
        detail: { packageId: row.packageId ?? 'none' },
      });
    }
    const { requestId } = row;
    // The column holds the literals this service writes.
    const from = row.state as RequestState;
    await queueStep(tx, { exportId, requestId, from, step: 'seal' }, { now, supersedes });
    await recordEvent(tx, {
      at: now,
      actor,
      event: { kind: 'export.retried', requestId, exportId },
    });
  });
}

/** Every part and the grant go out again under their own numbers: what arrived is a duplicate there. */
async function sendAgain(
  tx: Transaction,
  { id, grantId, exportId, requestId }: SealedPackage,
  now: Date,
): Promise<void> {
  const { count } = await tx.sealedPackage.updateMany({
    where: { id, state: { in: ['sent', 'sealed'] }, receivedAt: null, wipedAt: null },
    data: { state: 'sealed', nextPart: 0, leaseUntil: null, failure: null },
  });
  if (count === 0) throw new SallyportError('ERR_EXPORT_NOTHING_TO_RETRY');
  await tx.outboundRecord.updateMany({
    where: { kind: 'licence-grant', dedupeKey: `licence-grant:${grantId}:1`, state: 'sent' },
    data: { state: 'signed' },
  });
  await tx.export.update({
    where: { id: exportId },
    data: { progress: 'retrying', percent: 0, failure: null, updatedAt: now },
  });
  await publishStatus(tx, requestId, now);
}
