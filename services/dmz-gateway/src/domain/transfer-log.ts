import type {
  LedgerActor,
  LedgerEvent,
  LedgerEventKind,
  PortalTransferLogRow,
} from '@sallyport/contracts';

/** Acts on footage: arrivals, downloads, denials, key releases, destructions, and readings of this log. */
export const TRANSFER_EVENTS = [
  'export-request.submitted',
  'lane.gap',
  'lane.refused',
  'transfer.sent',
  'transfer.failed',
  'transfer.receipt',
  'package.admitted',
  'package.quarantined',
  'package.equivocation',
  'licence.granted',
  'licence.issued',
  'licence.refused',
  'segments.downloaded',
  'download.refused',
  'playback.opened',
  'playback.ended',
  'destruction.key-destroyed',
  'destruction.file-gone',
  'destruction.receipt',
  'checkpoint.witnessed',
  'ledger.read',
] as const satisfies readonly LedgerEventKind[];

/** One stored ledger event as a row of the transfer log. */
export function toTransferLogRow(stored: {
  readonly row: number;
  readonly at: Date;
  readonly actor: LedgerActor;
  readonly event: LedgerEvent;
  readonly officerId: string | null;
  readonly ledgerIndex: number | null;
}): PortalTransferLogRow {
  const { event, actor } = stored;
  const facts: Readonly<Record<string, unknown>> = event;
  return {
    row: stored.row,
    at: stored.at.toISOString(),
    event: event.kind,
    actorKind: actor.kind,
    actor: actorText(actor),
    requestId: text(facts['requestId']),
    packageId: text(facts['packageId']),
    officerId: stored.officerId,
    deviceId: text(facts['deviceId']),
    firstSegment: count(facts['firstSegment'] ?? facts['fromSeq'] ?? facts['fromIndex']),
    lastSegment: count(facts['lastSegment'] ?? facts['toSeq'] ?? facts['toIndex']),
    sizeBytes: count(facts['sizeBytes']),
    outcome: text(facts['failure'] ?? facts['verdict'] ?? facts['reason']),
    ledgerIndex: stored.ledgerIndex,
  };
}

/** Column heads of the CSV, in the order of {@link toCells}. */
export const TRANSFER_LOG_COLUMNS = [
  'row',
  'at',
  'event',
  'actor_kind',
  'actor',
  'request_id',
  'package_id',
  'officer_id',
  'device_id',
  'from',
  'to',
  'size_bytes',
  'outcome',
  'ledger_index',
] as const;

/** A row in the order of {@link TRANSFER_LOG_COLUMNS}. */
export function toCells(row: PortalTransferLogRow): readonly (string | number | null)[] {
  const { requestId, packageId, officerId, deviceId, firstSegment, lastSegment } = row;
  return [
    row.row,
    row.at,
    row.event,
    row.actorKind,
    row.actor,
    requestId,
    packageId,
    officerId,
    deviceId,
    firstSegment,
    lastSegment,
    row.sizeBytes,
    row.outcome,
    row.ledgerIndex,
  ];
}

function actorText(actor: LedgerActor): string {
  switch (actor.kind) {
    case 'account':
    case 'officer':
      return actor.id;
    case 'role':
      return actor.name;
    case 'command':
      return actor.digest;
  }
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const count = (value: unknown): number | null => (typeof value === 'number' ? value : null);
