import { createHash, randomBytes } from 'node:crypto';
import {
  canonicalBytes,
  parse,
  PublicJwk,
  SallyportError,
  sha256Hex,
  wrapFor,
  type ConsoleEnrolment,
  type RecordPayload,
  type RevocationBody,
} from '@sallyport/contracts';
import { assertFingerprint, toFingerprint } from '../domain/fingerprint.ts';
import { byAccount } from '../store/actors.ts';
import {
  inTransaction,
  toJson,
  type Database,
  type Prisma,
  type Transaction,
} from '../store/database.ts';
import { recordEvent } from '../store/ledger-outbox.ts';
import { queueRecord } from '../store/outbound.ts';
import type { PersonalFields } from '../store/personal-fields.ts';
import { orderCertificate, revokeCertificatesOf } from './certificates.ts';
import { officerPersonal } from './officers.ts';

const WITH_OFFICER = { officer: { include: { station: true } } } as const;
type DeviceRow = Prisma.DeviceGetPayload<{ include: typeof WITH_OFFICER }>;

/**
 * A device announced its two public keys under its own signature: keeps it and sends a challenge
 * that only the agreement key opens. The same enrolment again changes nothing.
 *
 * @throws SallyportError ERR_RECORD_AUDIENCE, ERR_RECORD_EXPIRED, ERR_OFFICER_UNKNOWN, ERR_RECORD_STALE
 */
export async function receiveEnrolment(
  tx: Transaction,
  fields: PersonalFields,
  enrolment: RecordPayload<'device-enrolment'>,
  facts: { readonly signedBy: PublicJwk; readonly recordSha256: string; readonly siteId: string },
  now: Date,
): Promise<void> {
  const { deviceId, officerId, signingKey, agreementKey } = enrolment;
  if (enrolment.siteId !== facts.siteId) throw new SallyportError('ERR_RECORD_AUDIENCE');
  if (new Date(enrolment.expiresAt) <= now) throw new SallyportError('ERR_RECORD_EXPIRED');
  if (facts.signedBy.x !== signingKey.x || facts.signedBy.y !== signingKey.y) {
    throw new SallyportError('ERR_RECORD_SIGNATURE', { detail: { member: 'signingKey' } });
  }
  if (signingKey.x === agreementKey.x)
    throw new SallyportError('ERR_KEY_INVALID', { detail: { member: 'agreementKey' } });
  const known = await tx.device.findUnique({ where: { id: deviceId } });
  if (known !== null) {
    if (known.enrolmentSha256 === facts.recordSha256) return;
    throw new SallyportError('ERR_RECORD_STALE', { detail: { deviceId } });
  }
  if ((await tx.officer.findUnique({ where: { id: officerId } })) === null) {
    throw new SallyportError('ERR_OFFICER_UNKNOWN', { detail: { officerId } });
  }
  const challenge = randomBytes(32);
  await tx.device.create({
    data: {
      id: deviceId,
      officerId,
      labelEncrypted: fields.encrypt(enrolment.label, placeOf(deviceId)),
      signingJwk: toJson(signingKey),
      agreementJwk: toJson(agreementKey),
      fingerprint: toFingerprint(await sha256Hex(canonicalBytes({ signingKey, agreementKey }))),
      enrolmentSha256: facts.recordSha256,
      challengeSha256: createHash('sha256').update(challenge).digest('hex'),
      state: 'challenged',
      receivedAt: now,
      expiresAt: new Date(enrolment.expiresAt),
    },
  });
  const sealed = await wrapFor(agreementKey, challenge, {
    purpose: 'enrolment-challenge',
    context: deviceId,
    keyId: deviceId,
  });
  const answer = { deviceId, challenge: sealed, at: now.toISOString() };
  await queueRecord(tx, 'enrolment-challenge', answer, {
    at: now,
    dedupeKey: `enrolment-challenge:${deviceId}`,
  });
  const event = { kind: 'device.enrolment-received', deviceId, officerId } as const;
  await recordEvent(tx, { at: now, actor: { kind: 'officer', id: officerId }, event });
}

/**
 * The device opened the challenge: it holds both private keys. An operator may now compare.
 *
 * @throws SallyportError ERR_DEVICE_UNKNOWN, ERR_RECORD_SIGNATURE, ERR_DEVICE_PROOF, ERR_RECORD_EXPIRED
 */
export async function receiveProof(
  tx: Transaction,
  proof: RecordPayload<'enrolment-proof'>,
  signedBy: PublicJwk,
  now: Date,
): Promise<void> {
  const device = await getDevice(tx, proof.deviceId);
  const key = parse(PublicJwk, device.signingJwk, 'ERR_KEY_INVALID');
  if (key.x !== signedBy.x || key.y !== signedBy.y)
    throw new SallyportError('ERR_RECORD_SIGNATURE');
  if (device.state !== 'challenged') return;
  if (device.expiresAt <= now) throw new SallyportError('ERR_RECORD_EXPIRED');
  if (device.challengeSha256 !== proof.challengeSha256)
    throw new SallyportError('ERR_DEVICE_PROOF');
  await tx.device.updateMany({
    where: { id: device.id, state: 'challenged' },
    data: { state: 'proved' },
  });
}

/**
 * An operator compared the fingerprint with the officer, over another channel, and confirms: both
 * certificates are ordered.
 *
 * @throws SallyportError ERR_DEVICE_UNKNOWN, ERR_DEVICE_STATE, ERR_FINGERPRINT_MISMATCH, ERR_OFFICER_STATE
 */
export function confirmDevice(
  db: Database,
  deviceId: string,
  fingerprint: string,
  byId: string,
  now: Date,
): Promise<void> {
  return inTransaction(db, async (tx) => {
    const device = await getDevice(tx, deviceId);
    assertFingerprint(fingerprint, device.fingerprint);
    if (device.officer.state !== 'confirmed') {
      throw new SallyportError('ERR_OFFICER_STATE', { detail: { state: device.officer.state } });
    }
    const data = { state: 'confirmed', decidedAt: now, decidedById: byId };
    const { count } = await tx.device.updateMany({
      where: { id: deviceId, state: 'proved' },
      data,
    });
    if (count === 0)
      throw new SallyportError('ERR_DEVICE_STATE', { detail: { state: device.state } });
    const holder = { subjectId: deviceId, ownerId: device.officerId, orderedById: byId };
    const signingKey = parse(PublicJwk, device.signingJwk, 'ERR_KEY_INVALID');
    const agreementKey = parse(PublicJwk, device.agreementJwk, 'ERR_KEY_INVALID');
    await orderCertificate(tx, { ...holder, role: 'device-sign', publicKey: signingKey }, now);
    await orderCertificate(tx, { ...holder, role: 'device-agree', publicKey: agreementKey }, now);
  });
}

/** Refuses an enrolment and tells the device. @throws SallyportError ERR_DEVICE_UNKNOWN, ERR_DEVICE_STATE */
export function refuseDevice(
  db: Database,
  deviceId: string,
  byId: string,
  now: Date,
): Promise<void> {
  return inTransaction(db, async (tx) => {
    const { officerId, state } = await getDevice(tx, deviceId);
    const { count } = await tx.device.updateMany({
      where: { id: deviceId, state: { in: ['challenged', 'proved'] } },
      data: { state: 'refused', decidedAt: now, decidedById: byId },
    });
    if (count === 0) throw new SallyportError('ERR_DEVICE_STATE', { detail: { state } });
    const outcome = { deviceId, outcome: 'refused', at: now.toISOString() } as const;
    await queueRecord(tx, 'enrolment-outcome', outcome, {
      at: now,
      dedupeKey: `enrolment-outcome:${deviceId}`,
    });
    await recordEvent(tx, {
      at: now,
      actor: byAccount(byId),
      event: { kind: 'device.refused', deviceId, officerId },
    });
  });
}

/**
 * A lost or misused device: its certificates are revoked outward, open orders dropped.
 *
 * @throws SallyportError ERR_DEVICE_UNKNOWN, ERR_DEVICE_STATE
 */
export function revokeDevice(
  db: Database,
  deviceId: string,
  reason: RevocationBody['reason'],
  byId: string,
  now: Date,
): Promise<void> {
  return inTransaction(db, async (tx) => {
    const { state } = await getDevice(tx, deviceId);
    const { count } = await tx.device.updateMany({
      where: { id: deviceId, state: 'confirmed' },
      data: { state: 'revoked' },
    });
    if (count === 0) throw new SallyportError('ERR_DEVICE_STATE', { detail: { state } });
    await tx.certificateOrder.deleteMany({ where: { subjectId: deviceId, issuedAt: null } });
    const holder = { subjectId: deviceId, role: { in: ['device-sign', 'device-agree'] } };
    await revokeCertificatesOf(tx, holder, { reason, actor: byAccount(byId), now });
  });
}

export async function listEnrolments(
  db: Database,
  fields: PersonalFields,
): Promise<readonly ConsoleEnrolment[]> {
  const rows = await db.device.findMany({ include: WITH_OFFICER, orderBy: { receivedAt: 'desc' } });
  return rows.map((row) => toConsoleEnrolment(fields, row));
}

async function getDevice(tx: Transaction, deviceId: string): Promise<DeviceRow> {
  const row = await tx.device.findUnique({ where: { id: deviceId }, include: WITH_OFFICER });
  if (row === null) throw new SallyportError('ERR_DEVICE_UNKNOWN', { detail: { deviceId } });
  return row;
}

function toConsoleEnrolment(fields: PersonalFields, row: DeviceRow): ConsoleEnrolment {
  return {
    deviceId: row.id,
    officerId: row.officerId,
    officerName: officerPersonal(fields, row.officer).name,
    stationName: row.officer.station.name,
    label: fields.decrypt(row.labelEncrypted, placeOf(row.id)),
    fingerprint: row.fingerprint,
    state: row.state as ConsoleEnrolment['state'], // written by this file only
    receivedAt: row.receivedAt.toISOString(),
    decidedAt: row.decidedAt?.toISOString() ?? null,
    certified: row.signCertificateId !== null && row.agreeCertificateId !== null,
  };
}

function placeOf(deviceId: string) {
  return { table: 'Device', column: 'labelEncrypted', rowId: deviceId };
}
