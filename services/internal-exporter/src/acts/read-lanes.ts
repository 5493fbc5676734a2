import type { ConsoleLanes } from '@sallyport/contracts';
import { listGaps, parseSequenceState } from '@sallyport/lane';
import type { Database } from '../store/database.ts';

/** Both lanes as this zone knows them: what was sent (which is not received), what is missing. */
export async function readLanes(db: Database): Promise<ConsoleLanes> {
  return {
    exportLane: await readExportLane(db),
    requestLane: await readRequestLane(db),
  };
}

async function readExportLane(db: Database): Promise<ConsoleLanes['exportLane']> {
  const last = await db.laneFrameOut.findFirst({
    where: { sentAt: { not: null } },
    orderBy: { sentAt: 'desc' },
  });
  return {
    queued:
      (await db.outboundRecord.count({ where: { state: { in: ['queued', 'signed'] } } })) +
      (await db.sealedPackage.count({ where: { state: 'sealed' } })),
    sent: await db.laneFrameOut.count({ where: { sentAt: { not: null } } }),
    failed: await db.outboundRecord.count({ where: { state: 'failed' } }),
    lastSentAt: last?.sentAt?.toISOString() ?? null,
  };
}

async function readRequestLane(db: Database): Promise<ConsoleLanes['requestLane']> {
  const senders = await db.laneInbound.findMany({ orderBy: { at: 'desc' } });
  return {
    received: await db.inboundRecord.count(),
    refused: await db.ledgerOutbox.count({ where: { kind: 'lane.refused' } }),
    lastFrameAt: senders[0]?.at.toISOString() ?? null,
    gaps: senders.flatMap(({ state }) => listGaps(parseSequenceState(state))),
  };
}
