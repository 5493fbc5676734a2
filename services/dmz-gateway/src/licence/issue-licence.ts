// A licence share leaves the DMZ in one way only:
//
//   licence-request (signed, fresh nonce) ─► device certified, unrevoked, the recipient's ─► period, plays
//     ─► one play taken ─► share unwrapped with the epoch's key ─► wrapped to that device ─► signed licence
//
import { randomBytes } from 'node:crypto';
import {
  SallyportError,
  inspectCertificate,
  isSallyportError,
  signRecord,
  unwrapWith,
  verifyCertificate,
  verifyRecord,
  wrapFor,
  type Licence,
  type RecipientDevice,
  type RecordSigner,
  type TrustAnchor,
} from '@sallyport/contracts';
import { assertLicensable, playsLeft } from '../domain/licence-rules.ts';
import { assertOwnDevice } from '../domain/request-rules.ts';
import type { AgreementKeyRing } from '../keys/agreement-keys.ts';
import { findGrant } from '../stations/packages.ts';
import type { Database, Transaction } from '../store/database.ts';
import { recordEvent } from '../store/ledger-events.ts';
import { readShare } from '../store/shares.ts';
import { getAnchor } from '../store/trust.ts';
import { spendNonce } from './nonces.ts';

export interface LicenceOptions {
  readonly db: Database;
  readonly sharesRoot: string;
  readonly keyRing: AgreementKeyRing;
  readonly gatewayId: string;
  /** Null until the gateway's certificate is here. */
  readonly signer: RecordSigner | null;
}

export interface LicenceCaller {
  readonly officerId: string;
  readonly sessionId: string;
  readonly packageId: string;
  readonly jws: string;
}

/**
 * Issues one licence, or refuses; both are ledger entries.
 *
 * @throws SallyportError ERR_RECORD_*, ERR_CERTIFICATE_*, ERR_DEVICE_FOREIGN, ERR_LICENCE_*,
 * ERR_PACKAGE_*, ERR_GATEWAY_NOT_TRUSTED
 */
export async function issueLicence(
  options: LicenceOptions,
  caller: LicenceCaller,
  now: Date,
): Promise<string> {
  try {
    return await issue(options, caller, now);
  } catch (error) {
    if (isSallyportError(error)) await recordRefusal(options.db, caller, error, now);
    throw error;
  }
}

async function issue(options: LicenceOptions, caller: LicenceCaller, now: Date): Promise<string> {
  const { db, signer } = options;
  if (signer === null) throw new SallyportError('ERR_GATEWAY_NOT_TRUSTED');
  const trust = await getAnchor(db);
  const { deviceId, signCertificateId } = await openRequest(options, caller, trust, now);
  const asks = { officerId: caller.officerId, deviceId, signCertificateId };
  return db.$transaction(
    async (tx) => {
      const row = await tx.package.findUnique({ where: { id: caller.packageId } });
      if (row === null || row.recipientOfficerId !== caller.officerId) {
        throw new SallyportError('ERR_PACKAGE_UNKNOWN');
      }
      const grant = await findGrant(tx, caller.packageId);
      if (row.state === 'quarantined') throw new SallyportError('ERR_PACKAGE_QUARANTINED');
      if (grant === null) throw new SallyportError('ERR_LICENCE_NONE');
      if (row.receiptAt !== null) throw new SallyportError('ERR_LICENCE_DESTROYED');
      const device = assertLicensable(grant, asks, now);
      if (row.state !== 'available') throw new SallyportError('ERR_PACKAGE_GONE');
      await takePlay(tx, grant.grantId);
      const left = playsLeft(await findGrantOrThrow(tx, caller.packageId));
      const share = await rewrapShare(options, tx, { ...grant, ...caller, device, trust }, now);
      const licence: Licence = {
        licenceId: randomBytes(16).toString('hex'),
        packageId: caller.packageId,
        deviceId,
        share,
        notAfter: grant.notAfter.toISOString(),
        playsLeft: left,
        at: now.toISOString(),
      };
      await recordIssue(tx, licence, caller, now);
      return signRecord('licence', licence, signer);
    },
    { timeout: 20_000, maxWait: 10_000 },
  );
}

/** Signature first, then whose it is, then the nonce: a stranger's text spends nothing. */
async function openRequest(
  { db, gatewayId }: LicenceOptions,
  caller: LicenceCaller,
  trust: TrustAnchor,
  now: Date,
): Promise<{ deviceId: string; signCertificateId: string }> {
  const options = { trust, roles: ['device-sign'] as const, now };
  const { payload, signer } = await verifyRecord('licence-request', caller.jws, options);
  assertOwnDevice(payload, signer, caller.officerId);
  if (payload.gatewayId !== gatewayId) throw new SallyportError('ERR_RECORD_AUDIENCE');
  const { deviceId, packageId, nonce } = payload;
  if (packageId !== caller.packageId) throw new SallyportError('ERR_LICENCE_NONCE');
  await spendNonce(db, nonce, { packageId, deviceId, officerId: caller.officerId }, now);
  const row = await db.certificate.findUnique({ where: { serial: signer.serial } });
  if (row === null || row.removedAt !== null) throw new SallyportError('ERR_CERTIFICATE_UNKNOWN');
  return { deviceId, signCertificateId: row.id };
}

/** Takes one play in the database itself: two calls at once cannot both take the last. */
async function takePlay(tx: Transaction, grantId: string): Promise<void> {
  const taken = await tx.$executeRaw`
    UPDATE licence_grant SET "playsUsed" = "playsUsed" + 1
    WHERE id = ${grantId} AND (plays = 0 OR "playsUsed" < plays) AND "keyDestroyedAt" IS NULL`;
  if (taken !== 1) throw new SallyportError('ERR_LICENCE_USED_UP');
}

async function rewrapShare(
  { keyRing, sharesRoot }: LicenceOptions,
  tx: Transaction,
  grant: {
    readonly grantId: string;
    readonly epoch: number;
    readonly packageId: string;
    readonly device: RecipientDevice;
    readonly trust: TrustAnchor;
  },
  now: Date,
): Promise<string> {
  const { grantId, epoch, packageId, device, trust } = grant;
  const row = await tx.certificate.findUnique({ where: { id: device.agreeCertificateId } });
  if (row === null || row.removedAt !== null || row.role !== 'device-agree') {
    throw new SallyportError('ERR_LICENCE_DEVICE', { detail: { deviceId: device.deviceId } });
  }
  await verifyCertificate(row.der, trust, now);
  const { publicKey, subjectId } = await inspectCertificate(row.der);
  if (subjectId !== device.deviceId) throw new SallyportError('ERR_LICENCE_DEVICE');
  const wrapped = await readShare({ root: sharesRoot, epoch, grantId });
  if (wrapped === null) throw new SallyportError('ERR_LICENCE_EXPIRED');
  const key = await keyRing(tx, epoch);
  const share = await unwrapWith(key, wrapped, {
    purpose: 'licence-share',
    context: packageId,
    keyId: String(epoch),
  });
  try {
    const binding = { purpose: 'licence', context: packageId, keyId: row.id } as const;
    return await wrapFor(publicKey, share, binding);
  } finally {
    share.fill(0);
  }
}

async function findGrantOrThrow(tx: Transaction, packageId: string) {
  const grant = await findGrant(tx, packageId);
  if (grant === null) throw new SallyportError('ERR_LICENCE_NONE');
  return grant;
}

/** The licence names the device this session has proved: its downloads are then known by device. */
async function recordIssue(
  tx: Transaction,
  licence: Licence,
  { officerId, sessionId }: LicenceCaller,
  now: Date,
): Promise<void> {
  const { licenceId, packageId, deviceId } = licence;
  await tx.licence.create({
    data: { id: licenceId, packageId, deviceId, officerId, issuedAt: now },
  });
  await tx.session.updateMany({ where: { id: sessionId }, data: { deviceId } });
  await recordEvent(tx, {
    at: now,
    actor: { kind: 'officer', id: officerId },
    event: { kind: 'licence.issued', packageId, deviceId, officerId, licenceId },
  });
}

async function recordRefusal(
  db: Database,
  { packageId, officerId }: LicenceCaller,
  { code: failure }: SallyportError,
  now: Date,
): Promise<void> {
  await recordEvent(db, {
    at: now,
    actor: { kind: 'officer', id: officerId },
    event: { kind: 'licence.refused', packageId, officerId, failure },
  });
}
