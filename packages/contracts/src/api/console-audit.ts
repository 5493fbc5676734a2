import Type, { type Static } from 'typebox';
import { LedgerEntry } from '../events.ts';
import { strictObject } from '../records/strict-object.ts';
import { Count, Id128, Line, Sha256, UtcTime } from '../scalars.ts';
import { LaneGap } from './lane-gap.ts';
import { orNull, pageOf, PageQuery } from './paging.ts';

/** An entry with the place it has in the ledger; null until the ledger's writer has appended it. */
export const ConsoleLedgerEntry = strictObject({
  index: orNull(Count),
  entry: LedgerEntry,
  /** Name of the actor, where it was not erased under retention. */
  actorName: orNull(Line(80)),
});
export type ConsoleLedgerEntry = Static<typeof ConsoleLedgerEntry>;
export const ConsoleLedgerEntries = pageOf(ConsoleLedgerEntry);
export type ConsoleLedgerEntries = Static<typeof ConsoleLedgerEntries>;
export const LedgerQuery = PageQuery;

const Head = strictObject({ treeSize: Count, rootHash: Sha256, at: UtcTime });
/** The newest head of this zone, and what this zone knows of the other's. */
export const ConsoleCheckpoint = strictObject({
  own: orNull(
    strictObject({ ...Head.properties, jws: orNull(Type.String({ maxLength: 196_608 })) }),
  ),
  /** `unproven`: heard of, but no consistency proof joins it to an earlier head. */
  peer: orNull(
    strictObject({
      ...Head.properties,
      origin: Id128,
      verdict: Type.Enum(['verified', 'unproven', 'forked']),
    }),
  ),
});
export type ConsoleCheckpoint = Static<typeof ConsoleCheckpoint>;

/** One package, what was done on this side beside what the other side reported. Null: not reported. */
export const TransferLogEntry = strictObject({
  packageId: Id128,
  exportId: Id128,
  requestId: Id128,
  receiptNumber: orNull(Line(24)),
  recipientName: orNull(Line(60)),
  sealedAt: orNull(UtcTime),
  sentAt: orNull(UtcTime),
  /** From the gateway's signed receipt, never from the carrier. */
  receivedAt: orNull(UtcTime),
  verdict: orNull(Type.Enum(['admitted', 'quarantined'])),
  failure: orNull(Line(64)),
  /** Key releases, downloads and denials stand in the DMZ's ledger; here is what devices reported inside. */
  licenceGrantedAt: orNull(UtcTime),
  openedCount: Count,
  lastOpenedAt: orNull(UtcTime),
  keyDestroyedAt: orNull(UtcTime),
  fileGoneAt: orNull(UtcTime),
  recipientReceiptAt: orNull(UtcTime),
});
export type TransferLogEntry = Static<typeof TransferLogEntry>;
export const ConsoleTransferLog = pageOf(TransferLogEntry);
export type ConsoleTransferLog = Static<typeof ConsoleTransferLog>;

/** Both lanes as the inside knows them. */
export const ConsoleLanes = strictObject({
  /** `sent` is not "received": only the gateway's receipts say that. */
  exportLane: strictObject({
    queued: Count,
    sent: Count,
    failed: Count,
    lastSentAt: orNull(UtcTime),
  }),
  requestLane: strictObject({
    received: Count,
    refused: Count,
    lastFrameAt: orNull(UtcTime),
    gaps: Type.Array(LaneGap),
  }),
});
export type ConsoleLanes = Static<typeof ConsoleLanes>;
