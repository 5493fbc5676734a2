import type { PortalLanes } from '@sallyport/contracts';
import { listGaps, parseSequenceState } from '@sallyport/lane';
import { parseWitnessState } from '@sallyport/ledger';
import type { Database } from '../store/database.ts';
import { findSite } from '../store/trust.ts';

/** Trust, both lanes and both ledgers on one page: what has arrived, what is missing, what is proven. */
export async function readLanes(db: Database): Promise<PortalLanes> {
  const site = await findSite(db);
  return {
    trust: {
      pinned: site !== null,
      certified: site?.gatewayCertificate != null && site.ledgerCertificate !== null,
      fingerprint: site?.fingerprint ?? null,
    },
    exportLane: await readExportLane(db),
    requestLane: await readRequestLane(db),
    internalLedger: await readInternalLedger(db, site?.siteId ?? null),
    ownLedger: await readOwnLedger(db),
  };
}

async function readExportLane(db: Database): Promise<PortalLanes['exportLane']> {
  const row = await db.laneReceiver.findUnique({ where: { lane: 'export' } });
  return {
    received: Number(row?.received ?? 0),
    refused: Number(row?.refused ?? 0),
    lastFrameAt: row?.lastFrameAt?.toISOString() ?? null,
    gaps: row?.state == null ? [] : listGaps(parseSequenceState(row.state)),
  };
}

async function readRequestLane(db: Database): Promise<PortalLanes['requestLane']> {
  const count = (states: string[]) => db.outbound.count({ where: { state: { in: states } } });
  const last = await db.outbound.findFirst({
    where: { state: 'sent' },
    orderBy: { sentAt: 'desc' },
  });
  return {
    queued: await count(['queued', 'placed']),
    sent: await count(['sent']),
    failed: await count(['failed']),
    lastSentAt: last?.sentAt?.toISOString() ?? null,
  };
}

async function readInternalLedger(
  db: Database,
  origin: string | null,
): Promise<PortalLanes['internalLedger']> {
  const row = origin === null ? null : await db.witnessedLedger.findUnique({ where: { origin } });
  if (row === null) return { verdict: 'unproven', treeSize: 0, rootHash: null, at: null };
  const head = parseWitnessState(row.state).heads.at(-1);
  return {
    verdict: row.verdict as PortalLanes['internalLedger']['verdict'], // written from that union
    treeSize: head?.treeSize ?? 0,
    rootHash: head?.rootHash ?? null,
    at: row.at.toISOString(),
  };
}

async function readOwnLedger(db: Database): Promise<PortalLanes['ownLedger']> {
  const last = await db.ownCheckpoint.findUnique({ where: { id: 1 } });
  const treeSize = await db.ledgerEvent.count({ where: { ledgerIndex: { not: null } } });
  return {
    treeSize,
    rootHash: last?.rootHash ?? null,
    lastCheckpointAt: last?.at.toISOString() ?? null,
  };
}
