import {
  SallyportError,
  isSallyportError,
  type LedgerActor,
  type RecordSigner,
} from '@sallyport/contracts';
import { makeFrame, shapeOf, splitFile, type FilePart, type SpoolSender } from '@sallyport/lane';
import type { SealedPackage } from '../generated/prisma/client.ts';
import { inTransaction, type Database } from '../store/database.ts';
import { leavesOf, packageFile, type FilePlaces } from '../store/file-places.ts';
import { markFrameSent, placeInSequence, type FrameContent } from '../store/lane-sequence.ts';
import { recordEvent } from '../store/ledger-outbox.ts';
import { publishStatus } from '../store/request-status.ts';
import type { Site } from '../store/site.ts';

const SEND_ROLE: LedgerActor = { kind: 'role', name: 'send' };

/** What the sending role holds: the lane's signing key and the near end of the lane. */
export interface SendTools {
  readonly db: Database;
  readonly site: Site;
  readonly places: FilePlaces;
  readonly signer: RecordSigner;
  readonly sender: SpoolSender;
  readonly worker: string;
}

/**
 * Step 10: puts one package on the lane, part by part, the leaf table last. A part that was sent
 * before a crash is skipped or repeated under its own number. Ends as `sent`, which is not received.
 *
 * @throws SallyportError ERR_LANE_SPOOL_WRITE, ERR_LANE_SPOOL_READ: tried again from the same part
 */
export async function sendPackage(
  tools: SendTools,
  row: SealedPackage,
  signal: AbortSignal,
): Promise<void> {
  const { db, places } = tools;
  const path = packageFile(places, row.id);
  const leaves = leavesOf(path);
  const counts = await countParts(row, path);
  const files = [
    { file: path, bodyKind: 'package-part', first: 0, count: counts.body },
    { file: leaves, bodyKind: 'leaf-table', first: counts.body, count: counts.leaves },
  ] as const;
  await showProgress(db, row, 0);
  for (const { file, bodyKind, first, count } of files) {
    const only = Array.from({ length: count }, (_, index) => index).filter(
      (index) => first + index >= row.nextPart,
    );
    for await (const part of splitFile(file, { only })) {
      signal.throwIfAborted();
      const partIndex = first + part.place.partIndex;
      await sendPart(tools, row, { part, partIndex, bodyKind });
      await showProgress(db, row, (100 * (partIndex + 1)) / (counts.body + counts.leaves));
    }
  }
  await finishSending(db, row, counts.body + counts.leaves);
}

async function countParts(
  row: SealedPackage,
  path: string,
): Promise<{ body: number; leaves: number }> {
  if (row.sizeBytes === null || row.segmentCount === null) {
    throw new SallyportError('ERR_LANE_SPOOL_READ', { detail: { path: path.length } });
  }
  const body = shapeOf(Number(row.sizeBytes)).partCount;
  return { body, leaves: shapeOf(row.segmentCount * 32).partCount };
}

async function sendPart(
  { db, site, signer, sender }: SendTools,
  row: SealedPackage,
  sent: {
    readonly part: FilePart;
    readonly partIndex: number;
    readonly bodyKind: 'package-part' | 'leaf-table';
  },
): Promise<void> {
  const { part, partIndex, bodyKind } = sent;
  const content: FrameContent = { kind: 'part', packageId: row.id, partIndex };
  const place = await placeInSequence(db, content, new Date());
  const frame = await makeFrame(
    {
      lane: 'export',
      senderId: site.siteId,
      epoch: place.epoch,
      seq: Number(place.seq),
      bodyKind,
      transfer: { packageId: row.id, ...part.place },
      at: place.at.toISOString(),
    },
    part.body,
    signer,
  );
  await sender.send(frame);
  await markFrameSent(db, place, new Date());
  await db.sealedPackage.update({ where: { id: row.id }, data: { nextPart: partIndex + 1 } });
}

async function finishSending(db: Database, row: SealedPackage, frameCount: number): Promise<void> {
  const now = new Date();
  await inTransaction(db, async (tx) => {
    await tx.sealedPackage.updateMany({
      where: { id: row.id, state: 'sealed' },
      data: { state: 'sent' },
    });
    // The receipt may have overtaken this: what it said about the package stays.
    await tx.sealedPackage.update({
      where: { id: row.id },
      data: { sentAt: now, partCount: frameCount, leaseUntil: null },
    });
    const sizeBytes = Number(row.sizeBytes);
    const event = { kind: 'transfer.sent', packageId: row.id, frameCount, sizeBytes } as const;
    await recordEvent(tx, { at: now, actor: SEND_ROLE, event });
    await tx.export.updateMany({
      where: { id: row.exportId, state: 'transferring', packageId: row.id },
      data: { progress: 'waiting', percent: 100, failure: null, updatedAt: now },
    });
    await publishStatus(tx, row.requestId, now);
  });
}

/**
 * Keeps a failed try: the lane's own faults are tried again for ever, at the worker's pace, and
 * shown meanwhile; the file's faults end it.
 */
export async function failSending(db: Database, row: SealedPackage, error: unknown): Promise<void> {
  const code = isSallyportError(error) ? error.code : 'ERR_INTERNAL';
  const now = new Date();
  await inTransaction(db, async (tx) => {
    const isNew = row.failure !== code;
    await tx.sealedPackage.update({
      where: { id: row.id },
      data: { failure: code, leaseUntil: null },
    });
    await tx.export.updateMany({
      where: { id: row.exportId, state: 'transferring', packageId: row.id },
      data: { progress: 'retrying', failure: code, updatedAt: now },
    });
    if (!isNew) return;
    await recordEvent(tx, {
      at: now,
      actor: SEND_ROLE,
      event: { kind: 'transfer.failed', packageId: row.id, failure: code },
    });
    await publishStatus(tx, row.requestId, now);
  });
}

async function showProgress(db: Database, row: SealedPackage, percent: number): Promise<void> {
  const now = new Date();
  await db.sealedPackage.updateMany({
    where: { id: row.id, state: 'sealed' },
    data: { leaseUntil: new Date(now.getTime() + 20_000) },
  });
  await db.export.updateMany({
    where: { id: row.exportId, state: 'transferring', packageId: row.id },
    data: { progress: 'running', percent: Math.floor(percent), updatedAt: now },
  });
}
