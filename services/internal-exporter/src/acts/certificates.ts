import { randomBytes } from 'node:crypto';
import {
  canonicalBytes,
  certificateId,
  inspectCertificate,
  issueCertificate,
  parse,
  PublicJwk,
  sha256Hex,
  type CertificateIdentity,
  type CertificateRole,
  type LedgerActor,
  type RevocationBody,
} from '@sallyport/contracts';
import {
  inTransaction,
  toJson,
  type Database,
  type Prisma,
  type Transaction,
} from '../store/database.ts';
import { newId } from '../store/ids.ts';
import { recordEvent } from '../store/ledger-outbox.ts';
import { queueRecord } from '../store/outbound.ts';
import { getSite } from '../store/site.ts';
import { publishDirectory } from './directory.ts';

const DAY_MS = 86_400_000;
/** A verifier's clock may run behind by this much. */
const BACKDATED_MS = 3_600_000;

/** How long a certificate of each role lives, days. */
export const CERTIFICATE_DAYS = {
  seal: 1095,
  lane: 1095,
  ledger: 1095,
  approver: 365,
  gateway: 1095,
  'gateway-ledger': 1095,
  'device-sign': 365,
  'device-agree': 365,
} as const satisfies Record<Exclude<CertificateRole, 'ca'>, number>;

export type OrderedRole = Exclude<CertificateRole, 'ca'>;

/** Orders a certificate that a person confirmed. Ordering the same key for the same holder again changes nothing. */
export async function orderCertificate(
  tx: Transaction,
  order: {
    readonly role: OrderedRole;
    readonly subjectId: string;
    readonly ownerId: string;
    readonly publicKey: PublicJwk;
    readonly orderedById: string | null;
  },
  now: Date,
): Promise<void> {
  const { role, subjectId, ownerId, publicKey, orderedById } = order;
  const publicSha256 = await sha256Hex(canonicalBytes(publicKey));
  await tx.certificateOrder.createMany({
    data: [
      {
        id: newId(),
        role,
        subjectId,
        ownerId,
        publicJwk: toJson(publicKey),
        publicSha256,
        validDays: CERTIFICATE_DAYS[role],
        orderedById,
        orderedAt: now,
      },
    ],
    skipDuplicates: true,
  });
}

/**
 * Issues every certificate that was ordered, each in its own transaction with its entry in the
 * directory and the ledger. The CA's key is opened only when there is an order, and dropped after.
 * Answers how many were issued.
 */
export async function issueOrderedCertificates(
  db: Database,
  openCaKey: () => Promise<CryptoKey>,
  actor: LedgerActor,
  now: Date,
): Promise<number> {
  const orders = await db.certificateOrder.findMany({
    where: { issuedAt: null },
    orderBy: { orderedAt: 'asc' },
  });
  if (orders.length === 0) return 0;
  const { caCertificate } = await getSite(db);
  const caKey = await openCaKey();
  let issued = 0;
  for (const order of orders) {
    const role = order.role as OrderedRole; // written by orderCertificate only
    const der = await issueCertificate({
      ca: caCertificate,
      caKey,
      publicKey: parse(PublicJwk, order.publicJwk, 'ERR_KEY_INVALID'),
      subjectId: order.subjectId,
      ownerId: order.ownerId,
      role,
      serial: randomBytes(16),
      notBefore: new Date(now.getTime() - BACKDATED_MS),
      notAfter: new Date(now.getTime() + order.validDays * DAY_MS),
    });
    if (await inTransaction(db, (tx) => keepIssued(tx, order.id, der, actor, now))) issued += 1;
  }
  return issued;
}

/** Stores a certificate that was made outside of an order (the service's own, at set-up) and tells it outward. */
export async function storeCertificate(
  tx: Transaction,
  der: string,
  now: Date,
): Promise<CertificateIdentity & { readonly id: string }> {
  const identity = await inspectCertificate(der);
  const id = await certificateId(der);
  const { role, subjectId, ownerId, serial } = identity;
  await tx.certificate.create({
    data: {
      id,
      role,
      subjectId,
      ownerId,
      serial,
      der,
      notBefore: new Date(identity.notBefore),
      notAfter: new Date(identity.notAfter),
    },
  });
  await publishDirectory(tx, 'certificate', id, { role, der }, now);
  return { ...identity, id };
}

/** Revokes every living certificate that matches, and tells each revocation outward. */
export async function revokeCertificatesOf(
  tx: Transaction,
  holder: Prisma.CertificateWhereInput,
  act: {
    readonly reason: RevocationBody['reason'];
    readonly actor: LedgerActor;
    readonly now: Date;
  },
): Promise<void> {
  const { reason, actor, now } = act;
  const living = await tx.certificate.findMany({ where: { ...holder, revokedAt: null } });
  for (const { id, serial } of living) {
    await tx.certificate.update({
      where: { id },
      data: { revokedAt: now, revocationReason: reason },
    });
    await publishDirectory(
      tx,
      'revocation',
      serial,
      { serial, reason, at: now.toISOString() },
      now,
    );
    await recordEvent(tx, { at: now, actor, event: { kind: 'certificate.revoked', serial } });
  }
}

/** False when another process issued the order meanwhile: this certificate is then dropped unseen. */
async function keepIssued(
  tx: Transaction,
  orderId: string,
  der: string,
  actor: LedgerActor,
  now: Date,
): Promise<boolean> {
  const id = await certificateId(der);
  const claimed = await tx.certificateOrder.updateMany({
    where: { id: orderId, issuedAt: null },
    data: { issuedAt: now, certificateId: id },
  });
  if (claimed.count === 0) return false;
  const { role, subjectId, publicKey } = await storeCertificate(tx, der, now);
  if (role === 'approver')
    await certifyApproverKey(tx, {
      accountId: subjectId,
      publicKey,
      certificateId: id,
      actor,
      now,
    });
  if (role === 'device-sign' || role === 'device-agree') {
    await certifyDevice(tx, { deviceId: subjectId, role, certificateId: id, actor, now });
  }
  return true;
}

async function certifyApproverKey(
  tx: Transaction,
  act: {
    accountId: string;
    publicKey: PublicJwk;
    certificateId: string;
    actor: LedgerActor;
    now: Date;
  },
): Promise<void> {
  const { accountId, certificateId: id, actor, now } = act;
  await tx.approverKey.updateMany({
    where: { accountId, state: 'confirmed', publicJwk: { equals: toJson(act.publicKey) } },
    data: { state: 'certified', certificateId: id },
  });
  await recordEvent(tx, {
    at: now,
    actor,
    event: { kind: 'approver-key.confirmed', accountId, certificateId: id },
  });
}

/** A device is done when both of its certificates exist. */
async function certifyDevice(
  tx: Transaction,
  act: {
    deviceId: string;
    role: 'device-sign' | 'device-agree';
    certificateId: string;
    actor: LedgerActor;
    now: Date;
  },
): Promise<void> {
  const { deviceId, actor, now } = act;
  const data =
    act.role === 'device-sign'
      ? { signCertificateId: act.certificateId }
      : { agreeCertificateId: act.certificateId };
  const device = await tx.device.update({ where: { id: deviceId }, data });
  const { officerId, signCertificateId, agreeCertificateId } = device;
  if (signCertificateId === null || agreeCertificateId === null) return;
  const event = {
    kind: 'device.confirmed',
    deviceId,
    officerId,
    signCertificateId,
    agreeCertificateId,
  } as const;
  await recordEvent(tx, { at: now, actor, event });
  const outcome = { deviceId, outcome: 'confirmed', at: now.toISOString() } as const;
  await queueRecord(tx, 'enrolment-outcome', outcome, {
    at: now,
    dedupeKey: `enrolment-outcome:${deviceId}`,
  });
}
