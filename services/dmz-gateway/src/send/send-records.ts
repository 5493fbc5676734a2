// The near end of the request lane:
//
//   outbound row ─► place in the sequence (stored first) ─► signed frame ─► spool ─► row 'sent'
//
// A crash after the spool repeats one frame under the same number: a duplicate for the receiver.
import {
  RECORDS,
  isSallyportError,
  parse,
  signRecord,
  type RecordKind,
  type RecordSigner,
} from '@sallyport/contracts';
import { type SpoolSender, makeFrame } from '@sallyport/lane';
import type { FieldCipher } from '@sallyport/runtime';
import type { Database } from '../store/database.ts';
import { actorOfRole, recordEvent } from '../store/ledger-events.ts';
import { openQueued } from '../store/outbound.ts';

export interface SendOptions {
  readonly db: Database;
  readonly gatewayId: string;
  readonly spool: SpoolSender;
  /** Opens the rows that were kept encrypted. */
  readonly cipher: FieldCipher;
  /** Null until the gateway's certificate is here: then nothing is sent and the rows wait. */
  readonly signer: RecordSigner | null;
  readonly clock: () => Date;
  /** Sequence epoch for a lane that was never used; rises with every new database. */
  readonly firstEpoch: number;
}

const BATCH = 50;

type Row = Awaited<ReturnType<Database['outbound']['findMany']>>[number];

/** Sends what is queued, oldest first. Answers how many were sent. */
export async function sendRecords(options: SendOptions): Promise<number> {
  const { db, signer } = options;
  if (signer === null) return 0;
  const rows = await db.outbound.findMany({
    where: { state: { in: ['queued', 'placed'] } },
    orderBy: { id: 'asc' },
    take: BATCH,
  });
  for (const row of rows) await sendOne(options, row, signer);
  return rows.length;
}

async function sendOne(options: SendOptions, row: Row, signer: RecordSigner): Promise<void> {
  const { db, gatewayId, spool, clock } = options;
  let jws: string;
  try {
    jws =
      row.jws === null
        ? await signPayload(row, signer)
        : openQueued(options.cipher, { ...row, jws: row.jws });
  } catch (error) {
    if (!isSallyportError(error)) throw error;
    await markFailed(options, row, error.code);
    return;
  }
  const place = await takePlace(options, row, jws);
  const fields = {
    lane: 'request',
    senderId: gatewayId,
    epoch: place.epoch,
    seq: place.seq,
    bodyKind: 'record',
    at: clock().toISOString(),
  } as const;
  await spool.send(await makeFrame(fields, new TextEncoder().encode(jws), signer));
  await db.outbound.update({ where: { id: row.id }, data: { state: 'sent', sentAt: clock() } });
}

/** The signature is kept with the place: the same number never carries two texts. */
async function takePlace(
  { db, firstEpoch }: SendOptions,
  row: Row,
  jws: string,
): Promise<{ epoch: number; seq: number }> {
  if (row.epoch !== null && row.seq !== null) return { epoch: row.epoch, seq: Number(row.seq) };
  return db.$transaction(async (tx) => {
    const lane = await tx.laneSender.upsert({
      where: { lane: 'request' },
      create: { lane: 'request', epoch: firstEpoch, nextSeq: 2n },
      update: { nextSeq: { increment: 1 } },
    });
    const place = { epoch: lane.epoch, seq: Number(lane.nextSeq) - 1 };
    await tx.outbound.update({
      where: { id: row.id },
      data: { state: 'placed', epoch: place.epoch, seq: BigInt(place.seq), jws: row.jws ?? jws },
    });
    return place;
  });
}

async function signPayload(row: Row, signer: RecordSigner): Promise<string> {
  const kind = row.kind as RecordKind; // queueRecord wrote it from this union
  return signRecord(kind, parse(RECORDS[kind].schema, row.payload), signer);
}

/** A record that cannot be signed will never be: it ends here, visibly. */
async function markFailed({ db, clock }: SendOptions, row: Row, failure: string): Promise<void> {
  await db.$transaction(async (tx) => {
    await tx.outbound.update({ where: { id: row.id }, data: { state: 'failed', failure } });
    await recordEvent(tx, {
      at: clock(),
      actor: actorOfRole('send'),
      event: { kind: 'lane.refused', lane: 'request', failure },
    });
  });
}
