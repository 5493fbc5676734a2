import type { RecordSigner } from '@sallyport/contracts';
import type { LedgerWriter } from '@sallyport/ledger';
import type { Database } from '../store/database.ts';
import { toLedgerEntry } from '../store/ledger-events.ts';
import { queueRecord, queueSigned } from '../store/outbound.ts';

const BATCH = 500;
/** A head is signed again after this whatever happened, so that silence and loss differ. */
const HEARTBEAT_MS = 3600 * 1000;
const SHORTEST_INTERVAL_MS = 2_000;

/** Carries stored events into the log, in order. Answers how many. */
export async function drainLedger(db: Database, ledger: LedgerWriter): Promise<number> {
  const rows = await db.ledgerEvent.findMany({
    where: { ledgerIndex: null },
    orderBy: { row: 'asc' },
    take: BATCH,
  });
  if (rows.length === 0) return 0;
  const appended = await ledger.appendEntries(rows.map(toLedgerEntry));
  for (const { entryId, index } of appended) {
    await db.ledgerEvent.update({ where: { entryId }, data: { ledgerIndex: BigInt(index) } });
  }
  return rows.length;
}

/**
 * Signs the head when the log has grown (or a day has passed) and puts it on the request lane.
 * Nothing happens until the ledger certificate is here.
 */
export async function publishCheckpoint(
  db: Database,
  ledger: LedgerWriter,
  signer: RecordSigner | null,
  now: Date,
): Promise<boolean> {
  if (signer === null || ledger.size === 0) return false;
  const last = await db.ownCheckpoint.findUnique({ where: { id: 1 } });
  if (last !== null && !(await isDue(db, last, now))) return false;
  const { jws, record } = await ledger.signCheckpoint({ signer, now });
  const data = { treeSize: BigInt(record.treeSize), rootHash: record.rootHash, at: now };
  await db.$transaction(async (tx) => {
    await queueSigned(tx, 'checkpoint', jws, { now });
    await tx.ownCheckpoint.upsert({ where: { id: 1 }, create: { id: 1, ...data }, update: data });
  });
  return true;
}

/** Having witnessed the other zone's head is no reason: two zones would answer each other for ever. */
async function isDue(
  db: Database,
  last: { readonly treeSize: bigint; readonly at: Date },
  now: Date,
): Promise<boolean> {
  const age = now.getTime() - last.at.getTime();
  if (age < SHORTEST_INTERVAL_MS) return false;
  if (age >= HEARTBEAT_MS) return true;
  const grown = await db.ledgerEvent.count({
    where: { ledgerIndex: { gte: last.treeSize }, kind: { not: 'checkpoint.witnessed' } },
  });
  return grown > 0;
}

/** Announces every agreement key once. */
export async function announceAgreementKeys(
  db: Database,
  gatewayId: string,
  now: Date,
): Promise<void> {
  const rows = await db.agreementEpoch.findMany({ where: { announced: false, destroyedAt: null } });
  for (const { epoch, jwk, notAfter } of rows) {
    const key = {
      epoch,
      jwk: jwk as { crv: 'P-256'; kty: 'EC'; x: string; y: string },
      notAfter: notAfter.toISOString(),
    };
    await db.$transaction(async (tx) => {
      await queueRecord(
        tx,
        'gateway-agreement-key',
        { gatewayId, key, at: now.toISOString() },
        {
          dedupeKey: `gateway-agreement-key:${epoch}`,
          now,
        },
      );
      await tx.agreementEpoch.update({ where: { epoch }, data: { announced: true } });
    });
  }
}
