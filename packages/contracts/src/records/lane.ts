import Type, { type Static } from 'typebox';
import { Count, Id128, Sha256, UtcTime } from '../scalars.ts';
import { strictObject } from './strict-object.ts';

export const LANES = ['export', 'request'] as const;
export type LaneName = (typeof LANES)[number];

/** Signed header of one lane frame; the body follows it in the file. */
export const LaneFrameHeader = strictObject({
  lane: Type.Enum([...LANES]),
  senderId: Id128,
  /** Rises when a sender's sequence starts anew (a restored host). */
  epoch: Count,
  seq: Count,
  bodyKind: Type.Enum(['record', 'package-part', 'leaf-table']),
  bodySha256: Sha256,
  bodySizeBytes: Count,
  /** Set for parts of a package file and for its leaf table. */
  transfer: Type.Optional(
    strictObject({ packageId: Id128, partIndex: Count, partCount: Count, totalSizeBytes: Count }),
  ),
  at: UtcTime,
});
export type LaneFrameHeader = Static<typeof LaneFrameHeader>;

/** What the gateway found when a package was whole. */
export const TransferReceipt = strictObject({
  packageId: Id128,
  verdict: Type.Enum(['admitted', 'quarantined']),
  failure: Type.Optional(Type.String({ pattern: '^ERR_[A-Z0-9_]{1,60}$' })),
  root: Sha256,
  sizeBytes: Count,
  segmentCount: Count,
  at: UtcTime,
});
export type TransferReceipt = Static<typeof TransferReceipt>;

/** A ledger's signed head with consistency proofs from earlier heads. */
export const CheckpointRecord = strictObject({
  /** Site id or gateway id. */
  origin: Id128,
  zone: Type.Enum(['internal', 'dmz']),
  treeSize: Count,
  rootHash: Sha256,
  consistency: Type.Array(
    strictObject({ fromSize: Count, proof: Type.Array(Sha256, { maxItems: 128 }) }),
    { maxItems: 16 },
  ),
  at: UtcTime,
});
export type CheckpointRecord = Static<typeof CheckpointRecord>;
