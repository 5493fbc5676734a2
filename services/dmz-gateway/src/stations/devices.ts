import {
  PublicJwk,
  SallyportError,
  parse,
  verifySelfSigned,
  type PortalDevice,
  type PortalDevices,
} from '@sallyport/contracts';
import { deviceFingerprint, deviceState } from '../domain/device-state.ts';
import { assertFresh } from '../domain/request-rules.ts';
import type { FieldKeys } from '../keys/gateway-keys.ts';
import type { Database } from '../store/database.ts';
import { queueSigned } from '../store/outbound.ts';
import { recordEvent } from '../store/ledger-events.ts';
import { getSite } from '../store/trust.ts';

/** Devices of one officer that may be on their way or in use at once. */
const MOST_DEVICES = 8;
const ENROLMENT_MAX_AGE_MS = 10 * 60_000;

type Row = NonNullable<Awaited<ReturnType<Database['device']['findUnique']>>>;

/**
 * Takes an enrolment: signed by the very key it announces, for this officer and site, just made.
 *
 * @throws SallyportError ERR_RECORD_*, ERR_KEY_INVALID, ERR_DEVICE_FOREIGN, ERR_DEVICE_EXISTS, ERR_DEVICE_LIMIT
 */
export async function enrolDevice(
  db: Database,
  fields: FieldKeys,
  caller: { readonly officerId: string; readonly jws: string },
  now: Date,
): Promise<PortalDevice> {
  const { payload, publicKey } = await verifySelfSigned('device-enrolment', caller.jws);
  const { deviceId, officerId, signingKey, agreementKey } = payload;
  if (publicKey.x !== signingKey.x || publicKey.y !== signingKey.y) {
    throw new SallyportError('ERR_RECORD_SIGNATURE');
  }
  if (signingKey.x === agreementKey.x) throw new SallyportError('ERR_KEY_INVALID');
  if (officerId !== caller.officerId) throw new SallyportError('ERR_DEVICE_FOREIGN');
  if (payload.siteId !== (await getSite(db)).siteId)
    throw new SallyportError('ERR_RECORD_AUDIENCE');
  assertFresh(payload.at, now, ENROLMENT_MAX_AGE_MS);
  if (payload.expiresAt <= now.toISOString()) throw new SallyportError('ERR_RECORD_EXPIRED');
  await assertRoom(db, deviceId, officerId);
  const fingerprint = await deviceFingerprint(signingKey, agreementKey);
  const row = await db.$transaction(async (tx) => {
    const labelEncrypted = fields.cipher.encrypt(payload.label, labelPlace(deviceId));
    const created = await tx.device.create({
      data: {
        id: deviceId,
        officerId,
        labelEncrypted,
        signingKey,
        agreementKey,
        fingerprint,
        state: 'submitted',
        createdAt: now,
      },
    });
    await queueSigned(tx, 'device-enrolment', caller.jws, { now, cipher: fields.outbound });
    await recordEvent(tx, {
      at: now,
      actor: { kind: 'officer', id: officerId },
      event: { kind: 'device.enrolment-received', deviceId, officerId },
    });
    return created;
  });
  return toPortalDevice(db, fields, row);
}

/**
 * Takes the answer to a challenge, signed by the device's own signing key, and passes it on.
 *
 * @throws SallyportError ERR_DEVICE_UNKNOWN, ERR_DEVICE_STATE, ERR_DEVICE_FOREIGN, ERR_RECORD_*
 */
export async function proveDevice(
  db: Database,
  fields: FieldKeys,
  caller: { readonly officerId: string; readonly deviceId: string; readonly jws: string },
  now: Date,
): Promise<PortalDevice> {
  const device = await db.device.findUnique({ where: { id: caller.deviceId } });
  if (device === null || device.officerId !== caller.officerId) {
    throw new SallyportError('ERR_DEVICE_UNKNOWN');
  }
  const { payload, publicKey } = await verifySelfSigned('enrolment-proof', caller.jws);
  const known = parse(PublicJwk, device.signingKey);
  const isOwn = publicKey.x === known.x && publicKey.y === known.y;
  if (!isOwn || payload.deviceId !== device.id) throw new SallyportError('ERR_DEVICE_FOREIGN');
  await db.$transaction(async (tx) => {
    const { count } = await tx.device.updateMany({
      where: { id: device.id, state: { in: ['challenged', 'proved'] } },
      data: { state: 'proved', challenge: null },
    });
    if (count !== 1)
      throw new SallyportError('ERR_DEVICE_STATE', { detail: { state: device.state } });
    await queueSigned(tx, 'enrolment-proof', caller.jws, { now });
  });
  return toPortalDevice(db, fields, { ...device, state: 'proved', challenge: null });
}

/** An officer's own devices, newest first. */
export async function listDevices(
  db: Database,
  fields: FieldKeys,
  officerId: string,
): Promise<PortalDevices> {
  const rows = await db.device.findMany({ where: { officerId }, orderBy: { createdAt: 'desc' } });
  return { devices: await Promise.all(rows.map((row) => toPortalDevice(db, fields, row))) };
}

async function assertRoom(db: Database, id: string, officerId: string): Promise<void> {
  if ((await db.device.findUnique({ where: { id } })) !== null) {
    throw new SallyportError('ERR_DEVICE_EXISTS');
  }
  const count = await db.device.count({ where: { officerId, state: { not: 'refused' } } });
  if (count >= MOST_DEVICES)
    throw new SallyportError('ERR_DEVICE_LIMIT', { detail: { limit: MOST_DEVICES } });
}

async function toPortalDevice(db: Database, fields: FieldKeys, row: Row): Promise<PortalDevice> {
  const certificates = await db.certificate.findMany({
    where: { subjectId: row.id, removedAt: null },
    orderBy: { notAfter: 'asc' },
  });
  const revoked = await db.revocation.findMany({
    where: { serial: { in: certificates.map(({ serial }) => serial) } },
  });
  const revokedSerials = new Set(revoked.map(({ serial }) => serial));
  const stored = row.state as Parameters<typeof deviceState>[0]; // written by this service
  const state = deviceState(
    stored,
    certificates.map(({ role, serial }) => ({ role, revoked: revokedSerials.has(serial) })),
  );
  const derOf = (role: string) => certificates.findLast((each) => each.role === role)?.der ?? null;
  return {
    deviceId: row.id,
    label: fields.cipher.decrypt(row.labelEncrypted, labelPlace(row.id)),
    state,
    fingerprint: row.fingerprint,
    challenge: state === 'challenged' ? row.challenge : null,
    signCertificate: derOf('device-sign'),
    agreeCertificate: derOf('device-agree'),
    createdAt: row.createdAt.toISOString(),
  };
}

const labelPlace = (rowId: string) => ({ table: 'device', column: 'label', rowId });
