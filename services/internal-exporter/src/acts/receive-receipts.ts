import {
  isTransition,
  SallyportError,
  type LedgerActor,
  type RecordPayload,
  type RequestState,
  type StepProgress,
} from '@sallyport/contracts';
import type { Prisma, Transaction } from '../store/database.ts';
import { recordEvent } from '../store/ledger-outbox.ts';
import { publishStatus } from '../store/request-status.ts';

const INTAKE = { kind: 'role', name: 'intake' } as const satisfies LedgerActor;
const WITH_EXPORT = { export: { include: { request: true } } } as const;
type PackageRow = Prisma.SealedPackageGetPayload<{ include: typeof WITH_EXPORT }>;

/**
 * The gateway's own word that a package is whole there: the only thing that makes it `available`.
 *
 * @throws SallyportError ERR_PACKAGE_UNKNOWN, ERR_RECORD_AUDIENCE for the admission of another root
 * than was sealed
 */
export async function receiveTransferReceipt(
  tx: Transaction,
  receipt: RecordPayload<'transfer-receipt'>,
  gatewayId: string,
  now: Date,
): Promise<void> {
  const row = await getPackage(tx, receipt.packageId);
  const { packageId, verdict } = receipt;
  // What is quarantined may have no readable root, or another one: that is the news.
  const isOther = verdict === 'admitted' && row.root !== null && row.root !== receipt.root;
  if (row.gatewayId !== gatewayId || isOther) {
    throw new SallyportError('ERR_RECORD_AUDIENCE', { detail: { packageId } });
  }
  await tx.sealedPackage.update({
    where: { id: packageId },
    data: { receivedAt: now, failure: receipt.failure ?? null },
  });
  await recordEvent(tx, {
    at: now,
    actor: INTAKE,
    event: { kind: 'transfer.receipt', packageId, verdict },
  });
  if (verdict === 'admitted') {
    await moveTo(tx, row, 'available', { progress: 'done', failure: null }, now);
    return;
  }
  await failExport(tx, row, receipt.failure ?? 'ERR_INTERNAL', now);
}

/**
 * The recipient's device opened or left the clip.
 *
 * @throws SallyportError ERR_PACKAGE_UNKNOWN, ERR_CERTIFICATE_ROLE for a device the package was not sealed for
 */
export async function receivePlayback(
  tx: Transaction,
  receipt: RecordPayload<'playback-receipt'>,
  signer: Signer,
  now: Date,
): Promise<void> {
  const row = await getPackage(tx, receipt.packageId);
  assertRecipient(row, receipt.deviceId, signer);
  const { packageId, deviceId, licenceId } = receipt;
  const kind = receipt.event === 'opened' ? 'playback.opened' : 'playback.ended';
  const actor = { kind: 'officer', id: signer.ownerId } as const;
  await recordEvent(tx, { at: now, actor, event: { kind, packageId, deviceId, licenceId } });
  if (receipt.event === 'opened')
    await moveTo(tx, row, 'viewing', { progress: 'running', failure: null }, now);
}

/** The gateway's two facts of destruction, each kept when it is a fact. @throws SallyportError ERR_PACKAGE_UNKNOWN */
export async function receiveDestructionReport(
  tx: Transaction,
  report: RecordPayload<'destruction-report'>,
  now: Date,
): Promise<void> {
  const row = await getPackage(tx, report.packageId);
  const { packageId, reason } = report;
  const known = await tx.ledgerOutbox.findMany({
    where: { packageId, kind: { startsWith: 'destruction.' } },
  });
  const isNew = (kind: string) => !known.some((entry) => entry.kind === kind);
  if (report.keyDestroyedAt !== null && isNew('destruction.key-destroyed')) {
    await recordEvent(tx, {
      at: now,
      actor: INTAKE,
      event: { kind: 'destruction.key-destroyed', packageId, reason },
    });
  }
  if (report.fileDestroyedAt !== null && isNew('destruction.file-gone')) {
    await recordEvent(tx, {
      at: now,
      actor: INTAKE,
      event: { kind: 'destruction.file-gone', packageId, reason },
    });
  }
  if (reason === 'superseded') return;
  await moveTo(tx, row, 'expired', { progress: 'done', failure: null }, now);
  if (report.keyDestroyedAt === null || report.fileDestroyedAt === null) return;
  await moveTo(tx, row, 'destroyed', { progress: 'done', failure: null }, now);
  const receipt = known.some(({ kind }) => kind === 'destruction.receipt');
  if (receipt)
    await moveTo(tx, row, 'destruction-confirmed', { progress: 'done', failure: null }, now);
}

/** The third fact: the recipient says that every copy is gone. @throws as {@link receivePlayback} */
export async function receiveDestructionReceipt(
  tx: Transaction,
  receipt: RecordPayload<'destruction-receipt'>,
  signer: Signer,
  now: Date,
): Promise<void> {
  const row = await getPackage(tx, receipt.packageId);
  assertRecipient(row, receipt.deviceId, signer);
  const { packageId, deviceId } = receipt;
  const actor = { kind: 'officer', id: signer.ownerId } as const;
  await recordEvent(tx, {
    at: now,
    actor,
    event: { kind: 'destruction.receipt', packageId, deviceId },
  });
  await moveTo(tx, row, 'destruction-confirmed', { progress: 'done', failure: null }, now);
}

/** The device certificate that signed a receipt. */
export interface Signer {
  readonly subjectId: string;
  readonly ownerId: string;
}

function assertRecipient(row: PackageRow, deviceId: string, signer: Signer): void {
  const isRecipient = signer.ownerId === row.export.request.recipientOfficerId;
  if (isRecipient && signer.subjectId === deviceId && row.deviceIds.includes(deviceId)) return;
  throw new SallyportError('ERR_CERTIFICATE_ROLE', { detail: { deviceId } });
}

async function getPackage(tx: Transaction, packageId: string): Promise<PackageRow> {
  const row = await tx.sealedPackage.findUnique({ where: { id: packageId }, include: WITH_EXPORT });
  if (row === null) throw new SallyportError('ERR_PACKAGE_UNKNOWN', { detail: { packageId } });
  return row;
}

/** Moves the export that this package is the present one of; a move the table does not list is left out. */
async function moveTo(
  tx: Transaction,
  row: PackageRow,
  to: RequestState,
  step: { readonly progress: StepProgress; readonly failure: null },
  now: Date,
): Promise<void> {
  const { id, packageId } = row.export;
  const present = await tx.export.findUniqueOrThrow({ where: { id } });
  const from = present.state as RequestState; // written through the transition table only
  if (packageId !== row.id || !isTransition(from, to)) return;
  await tx.export.update({
    where: { id },
    data: { state: to, percent: 100, ...step, updatedAt: now },
  });
  await publishStatus(tx, row.requestId, now);
}

async function failExport(
  tx: Transaction,
  row: PackageRow,
  failure: string,
  now: Date,
): Promise<void> {
  const { requestId, exportId } = row;
  if (row.export.packageId !== row.id) return;
  const data = { progress: 'failed', failure, updatedAt: now };
  await tx.export.updateMany({ where: { id: exportId, state: 'transferring' }, data });
  await recordEvent(tx, {
    at: now,
    actor: INTAKE,
    event: { kind: 'export.step-failed', requestId, exportId, failure },
  });
  await publishStatus(tx, requestId, now);
}
