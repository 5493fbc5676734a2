import { SallyportError, type LicenceGrant } from '@sallyport/contracts';
import type { Database, Transaction } from '../store/database.ts';
import { destroyFile, leavesOf, packageFile, type FilePlaces } from '../store/file-places.ts';
import type { ClaimedJob } from '../store/jobs.ts';
import { queueRecord } from '../store/outbound.ts';
import type { Site } from '../store/site.ts';

/** States of a package that has left the sealing; a second one must name it. */
const RELEASED = ['sealed', 'sent'];

/**
 * Wipes what an attempt left that did not end: its licence share was never sent and is forgotten, so
 * nobody could open it; a new attempt draws a new id and new shares.
 */
export async function abandonUnfinished(
  { db, places }: { readonly db: Database; readonly places: FilePlaces },
  exportId: string,
): Promise<void> {
  const unfinished = await db.sealedPackage.findMany({ where: { exportId, state: 'sealing' } });
  for (const { id } of unfinished) {
    const path = packageFile(places, id);
    for (const file of [path, `${path}.part`, leavesOf(path)])
      await destroyFile(file, places.packages);
    await db.sealedPackage.update({
      where: { id },
      data: { state: 'abandoned', wipedAt: new Date() },
    });
  }
}

/**
 * One export has one package that counts: another is sealed only in the place of the one it names.
 *
 * @throws SallyportError ERR_PACKAGE_EXISTS
 */
export async function requireSupersedes(tx: Transaction, job: ClaimedJob): Promise<void> {
  const present = await tx.sealedPackage.findFirst({
    where: { exportId: job.exportId, state: { in: RELEASED } },
    orderBy: { createdAt: 'desc' },
  });
  if ((present?.id ?? null) !== job.supersedes) {
    throw new SallyportError('ERR_PACKAGE_EXISTS', {
      detail: { packageId: present?.id ?? 'none' },
    });
  }
}

/** Ends the licence of a package that another one replaces: the gateway destroys share and file. */
export async function revokeGrant(
  tx: Transaction,
  site: Site,
  { packageId, now }: { readonly packageId: string; readonly now: Date },
): Promise<void> {
  const row = await tx.sealedPackage.findUniqueOrThrow({
    where: { id: packageId },
    include: { export: { include: { request: true } } },
  });
  const version = row.grantVersion + 1;
  await tx.sealedPackage.update({
    where: { id: packageId },
    data: { state: 'superseded', grantVersion: version },
  });
  const certificates = await tx.certificate.findMany({
    where: { subjectId: { in: row.deviceIds } },
  });
  const idOf = (deviceId: string, role: string): string =>
    certificates.find((known) => known.subjectId === deviceId && known.role === role)?.id ?? '';
  const grant: LicenceGrant = {
    grantId: row.grantId,
    version,
    status: 'revoked',
    packageId,
    exportId: row.exportId,
    requestId: row.requestId,
    siteId: site.siteId,
    gatewayId: row.gatewayId,
    recipientOfficerId: row.export.request.recipientOfficerId ?? row.export.request.officerId,
    devices: row.deviceIds.map((deviceId) => ({
      deviceId,
      signCertificateId: idOf(deviceId, 'device-sign'),
      agreeCertificateId: idOf(deviceId, 'device-agree'),
    })),
    notBefore: row.createdAt.toISOString(),
    notAfter: row.expiresAt.toISOString(),
    plays: 0,
    offlineLease: false,
    channel: 'gateway',
    epoch: 0,
    at: now.toISOString(),
  };
  await queueRecord(tx, 'licence-grant', grant, {
    at: now,
    dedupeKey: `licence-grant:${row.grantId}:${version}`,
  });
}
