import Type from 'typebox';
import {
  Count,
  RecipientDevice,
  SallyportError,
  parse,
  strictObject,
  type PortalPackage,
  type PortalPackages,
  type PortalTransferState,
} from '@sallyport/contracts';
import type { PackageLayout } from '@sallyport/seal/verify';
import { toPortalLicence, type GrantFacts } from '../domain/licence-rules.ts';
import type { Database, Transaction } from '../store/database.ts';

type Row = NonNullable<Awaited<ReturnType<Database['package']['findUnique']>>>;
const Ranges = Type.Array(strictObject({ from: Count, to: Count }));

/** Packages addressed to one officer, newest first. */
export async function listPackages(
  db: Database,
  officerId: string,
  now: Date,
): Promise<PortalPackages> {
  const rows = await db.package.findMany({
    where: { recipientOfficerId: officerId },
    orderBy: { firstPartAt: 'desc' },
  });
  return { packages: await Promise.all(rows.map((row) => toPortalPackage(db, row, now))) };
}

/** Null while nothing of it has arrived and no grant names it. */
export async function findPackage(
  db: Database,
  packageId: string,
  now: Date,
): Promise<PortalPackage | null> {
  const row = await db.package.findUnique({ where: { id: packageId } });
  return row === null ? null : toPortalPackage(db, row, now);
}

/** @throws SallyportError ERR_PACKAGE_UNKNOWN, also when it is for somebody else */
export async function getOwnPackage(
  db: Database,
  officerId: string,
  packageId: string,
  now: Date,
): Promise<PortalPackage> {
  return toPortalPackage(db, await getOwnRow(db, officerId, packageId), now);
}

/** A package that may be read right now by its recipient. */
export interface ReadablePackage {
  readonly packageId: string;
  readonly header: string;
  readonly layout: PackageLayout;
  readonly expiresAt: Date;
}

/**
 * Decides for every single call whether this officer may read this package now.
 *
 * @throws SallyportError ERR_PACKAGE_UNKNOWN, ERR_PACKAGE_NOT_READY, ERR_PACKAGE_QUARANTINED,
 * ERR_PACKAGE_GONE, ERR_LICENCE_REVOKED
 */
export async function authorizeDownload(
  db: Database,
  officerId: string,
  packageId: string,
  now: Date,
): Promise<ReadablePackage> {
  const row = await getOwnRow(db, officerId, packageId);
  if (row.state === 'quarantined') throw new SallyportError('ERR_PACKAGE_QUARANTINED');
  if (row.state === 'destroyed') throw new SallyportError('ERR_PACKAGE_GONE');
  const { header, layout, expiresAt } = row;
  if (row.state !== 'available' || header === null || layout === null || expiresAt === null) {
    throw new SallyportError('ERR_PACKAGE_NOT_READY');
  }
  if (expiresAt <= now) throw new SallyportError('ERR_PACKAGE_GONE');
  const grant = await findGrant(db, packageId);
  if (grant?.status === 'revoked') throw new SallyportError('ERR_LICENCE_REVOKED');
  if (grant !== null && (grant.keyDestroyedAt !== null || grant.notAfter <= now)) {
    throw new SallyportError('ERR_PACKAGE_GONE');
  }
  // Stored by this service from a verified header.
  return { packageId, header, layout: layout as unknown as PackageLayout, expiresAt };
}

/** The grant of a package, devices parsed; null before it came. */
export async function findGrant(
  db: Database | Transaction,
  packageId: string,
): Promise<(GrantFacts & { readonly grantId: string; readonly epoch: number }) | null> {
  const row = await db.grant.findUnique({ where: { packageId } });
  if (row === null) return null;
  const { id: grantId, epoch, status, recipientOfficerId, notBefore, notAfter } = row;
  const { plays, playsUsed, channel, keyDestroyedAt } = row;
  return {
    grantId,
    epoch,
    status,
    recipientOfficerId,
    devices: parse(Type.Array(RecipientDevice), row.devices),
    notBefore,
    notAfter,
    plays,
    playsUsed,
    channel,
    keyDestroyedAt,
  };
}

async function getOwnRow(db: Database, officerId: string, packageId: string): Promise<Row> {
  const row = await db.package.findUnique({ where: { id: packageId } });
  if (row === null || row.recipientOfficerId !== officerId) {
    throw new SallyportError('ERR_PACKAGE_UNKNOWN');
  }
  return row;
}

async function toPortalPackage(db: Database, row: Row, now: Date): Promise<PortalPackage> {
  const time = (at: Date | null) => at?.toISOString() ?? null;
  const { requestId, exportId, supersedes, segmentCount, partsReceived, partCount, failure } = row;
  return {
    packageId: row.id,
    requestId,
    exportId,
    supersedes,
    sizeBytes: Number(row.sizeBytes),
    segmentCount,
    expiresAt: time(row.expiresAt),
    transfer: {
      state: row.state as PortalTransferState, // written by the intake from the same union
      partsReceived,
      partCount,
      missing: parse(Ranges, row.missing),
      failure,
      firstPartAt: time(row.firstPartAt),
      wholeAt: time(row.wholeAt),
      admittedAt: time(row.admittedAt),
    },
    licence: toPortalLicence(await findGrant(db, row.id), now),
    destruction: {
      keyDestroyedAt: time(row.keyDestroyedAt),
      fileDestroyedAt: time(row.fileDestroyedAt),
      receiptAt: time(row.receiptAt),
    },
  };
}
