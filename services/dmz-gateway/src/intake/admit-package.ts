// A whole file becomes a package that officers may fetch, or goes to quarantine:
//
//   incoming/<id>.package-part/body ─► verify every byte (streamed, no key) ─► same id? right export?
//        ├─ good ─► row 'available' + receipt + entry (one transaction) ─► packages/<id>.sealed
//        └─ bad  ─► row 'quarantined' + receipt + entry ─► quarantine/
//
// The file is moved before the row says 'available'; until then no route looks at it.
import { createReadStream } from 'node:fs';
import { rename, stat } from 'node:fs/promises';
import { SallyportError, isSallyportError, type ErrorCode } from '@sallyport/contracts';
import type { TransferAssembler } from '@sallyport/lane';
import { assertSameRoot, verifyPackage, type VerifiedPackage } from '@sallyport/seal/verify';
import type { Logger } from '@sallyport/runtime';
import type { GatewayPaths } from '../config/paths.ts';
import { type Prisma, type Database, type Transaction } from '../store/database.ts';
import { actorOfRole, recordEvent } from '../store/ledger-events.ts';
import { queueRecord } from '../store/outbound.ts';
import { admitFile, packageFile, quarantineFile } from '../store/package-files.ts';
import { getAnchor, getSite } from '../store/trust.ts';

export interface AdmissionOptions {
  readonly db: Database;
  readonly paths: GatewayPaths;
  readonly gatewayId: string;
  readonly assembler: TransferAssembler;
  readonly logger: Logger;
  readonly clock: () => Date;
}

const NO_ROOT = '0'.repeat(64);

/** Judges every transfer that is whole. Answers how many were settled. */
export async function admitPackages(options: AdmissionOptions): Promise<number> {
  const whole = await findWhole(options);
  for (const [packageId, path] of whole) await settlePackage(options, packageId, path);
  return whole.size;
}

/** Whole transfers, and files that were moved just before a crash kept their row from saying so. */
async function findWhole({
  db,
  assembler,
  paths,
}: AdmissionOptions): Promise<ReadonlyMap<string, string>> {
  const whole = new Map<string, string>();
  const waiting = await db.package.findMany({
    where: { state: 'verifying' },
    select: { id: true },
  });
  for (const { id } of waiting) {
    if (await fileExists(packageFile(paths, id))) whole.set(id, packageFile(paths, id));
  }
  for (const id of await assembler.list()) {
    if (id.kind !== 'package-part') continue;
    const progress = await assembler.progress(id);
    if (progress.kind === 'complete') whole.set(id.packageId, progress.path);
  }
  return whole;
}

async function settlePackage(
  options: AdmissionOptions,
  packageId: string,
  path: string,
): Promise<void> {
  const { db, assembler, logger } = options;
  const row = await db.package.findUnique({ where: { id: packageId } });
  if (row?.state === 'destroyed') {
    await discard(assembler, packageId);
    return;
  }
  const verdict = await judge(options, packageId, path);
  if (row !== null && !isFirst(row, verdict)) {
    await settleRepeat(options, { ...row, path }, verdict);
  } else if (verdict.kind === 'good') {
    await admit(options, packageId, path, verdict.verified);
    logger.info({ packageId, state: 'available' }, 'package admitted');
  } else {
    await quarantine(options, { packageId, path }, verdict);
    logger.warn({ packageId, code: verdict.code, state: 'quarantined' }, 'package quarantined');
  }
  await discard(assembler, packageId);
}

/** A package in quarantine may be sent again whole; another root under its id may not take its place. */
function isFirst(
  row: { readonly state: string; readonly root: string | null; readonly failure: string | null },
  verdict: Verdict,
): boolean {
  if (row.state === 'available') return false;
  if (row.state !== 'quarantined') return true;
  if (verdict.kind === 'bad' || row.failure === 'ERR_SEAL_EQUIVOCATION') return false;
  return row.root === null || row.root === NO_ROOT || row.root === verdict.verified.header.root;
}

type Verdict =
  | { readonly kind: 'good'; readonly verified: VerifiedPackage }
  | { readonly kind: 'bad'; readonly code: ErrorCode; readonly root: string };

/** Reads the whole file once, through. Faults of this machine are thrown, faults of the package are verdicts. */
async function judge(options: AdmissionOptions, packageId: string, path: string): Promise<Verdict> {
  const { db, gatewayId, clock } = options;
  let root = NO_ROOT;
  try {
    const verified = await verifyPackage(createReadStream(path, { highWaterMark: 1024 * 1024 }), {
      trust: await getAnchor(db),
      now: clock(),
      gatewayId,
      onProgress: ({ view }) => {
        root = view?.header.root ?? root;
      },
    });
    root = verified.header.root;
    await assertWelcome(db, packageId, verified, clock());
    return { kind: 'good', verified };
  } catch (error) {
    if (!isSallyportError(error) || error.code === 'ERR_GATEWAY_NOT_TRUSTED') throw error;
    return { kind: 'bad', code: error.code, root };
  }
}

/** What only the gateway knows: which transfer this was, for whom it works, what it already holds. */
async function assertWelcome(
  db: Database,
  packageId: string,
  { header }: VerifiedPackage,
  now: Date,
): Promise<void> {
  if (header.packageId !== packageId) throw new SallyportError('ERR_PACKAGE_ID_MISMATCH');
  if (header.siteId !== (await getSite(db)).siteId) throw new SallyportError('ERR_RECORD_AUDIENCE');
  if (header.expiresAt <= now.toISOString()) throw new SallyportError('ERR_RECORD_EXPIRED');
  const others = await db.package.findMany({
    where: { exportId: header.exportId, state: 'available', id: { not: packageId } },
  });
  // One that the other replaces may come after it: the link keeps no order.
  const unnamed = others.find(
    (other) => other.id !== header.supersedes && other.supersedes !== packageId,
  );
  if (unnamed !== undefined) {
    throw new SallyportError('ERR_PACKAGE_SECOND', { detail: { packageId: unnamed.id } });
  }
}

async function admit(
  options: AdmissionOptions,
  packageId: string,
  path: string,
  { header, headerJws, layout }: VerifiedPackage,
): Promise<void> {
  const { db, paths, clock } = options;
  await admitFile(paths, packageId, path);
  const now = clock();
  const { segmentCount, sizeBytes } = layout;
  await db.$transaction(async (tx) => {
    await tx.package.update({
      where: { id: packageId },
      data: {
        state: 'available',
        segmentCount,
        root: header.root,
        header: headerJws,
        layout: layout as unknown as Prisma.InputJsonObject, // numbers and strings only
        requestId: header.requestId,
        exportId: header.exportId,
        recipientOfficerId: header.recipientOfficerId,
        supersedes: header.supersedes,
        expiresAt: new Date(header.expiresAt),
        admittedAt: now,
      },
    });
    if (header.supersedes !== null) await supersede(tx, header.supersedes, header.exportId);
    const successor = await tx.package.findFirst({
      where: { supersedes: packageId, exportId: header.exportId, admittedAt: { not: null } },
    });
    if (successor !== null) await supersede(tx, packageId, header.exportId);
    await queueReceipt(
      tx,
      { packageId, verdict: 'admitted', root: header.root, sizeBytes, segmentCount },
      now,
    );
    await recordEvent(tx, {
      at: now,
      actor: actorOfRole('intake'),
      event: { kind: 'package.admitted', packageId, root: header.root },
    });
  });
}

/** The old package is not served from this moment; the destruction loop removes its key and file. */
async function supersede(tx: Transaction, packageId: string, exportId: string): Promise<void> {
  await tx.package.updateMany({
    where: { id: packageId, exportId, state: 'available' },
    data: { state: 'destroyed', destroyReason: 'superseded' },
  });
}

async function quarantine(
  { db, paths, clock }: AdmissionOptions,
  { packageId, path }: { readonly packageId: string; readonly path: string },
  { code, root }: Extract<Verdict, { kind: 'bad' }>,
): Promise<void> {
  const { size: sizeBytes } = await stat(path);
  const now = clock();
  await db.$transaction(async (tx) => {
    await tx.package.update({
      where: { id: packageId },
      data: { state: 'quarantined', failure: code, root },
    });
    await queueReceipt(
      tx,
      { packageId, verdict: 'quarantined', failure: code, root, sizeBytes, segmentCount: 0 },
      now,
    );
    await recordEvent(tx, {
      at: now,
      actor: actorOfRole('intake'),
      event: { kind: 'package.quarantined', packageId, failure: code },
    });
  });
  await quarantineFile(paths, path, `${packageId}-${root.slice(0, 16)}`);
}

/**
 * A second file under a known id. The same root is a repetition. Another root that verifies is
 * equivocation: nobody may choose between two good signatures, so both are kept out.
 */
async function settleRepeat(
  { db, paths, clock, logger }: AdmissionOptions,
  known: {
    readonly id: string;
    readonly path: string;
    readonly root: string | null;
    readonly failure: string | null;
  },
  verdict: Verdict,
): Promise<void> {
  const { id: packageId, path } = known;
  if (verdict.kind === 'bad') {
    await quarantineFile(paths, path, `${packageId}-${verdict.root.slice(0, 16)}`);
    return;
  }
  const { header, layout } = verdict.verified;
  try {
    assertSameRoot({ packageId, root: known.root ?? NO_ROOT }, header);
    return;
  } catch (error) {
    if (!isSallyportError(error, 'ERR_SEAL_EQUIVOCATION')) throw error;
  }
  logger.error({ packageId, code: 'ERR_SEAL_EQUIVOCATION' }, 'two packages with one id');
  if (known.failure !== 'ERR_SEAL_EQUIVOCATION') {
    await db.$transaction((tx) => raiseEquivocation(tx, packageId, header.root, layout, clock()));
  }
  await quarantineFile(paths, path, `${packageId}-${header.root.slice(0, 16)}`);
  const first = packageFile(paths, packageId);
  if (await fileExists(first)) {
    await rename(
      first,
      `${paths.quarantine}/${packageId}-${(known.root ?? NO_ROOT).slice(0, 16)}.sealed`,
    );
  }
}

async function raiseEquivocation(
  tx: Transaction,
  packageId: string,
  root: string,
  layout: { readonly segmentCount: number; readonly sizeBytes: number },
  now: Date,
): Promise<void> {
  const failure = 'ERR_SEAL_EQUIVOCATION';
  await tx.package.update({ where: { id: packageId }, data: { state: 'quarantined', failure } });
  const { segmentCount, sizeBytes } = layout;
  const facts = { packageId, verdict: 'quarantined', failure, sizeBytes, segmentCount } as const;
  await queueReceipt(tx, { ...facts, root }, now);
  await recordEvent(tx, {
    at: now,
    actor: actorOfRole('intake'),
    event: { kind: 'package.equivocation', packageId, root },
  });
}

type Receipt = {
  readonly packageId: string;
  readonly verdict: 'admitted' | 'quarantined';
  readonly failure?: ErrorCode;
  readonly root: string;
  readonly sizeBytes: number;
  readonly segmentCount: number;
};

async function queueReceipt(tx: Transaction, receipt: Receipt, now: Date): Promise<void> {
  const dedupeKey = `transfer-receipt:${receipt.packageId}:${receipt.verdict}:${receipt.root}`;
  await queueRecord(
    tx,
    'transfer-receipt',
    { ...receipt, at: now.toISOString() },
    { dedupeKey, now },
  );
}

async function discard(assembler: TransferAssembler, packageId: string): Promise<void> {
  await assembler.discard({ packageId, kind: 'package-part' });
  await assembler.discard({ packageId, kind: 'leaf-table' });
}

async function fileExists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
