import {
  RECORDS,
  isSallyportError,
  parse,
  parseCanonical,
  signRecord,
  type RecordKind,
  type RecordSigner,
} from '@sallyport/contracts';
import type { OutboundRecord } from '../generated/prisma/client.ts';
import type { Database } from '../store/database.ts';

const AT_ONCE = 50;

/** Signs the records that wait on the outbound table, in order; false when none did. */
export async function signQueued(db: Database, signer: RecordSigner): Promise<boolean> {
  const rows = await db.outboundRecord.findMany({
    where: { state: 'queued' },
    orderBy: { seq: 'asc' },
    take: AT_ONCE,
  });
  for (const row of rows) {
    const outcome = await sign(row, signer);
    await db.outboundRecord.updateMany({
      where: { seq: row.seq, state: 'queued' },
      data: { ...outcome, attempts: { increment: 1 } },
    });
  }
  return rows.length > 0;
}

/** A row that cannot be signed ends as failed: it would block the lane for ever otherwise. */
async function sign(row: OutboundRecord, signer: RecordSigner) {
  try {
    const kind = toKind(row.kind);
    const payload = parse(
      RECORDS[kind].schema,
      parseCanonical(new TextEncoder().encode(row.payload)),
    );
    return { state: 'signed', jws: await signRecord(kind, payload, signer), signedAt: new Date() };
  } catch (error) {
    return { state: 'failed', failure: isSallyportError(error) ? error.code : 'ERR_INTERNAL' };
  }
}

function toKind(text: string): RecordKind {
  // Object.keys is typed string[]; RECORDS is a closed literal object.
  const kind = (Object.keys(RECORDS) as RecordKind[]).find((known) => known === text);
  if (kind === undefined) throw new TypeError('unknown record kind');
  return kind;
}
