import Type, { type Static, type TProperties } from 'typebox';
import { strictObject } from './records/strict-object.ts';
import { Count, Id128, Serial, Sha256, UtcTime } from './scalars.ts';

const code = Type.String({ pattern: '^ERR_[A-Z0-9_]{1,60}$' });
const MigrationName = Type.String({ pattern: '^[0-9]{4}_[a-z0-9_]{1,60}$' });
const event = <K extends string, P extends TProperties>(kind: K, properties: P) =>
  strictObject({ kind: Type.Literal(kind), ...properties });

const ofRequest = { requestId: Id128 };
const ofExport = { requestId: Id128, exportId: Id128 };
const ofPackage = { packageId: Id128 };
const ofDevice = { deviceId: Id128, officerId: Id128 };

/**
 * Every business event of both zones. Ids, counts, versions and digests only: a leaf of the ledger
 * can never be erased, so nothing that names a person may stand here.
 */
export const LedgerEvent = Type.Union([
  event('trust.imported', { peerId: Id128, fingerprint: Sha256, witnessDigest: Sha256 }),
  event('trust.exported', { fingerprint: Sha256 }),
  /** By a person with `migrate`; a start that applies a migration names nobody and logs it. */
  event('database.migrated', {
    applied: Type.Array(MigrationName, { minItems: 1, maxItems: 100 }),
  }),
  event('account.created', { accountId: Id128 }),
  event('account.proposed', { accountId: Id128 }),
  event('account.activated', { accountId: Id128 }),
  event('account.locked', { accountId: Id128 }),
  event('account.unlocked', { accountId: Id128 }),
  event('account.disabled', { accountId: Id128 }),
  event('session.opened', { accountId: Id128 }),
  event('session.refused', { accountId: Id128, failure: code }),
  event('approver-key.confirmed', { accountId: Id128, certificateId: Sha256 }),
  event('officer.signed-up', { officerId: Id128 }),
  event('officer.confirmed', { officerId: Id128 }),
  event('officer.refused', { officerId: Id128 }),
  event('device.enrolment-received', ofDevice),
  event('device.confirmed', { ...ofDevice, signCertificateId: Sha256, agreeCertificateId: Sha256 }),
  event('device.refused', ofDevice),
  event('certificate.revoked', { serial: Serial }),
  event('tls-certificate.issued', { serial: Serial }),
  event('station.registered', { stationId: Id128 }),
  event('camera.registered', { cameraId: Id128, version: Count }),
  event('camera.changed', { cameraId: Id128, version: Count }),
  event('camera.removed', { cameraId: Id128, version: Count }),
  event('policy.changed', { version: Count }),
  event('export-request.submitted', ofRequest),
  event('export-request.admitted', ofRequest),
  event('export-request.refused', { ...ofRequest, failure: code }),
  event('export-request.rejected', ofRequest),
  event('approval.recorded', { ...ofRequest, approvalSha256: Sha256, scopeSha256: Sha256 }),
  event('footage.imported', {
    footageId: Id128,
    cameraId: Id128,
    sha256: Sha256,
    sizeBytes: Count,
  }),
  event('footage.refused', { cameraId: Id128, failure: code }),
  event('footage.destroyed', { footageId: Id128 }),
  event('export.planned', { ...ofExport, footageId: Id128, footageSha256: Sha256 }),
  event('tracks.detected', { ...ofExport, trackCount: Count, doubtCount: Count }),
  event('preview.viewed', ofExport),
  event('masks.edited', { ...ofExport, version: Count, planSha256: Sha256 }),
  event('masks.reviewed', { ...ofExport, version: Count, planSha256: Sha256 }),
  event('clip.rendered', { ...ofExport, clipSha256: Sha256, reportSha256: Sha256 }),
  event('release.recorded', { ...ofExport, approvalSha256: Sha256, scopeSha256: Sha256 }),
  event('export.step-failed', { ...ofExport, failure: code }),
  event('export.retried', ofExport),
  event('package.sealed', {
    ...ofExport,
    ...ofPackage,
    root: Sha256,
    supersedes: Type.Union([Id128, Type.Null()]),
  }),
  event('transfer.sent', { ...ofPackage, frameCount: Count, sizeBytes: Count }),
  event('transfer.failed', { ...ofPackage, failure: code }),
  event('transfer.receipt', { ...ofPackage, verdict: Type.Enum(['admitted', 'quarantined']) }),
  event('lane.gap', { lane: Type.Enum(['export', 'request']), fromSeq: Count, toSeq: Count }),
  event('lane.refused', { lane: Type.Enum(['export', 'request']), failure: code }),
  event('package.admitted', { ...ofPackage, root: Sha256 }),
  event('package.quarantined', { ...ofPackage, failure: code }),
  event('package.equivocation', { ...ofPackage, root: Sha256 }),
  event('licence.granted', { ...ofPackage, grantId: Id128, version: Count }),
  event('licence.issued', { ...ofPackage, ...ofDevice, licenceId: Id128 }),
  event('licence.refused', { ...ofPackage, officerId: Id128, failure: code }),
  event('segments.downloaded', {
    ...ofPackage,
    officerId: Id128,
    /** Known once the session has proved a device by a licence request. */
    deviceId: Type.Optional(Id128),
    firstSegment: Count,
    lastSegment: Count,
    sizeBytes: Count,
  }),
  event('download.refused', { ...ofPackage, officerId: Id128, failure: code }),
  event('playback.opened', { ...ofPackage, deviceId: Id128, licenceId: Id128 }),
  event('playback.ended', { ...ofPackage, deviceId: Id128, licenceId: Id128 }),
  event('destruction.key-destroyed', {
    ...ofPackage,
    reason: Type.Enum(['expired', 'revoked', 'superseded']),
  }),
  event('destruction.file-gone', {
    ...ofPackage,
    reason: Type.Enum(['expired', 'revoked', 'superseded']),
  }),
  event('destruction.receipt', { ...ofPackage, deviceId: Id128 }),
  event('checkpoint.witnessed', {
    origin: Id128,
    treeSize: Count,
    rootHash: Sha256,
    verdict: Type.Enum(['verified', 'unproven', 'forked']),
  }),
  event('ledger.read', { readerId: Id128, fromIndex: Count, toIndex: Count }),
  event('erasure.done', { digest: Sha256 }),
]);
export type LedgerEvent = Static<typeof LedgerEvent>;
export type LedgerEventKind = LedgerEvent['kind'];

/** Who acted. `digest` is a salted digest of a staff number; names and salts rest in an erasable table. */
export const LedgerActor = Type.Union([
  strictObject({ kind: Type.Literal('account'), id: Id128 }),
  strictObject({ kind: Type.Literal('officer'), id: Id128 }),
  strictObject({
    kind: Type.Literal('role'),
    name: Type.Enum(['api', 'media', 'seal', 'send', 'intake']),
  }),
  strictObject({ kind: Type.Literal('command'), digest: Sha256 }),
]);
export type LedgerActor = Static<typeof LedgerActor>;

/** One leaf of a zone's ledger; canonical JSON of this is the leaf's bytes. */
export const LedgerEntry = strictObject({
  entryId: Id128,
  zone: Type.Enum(['internal', 'dmz']),
  at: UtcTime,
  actor: LedgerActor,
  event: LedgerEvent,
});
export type LedgerEntry = Static<typeof LedgerEntry>;
