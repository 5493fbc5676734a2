import type { LaneFrameOut } from '../generated/prisma/client.ts';
import { inTransaction, type Database } from './database.ts';

const LANE = 'export';
const FIRST_EPOCH = 1;

/** What one place of the sequence carries: a record, or one part of a package. */
export type FrameContent =
  | { readonly kind: 'record'; readonly recordSeq: bigint }
  | { readonly kind: 'part'; readonly packageId: string; readonly partIndex: number };

/**
 * The place of this content in the sequence: the one it has already, or the next. It is kept before
 * anything is written, so a repeated write repeats the same file and no number is used twice.
 */
export async function placeInSequence(
  db: Database,
  content: FrameContent,
  now: Date,
): Promise<LaneFrameOut> {
  const where =
    content.kind === 'record'
      ? { recordSeq: content.recordSeq }
      : { packageId_partIndex: { packageId: content.packageId, partIndex: content.partIndex } };
  return inTransaction(db, async (tx) => {
    const known = await tx.laneFrameOut.findUnique({ where });
    if (known !== null) return known;
    const { epoch, nextSeq } = await tx.laneSequence.upsert({
      where: { lane: LANE },
      create: { lane: LANE, epoch: FIRST_EPOCH, nextSeq: 2n },
      update: { nextSeq: { increment: 1n } },
    });
    const { kind: _kind, ...place } = content;
    return tx.laneFrameOut.create({ data: { epoch, seq: nextSeq - 1n, at: now, ...place } });
  });
}

/** The frame is in the spool: sent, which is not received. */
export async function markFrameSent(
  db: Database,
  { epoch, seq }: LaneFrameOut,
  now: Date,
): Promise<void> {
  await db.laneFrameOut.update({ where: { epoch_seq: { epoch, seq } }, data: { sentAt: now } });
}
