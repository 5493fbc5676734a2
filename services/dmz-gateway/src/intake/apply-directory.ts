import {
  CertificateEntry,
  RevocationEntry,
  SallyportError,
  certificateId,
  inspectCertificate,
  parse,
  verifyCertificate,
  type DirectoryEntry,
  type DirectoryUpdate,
  type PublicJwk,
} from '@sallyport/contracts';
import { Prisma, type Transaction } from '../store/database.ts';
import { getAnchor, getSite } from '../store/trust.ts';

/** The gateway's own public keys: certificates for them are its own. */
export interface OwnKeys {
  readonly gateway: PublicJwk;
  readonly ledger: PublicJwk;
}

/**
 * Takes directory rows whose version is higher than the one known; older news changes nothing, and
 * a tombstone stays. Certificates are checked against the pinned CA before they count.
 *
 * @throws SallyportError ERR_RECORD_AUDIENCE, ERR_CERTIFICATE_*
 */
export async function applyDirectoryUpdate(
  tx: Transaction,
  update: DirectoryUpdate,
  own: OwnKeys,
  now: Date,
): Promise<void> {
  const site = await getSite(tx);
  if (update.siteId !== site.siteId) throw new SallyportError('ERR_RECORD_AUDIENCE');
  for (const entry of update.entries) {
    if (!(await storeRow(tx, entry, now))) continue;
    if (entry.kind === 'certificate') await applyCertificate(tx, entry, own, now);
    if (entry.kind === 'revocation') await applyRevocation(tx, entry.value);
  }
}

/** Answers false when the row is not newer than the one known. */
async function storeRow(tx: Transaction, entry: DirectoryEntry, now: Date): Promise<boolean> {
  const { kind, id } = entry;
  const known = await tx.directoryRow.findUnique({ where: { kind_id: { kind, id } } });
  if (known !== null && known.version >= BigInt(entry.version)) return false;
  const row = {
    version: BigInt(entry.version),
    value: entry.value === null ? Prisma.DbNull : entry.value,
    changedAt: now,
  };
  await tx.directoryRow.upsert({
    where: { kind_id: { kind, id } },
    create: { kind, id, ...row },
    update: row,
  });
  return true;
}

async function applyCertificate(
  tx: Transaction,
  entry: Extract<DirectoryEntry, { kind: 'certificate' }>,
  own: OwnKeys,
  now: Date,
): Promise<void> {
  if (entry.value === null) {
    await tx.certificate.updateMany({ where: { id: entry.id }, data: { removedAt: now } });
    return;
  }
  const { der, role } = parse(CertificateEntry, entry.value);
  // Whether it is expired or revoked is asked when it is used; here only the issuer counts.
  const { ca } = await getAnchor(tx);
  const { notBefore } = await inspectCertificate(der);
  const identity = await verifyCertificate(
    der,
    { ca, revoked: new Set() },
    laterOf(notBefore, now),
  );
  if (identity.role !== role)
    throw new SallyportError('ERR_CERTIFICATE_ROLE', { detail: { role } });
  const { serial, subjectId, ownerId, notAfter } = identity;
  const id = await certificateId(der);
  const data = {
    serial,
    role,
    subjectId,
    ownerId,
    der,
    notAfter: new Date(notAfter),
    removedAt: null,
  };
  await tx.certificate.upsert({ where: { id }, create: { id, ...data }, update: data });
  await adoptOwnCertificate(tx, identity, own);
}

/** The gateway's own certificates must be for its own keys: nobody else can be named by mistake. */
async function adoptOwnCertificate(
  tx: Transaction,
  identity: { readonly role: string; readonly publicKey: PublicJwk; readonly der: string },
  own: OwnKeys,
): Promise<void> {
  const { role, publicKey, der } = identity;
  if (role === 'gateway' && isSameKey(publicKey, own.gateway)) {
    await tx.trust.update({ where: { id: 1 }, data: { gatewayCertificate: der } });
  }
  if (role === 'gateway-ledger' && isSameKey(publicKey, own.ledger)) {
    await tx.trust.update({ where: { id: 1 }, data: { ledgerCertificate: der } });
  }
}

/** A revocation ends the sessions that proved the device, not only its next licence. */
async function applyRevocation(tx: Transaction, value: unknown): Promise<void> {
  if (value === null) return;
  const { serial, at } = parse(RevocationEntry, value);
  await tx.revocation.createMany({
    data: [{ serial, revokedAt: new Date(at) }],
    skipDuplicates: true,
  });
  const certificate = await tx.certificate.findUnique({ where: { serial } });
  if (certificate !== null) {
    await tx.session.deleteMany({ where: { deviceId: certificate.subjectId } });
  }
}

function laterOf(notBefore: string, now: Date): Date {
  const start = new Date(notBefore);
  return start > now ? start : now;
}

function isSameKey(a: PublicJwk, b: PublicJwk): boolean {
  return a.x === b.x && a.y === b.y;
}
