import { createHash } from 'node:crypto';
import { RECORDS, parse, type RecordKind, type RecordPayload } from '@sallyport/contracts';
import { decryptText, encryptText, type FieldCipher } from '@sallyport/runtime';
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

/**
 * Queues a signed record, byte for byte. One that carries a person's own words is kept under the
 * `outbound` key until it is sent and after.
 */
export async function queueSigned(
  tx: Transaction | Database,
  kind: RecordKind,
  jws: string,
  options: { readonly now: Date; readonly cipher?: FieldCipher },
): Promise<void> {
  const dedupeKey = jwsDigest(jws);
  const { now, cipher } = options;
  const text = cipher === undefined ? jws : encryptText(cipher, jws, placeOf(dedupeKey));
  await tx.outbound.createMany({
    data: [{ kind, jws: text, dedupeKey, queuedAt: now }],
    skipDuplicates: true,
  });
}

/** A queued record as it was signed. @throws SallyportError ERR_FIELD_* */
export function openQueued(
  cipher: FieldCipher,
  row: { readonly jws: string; readonly dedupeKey: string },
): string {
  return decryptText(cipher, row.jws, placeOf(row.dedupeKey));
}

const placeOf = (rowId: string) => ({ table: 'outbound', column: 'jws', rowId });

/** SHA-256 of a compact text, hex. */
export function jwsDigest(jws: string): string {
  return createHash('sha256').update(jws, 'ascii').digest('hex');
}
