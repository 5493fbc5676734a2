import {
  canonicalize,
  parse,
  RECORDS,
  type RecordKind,
  type RecordPayload,
} from '@sallyport/contracts';
import type { Transaction } from './database.ts';

/**
 * Queues a record for the export lane, unsigned: `seal` signs the row, `send` carries it. With a
 * `dedupeKey` that was queued before, nothing is queued.
 */
export async function queueRecord<K extends RecordKind>(
  tx: Transaction,
  kind: K,
  payload: RecordPayload<K>,
  options: { readonly at: Date; readonly dedupeKey?: string },
): Promise<void> {
  parse(RECORDS[kind].schema, payload, 'ERR_INTERNAL');
  const row = {
    kind,
    payload: canonicalize(payload),
    createdAt: options.at,
    dedupeKey: options.dedupeKey ?? null,
  };
  await tx.outboundRecord.createMany({ data: [row], skipDuplicates: true });
}
