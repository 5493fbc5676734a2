// The end of a package, in steps that each survive a crash and are each a fact with its own time:
//
//   row 'destroyed' (nothing is served any more) ─► share file gone ─► ciphertext gone ─► report queued
//
import type { GatewayConfig } from '../config/environment.ts';
import { pathsOf } from '../config/paths.ts';
import { endReason, type DestructionReason } from '../domain/destruction.ts';
import { isEpochOver } from '../domain/epochs.ts';
import { destroyAgreementKey } from '../keys/agreement-keys.ts';
import type { Database } from '../store/database.ts';
import { actorOfRole, recordEvent } from '../store/ledger-events.ts';
import { queueRecord } from '../store/outbound.ts';
import { removePackageFile } from '../store/package-files.ts';
import { destroyShare } from '../store/shares.ts';

export interface DestructionOptions {
  readonly db: Database;
  readonly config: GatewayConfig;
  readonly clock: () => Date;
}

/** Ends every package and grant whose time has come. Answers how many were ended or finished. */
export async function destroyEnded(options: DestructionOptions): Promise<number> {
  const { db, clock } = options;
  let count = 0;
  for (const { packageId, reason } of await findEnded(db, clock())) {
    await endPackage(options, packageId, reason);
    count += 1;
  }
  await destroyOldEpochs(options);
  return count;
}

async function findEnded(
  db: Database,
  now: Date,
): Promise<readonly { packageId: string; reason: DestructionReason }[]> {
  const grants = await db.grant.findMany({
    where: { keyDestroyedAt: null, OR: [{ notAfter: { lte: now } }, { status: 'revoked' }] },
  });
  const packages = await db.package.findMany({
    where: {
      OR: [
        { state: 'destroyed', reportedAt: null },
        { state: 'available', expiresAt: { lte: now } },
        { id: { in: grants.map(({ packageId }) => packageId) }, reportedAt: null },
      ],
    },
  });
  const ids = new Set([
    ...grants.map(({ packageId }) => packageId),
    ...packages.map(({ id }) => id),
  ]);
  const ended = [];
  for (const packageId of ids) {
    const row = packages.find(({ id }) => id === packageId);
    const grant = await db.grant.findUnique({ where: { packageId } });
    const facts = {
      expiresAt: row?.expiresAt ?? null,
      destroyReason: row?.destroyReason ?? null,
      grant,
    };
    const reason = endReason(facts, now);
    if (reason !== null) ended.push({ packageId, reason });
  }
  return ended;
}

async function endPackage(
  options: DestructionOptions,
  packageId: string,
  reason: DestructionReason,
): Promise<void> {
  await options.db.package.updateMany({
    where: { id: packageId, destroyReason: null },
    data: { destroyReason: reason },
  });
  await options.db.package.updateMany({
    where: { id: packageId, state: { not: 'destroyed' } },
    data: { state: 'destroyed' },
  });
  await destroyKey(options, packageId, reason);
  await destroyFile(options, packageId, reason);
  await report(options, packageId, reason);
}

async function destroyKey(
  { db, config, clock }: DestructionOptions,
  packageId: string,
  reason: DestructionReason,
): Promise<void> {
  const grant = await db.grant.findUnique({ where: { packageId } });
  if (grant === null || grant.keyDestroyedAt !== null) return;
  await destroyShare({
    root: pathsOf(config.dataDir).shares,
    epoch: grant.epoch,
    grantId: grant.id,
  });
  const now = clock();
  await db.$transaction(async (tx) => {
    await tx.grant.update({ where: { id: grant.id }, data: { keyDestroyedAt: now } });
    await tx.package.updateMany({ where: { id: packageId }, data: { keyDestroyedAt: now } });
    await recordEvent(tx, {
      at: now,
      actor: actorOfRole('intake'),
      event: { kind: 'destruction.key-destroyed', packageId, reason },
    });
  });
}

async function destroyFile(
  { db, config, clock }: DestructionOptions,
  packageId: string,
  reason: DestructionReason,
): Promise<void> {
  const row = await db.package.findUnique({ where: { id: packageId } });
  if (row === null || row.fileDestroyedAt !== null) return;
  await removePackageFile(pathsOf(config.dataDir), packageId);
  // A package that never came whole has no file whose end could be stated.
  if (row.admittedAt === null) return;
  const now = clock();
  await db.$transaction(async (tx) => {
    await tx.package.update({ where: { id: packageId }, data: { fileDestroyedAt: now } });
    await recordEvent(tx, {
      at: now,
      actor: actorOfRole('intake'),
      event: { kind: 'destruction.file-gone', packageId, reason },
    });
  });
}

async function report(
  { db, clock }: DestructionOptions,
  packageId: string,
  reason: DestructionReason,
): Promise<void> {
  const now = clock();
  const row = await db.package.findUnique({ where: { id: packageId } });
  const grant = await db.grant.findUnique({ where: { packageId } });
  const key = grant?.keyDestroyedAt ?? row?.keyDestroyedAt ?? null;
  const payload = {
    packageId,
    reason,
    keyDestroyedAt: key?.toISOString() ?? null,
    fileDestroyedAt: row?.fileDestroyedAt?.toISOString() ?? null,
    at: now.toISOString(),
  };
  await db.$transaction(async (tx) => {
    await queueRecord(tx, 'destruction-report', payload, {
      dedupeKey: `destruction-report:${packageId}`,
      now,
    });
    await tx.package.updateMany({ where: { id: packageId }, data: { reportedAt: now } });
  });
}

/** The key of an epoch dies with its last grant, and every copied share with it. */
async function destroyOldEpochs({ db, config, clock }: DestructionOptions): Promise<void> {
  const now = clock();
  for (const { epoch } of await db.agreementEpoch.findMany({ where: { destroyedAt: null } })) {
    const aliveGrants = await db.grant.count({ where: { epoch, keyDestroyedAt: null } });
    if (isEpochOver({ epoch, aliveGrants }, now)) await destroyAgreementKey(db, config, epoch, now);
  }
}
