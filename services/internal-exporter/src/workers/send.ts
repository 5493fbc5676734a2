import { isSallyportError, type RecordSigner } from '@sallyport/contracts';
import { SpoolSender, makeFrame } from '@sallyport/lane';
import { runLoop } from '@sallyport/runtime';
import type { OutboundRecord, SealedPackage } from '../generated/prisma/client.ts';
import { runExport } from '../pipeline/run-export.ts';
import { failSending, type SendTools } from '../pipeline/send-package.ts';
import type { RoleContext } from '../role-context.ts';
import type { Database } from '../store/database.ts';
import { openFilePlaces } from '../store/file-places.ts';
import { workerName } from '../store/jobs.ts';
import { markFrameSent, placeInSequence } from '../store/lane-sequence.ts';

const REST_MS = 500;
const LEASE_MS = 20_000;

/** Starts the send role: it alone writes to the export lane. */
export async function startSend(context: RoleContext): Promise<void> {
  const { config, db, site, keys, logger, lifecycle } = context;
  const signer: RecordSigner = {
    privateKey: await keys.openSigningKey('lane'),
    certificate: site.laneCertificate,
  };
  const tools: SendTools = {
    db,
    site,
    places: await openFilePlaces(config.dataDirectory),
    signer,
    sender: new SpoolSender(config.exportSpool),
    worker: workerName('send'),
  };
  const loop = runLoop({
    name: 'send',
    intervalMs: REST_MS,
    signal: lifecycle.signal,
    step: async (signal) => ((await sendStep(tools, signal)) ? 'again' : 'rest'),
    onError: (err, name, failures) => logger.error({ err, loop: name, failures }, 'sending failed'),
  });
  lifecycle.onStop('send', () => loop.stopped);
}

/** Sends the records that wait, then one package; false when nothing waited. Records never wait behind gigabytes. */
export async function sendStep(tools: SendTools, signal: AbortSignal): Promise<boolean> {
  const records = await tools.db.outboundRecord.findMany({
    where: { state: 'signed' },
    orderBy: { seq: 'asc' },
    take: 50,
  });
  for (const record of records) await sendRecord(tools, record);
  const row = await claimPackage(tools.db, tools.worker, new Date());
  if (row === null) return records.length > 0;
  try {
    await runExport.send(tools, row, signal);
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    await failSending(tools.db, row, error);
    if (!isSallyportError(error)) throw error;
    return false;
  }
}

async function sendRecord(
  { db, site, signer, sender }: SendTools,
  record: OutboundRecord,
): Promise<void> {
  const place = await placeInSequence(db, { kind: 'record', recordSeq: record.seq }, new Date());
  const frame = await makeFrame(
    {
      lane: 'export',
      senderId: site.siteId,
      epoch: place.epoch,
      seq: Number(place.seq),
      bodyKind: 'record',
      at: place.at.toISOString(),
    },
    new TextEncoder().encode(record.jws ?? ''),
    signer,
  );
  await sender.send(frame);
  const now = new Date();
  await markFrameSent(db, place, now);
  await db.outboundRecord.update({
    where: { seq: record.seq },
    data: { state: 'sent', sentAt: now },
  });
}

/** Takes the oldest package that waits for the lane; one that failed waits out its rest. */
async function claimPackage(
  db: Database,
  worker: string,
  now: Date,
): Promise<SealedPackage | null> {
  const row = await db.sealedPackage.findFirst({
    where: { state: 'sealed', OR: [{ leaseUntil: null }, { leaseUntil: { lt: now } }] },
    orderBy: { createdAt: 'asc' },
  });
  if (row === null) return null;
  const { count } = await db.sealedPackage.updateMany({
    where: { id: row.id, state: 'sealed', leaseUntil: row.leaseUntil },
    data: { claimedBy: worker, leaseUntil: new Date(now.getTime() + LEASE_MS) },
  });
  return count === 0 ? null : db.sealedPackage.findUnique({ where: { id: row.id } });
}
