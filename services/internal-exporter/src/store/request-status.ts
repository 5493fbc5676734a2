import {
  requestStateOf,
  type RecordPayload,
  type RequestState,
  type StepProgress,
} from '@sallyport/contracts';
import type { Transaction } from './database.ts';
import { queueRecord } from './outbound.ts';

const MOST_HISTORY = 100;

/**
 * Computes a request's state from its exports, keeps the change in its history, and tells it
 * outward with the next version. Call it after every change of a request or of one of its exports,
 * in the same transaction.
 */
export async function publishStatus(
  tx: Transaction,
  requestId: string,
  now: Date,
  byAccountId: string | null = null,
): Promise<void> {
  const request = await tx.exportRequest.findUniqueOrThrow({
    where: { id: requestId },
    include: { exports: { orderBy: { id: 'asc' } }, history: { orderBy: { id: 'asc' } } },
  });
  const known = request.state as RequestState; // written by this service only
  const state = requestStateOf(request.exports.map((row) => row.state as RequestState)) ?? known;
  const version = request.statusVersion + 1;
  await tx.exportRequest.update({
    where: { id: requestId },
    data: { state, statusVersion: version },
  });
  const history = request.history.map((row) => ({
    state: row.state as RequestState,
    at: row.at.toISOString(),
  }));
  if (history.at(-1)?.state !== state) {
    await tx.requestHistory.create({ data: { requestId, state, at: now, accountId: byAccountId } });
    history.push({ state, at: now.toISOString() });
  }
  const payload: RecordPayload<'request-status'> = {
    requestId,
    version,
    state,
    receiptNumber: request.receiptNumber,
    exports: request.exports.map((row) => ({
      exportId: row.id,
      itemId: row.itemId,
      state: row.state as RequestState,
      progress: row.progress as StepProgress,
      percent: row.percent,
      ...(row.failure === null ? {} : { failure: row.failure }),
      ...(row.packageId === null ? {} : { packageId: row.packageId }),
    })),
    notes: request.notes as RecordPayload<'request-status'>['notes'], // written by rejectRequest only
    history: history.slice(-MOST_HISTORY),
    at: now.toISOString(),
    ...(request.failure === null ? {} : { failure: request.failure }),
  };
  await queueRecord(tx, 'request-status', payload, {
    at: now,
    dedupeKey: `request-status:${requestId}:${version}`,
  });
}
