import { createHash } from 'node:crypto';
import { RECORDS, parse, type RecordKind, type RecordPayload } from '@sallyport/contracts';
import type { Database, Transaction } from './database.ts';

/**
 * Queues a record of the gateway's own for the request lane, unsigned: `send` signs it when the
 * gateway's certificate is here. The same `dedupeKey` queues once.
 */
export async function queueRecord<K extends RecordKind>(
  tx: Transaction | Database,
  kind: K,
  payload: RecordPayload<K>,
  options: { readonly dedupeKey: string; readonly now: Date },
): Promise<void> {
  parse(RECORDS[kind].schema, payload);
  await tx.outbound.createMany({
    // A parsed payload is JSON; Prisma's own JSON type cannot say so.
    data: [{ kind, payload: payload, dedupeKey: options.dedupeKey, queuedAt: options.now }],
    skipDuplicates: true,
  });
}

/** Queues a record that a device signed, byte for byte. */
export async function queueSigned(
  tx: Transaction | Database,
  kind: RecordKind,
  jws: string,
  now: Date,
): Promise<void> {
  await tx.outbound.createMany({
    data: [{ kind, jws, dedupeKey: jwsDigest(jws), queuedAt: now }],
    skipDuplicates: true,
  });
}

/** SHA-256 of a compact text, hex. */
export function jwsDigest(jws: string): string {
  return createHash('sha256').update(jws, 'ascii').digest('hex');
}
