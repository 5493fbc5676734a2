import type { RequestStatus } from '@sallyport/contracts';
import type { Transaction } from '../store/database.ts';

/** The state of a request as the internal zone tells it: the highest version wins, the rest is old news. */
export async function applyRequestStatus(
  tx: Transaction,
  status: RequestStatus,
  now: Date,
): Promise<void> {
  const row = await tx.request.findUnique({ where: { id: status.requestId } });
  if (row === null || row.statusVersion >= BigInt(status.version)) return;
  await tx.request.update({
    where: { id: status.requestId },
    data: {
      state: status.state,
      statusVersion: BigInt(status.version),
      receiptNumber: status.receiptNumber ?? row.receiptNumber,
      failure: status.failure ?? null,
      history: status.history,
      notes: status.notes,
      exports: status.exports,
      answeredAt: row.answeredAt ?? now,
    },
  });
}
