import Type, { type Static } from 'typebox';
import { Base64url, Compact, Count, Id128, Sha256, UtcTime } from '../scalars.ts';
import { strictObject } from './strict-object.ts';

/** One device of the recipient: who may ask (signing) and who can open (agreement). */
export const RecipientDevice = strictObject({
  deviceId: Id128,
  signCertificateId: Sha256,
  agreeCertificateId: Sha256,
});
export type RecipientDevice = Static<typeof RecipientDevice>;

/** The licence share and its policy, for one package; a higher version replaces, `revoked` ends. */
export const LicenceGrant = strictObject({
  grantId: Id128,
  version: Count,
  status: Type.Enum(['active', 'revoked']),
  packageId: Id128,
  exportId: Id128,
  requestId: Id128,
  siteId: Id128,
  gatewayId: Id128,
  recipientOfficerId: Id128,
  devices: Type.Array(RecipientDevice, { minItems: 1, maxItems: 8 }),
  notBefore: UtcTime,
  notAfter: UtcTime,
  /** 0 = unlimited. */
  plays: Type.Integer({ minimum: 0, maximum: 100_000 }),
  offlineLease: Type.Boolean(),
  /** `file`: the share is handed over as a file at a closed site; reserved. */
  channel: Type.Enum(['gateway', 'file']),
  /** Epoch of the gateway agreement key; key id of the wrap is its decimal text. */
  epoch: Count,
  /** 32 bytes wrapped (purpose `licence-share`, context `packageId`); absent when revoked or `file`. */
  share: Type.Optional(Compact),
  at: UtcTime,
});
export type LicenceGrant = Static<typeof LicenceGrant>;

/** A device asks for the licence share, once per nonce. */
export const LicenceRequest = strictObject({
  packageId: Id128,
  deviceId: Id128,
  gatewayId: Id128,
  nonce: Base64url,
  at: UtcTime,
});
export type LicenceRequest = Static<typeof LicenceRequest>;

/** The gateway's answer: the share for that device only (purpose `licence`, context `packageId`, key id = agreement certificate id). */
export const Licence = strictObject({
  licenceId: Id128,
  packageId: Id128,
  deviceId: Id128,
  share: Compact,
  notAfter: UtcTime,
  /** After this play; null = unlimited. */
  playsLeft: Type.Union([Count, Type.Null()]),
  at: UtcTime,
});
export type Licence = Static<typeof Licence>;

/** Signed by the device: playback began or ended. */
export const PlaybackReceipt = strictObject({
  packageId: Id128,
  licenceId: Id128,
  deviceId: Id128,
  event: Type.Enum(['opened', 'ended']),
  at: UtcTime,
});
export type PlaybackReceipt = Static<typeof PlaybackReceipt>;

/** Signed by the device: the recipient destroyed every copy. */
export const DestructionReceipt = strictObject({ packageId: Id128, deviceId: Id128, at: UtcTime });
export type DestructionReceipt = Static<typeof DestructionReceipt>;

/** The gateway's two facts of destruction, each with its own time; never inferred from a date. */
export const DestructionReport = strictObject({
  packageId: Id128,
  reason: Type.Enum(['expired', 'revoked', 'superseded']),
  keyDestroyedAt: Type.Union([UtcTime, Type.Null()]),
  fileDestroyedAt: Type.Union([UtcTime, Type.Null()]),
  at: UtcTime,
});
export type DestructionReport = Static<typeof DestructionReport>;
