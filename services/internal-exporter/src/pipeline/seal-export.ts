import { randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import {
  SallyportError,
  canonicalize,
  toHex,
  type LedgerActor,
  type MaskStyle,
  type PackageCustody,
  type PackageManifest,
  type RecordSigner,
} from '@sallyport/contracts';
import type { LedgerWriter } from '@sallyport/ledger';
import { writeFileDurably } from '@sallyport/runtime';
import { sealPackage, signLicenceGrant, type SealedPackage as Sealed } from '@sallyport/seal/sign';
import { LEAF_BYTES } from '@sallyport/seal/verify';
import { checkMeasured } from '../domain/check-gates.ts';
import type { RenderedFacts } from '../store/rendered-facts.ts';
import { decryptAtRest, type AtRestOpener } from '../store/at-rest.ts';
import { inTransaction, type Database, type Transaction } from '../store/database.ts';
import { leavesOf, packageFile, workFile, type FilePlaces } from '../store/file-places.ts';
import { newId } from '../store/ids.ts';
import { finishJob, moveExport, type ClaimedJob } from '../store/jobs.ts';
import { recordEvent } from '../store/ledger-outbox.ts';
import type { PersonalFields } from '../store/personal-fields.ts';
import { getTrust, type Site } from '../store/site.ts';
import { findGatewayKey, findRecipient, type Recipient } from './find-recipient.ts';
import { measureFiles } from './measure-files.ts';
import { abandonUnfinished, requireSupersedes, revokeGrant } from './supersede-package.ts';
import { findReleaseApproval, openRequestGate, type OpenedExport } from './verify-gates.ts';

const SEAL_ROLE: LedgerActor = { kind: 'role', name: 'seal' };

/** What the sealing role holds; nobody else has the at-rest key or the signing key. */
export interface SealTools {
  readonly db: Database;
  readonly site: Site;
  readonly places: FilePlaces;
  readonly personal: PersonalFields;
  readonly atRest: AtRestOpener;
  readonly signer: RecordSigner;
  readonly ledger: LedgerWriter;
  readonly worker: string;
}

/**
 * Step 9: both gates once more, every digest measured on the files, then a package with an id and
 * shares of its own. An attempt that did not end leaves nothing that anyone could open.
 *
 * @throws SallyportError ERR_GATE_*, ERR_SEAL_*, ERR_PACKAGE_EXISTS, ERR_RECORD_*, ERR_CERTIFICATE_*
 */
export async function sealExport(
  tools: SealTools,
  job: ClaimedJob,
  signal: AbortSignal,
): Promise<void> {
  const { db, places, site, personal } = tools;
  const now = new Date();
  const opened = await openRequestGate(tools, job.exportId, now);
  const release = await findReleaseApproval(tools, opened);
  const { rendered, ...measured } = await measureFiles(db, places, tools.atRest, opened.row);
  checkMeasured(release.scope.scope, measured);
  const { scope } = opened.request.scope;
  const recipient = await findRecipient(db, personal, scope.recipientOfficerId);
  const expiresAt = new Date(now.getTime() + scope.playPeriodDays * 86_400_000);
  const gateway = await findGatewayKey(db, expiresAt, now);

  await abandonUnfinished(tools, job.exportId);
  const ids = {
    packageId: newId(),
    grantId: newId(),
    exportId: job.exportId,
    requestId: opened.row.requestId,
  };
  const shares = { recipient: fresh(32), licence: fresh(32) };
  await inTransaction(db, async (tx) => {
    await requireSupersedes(tx, job);
    await tx.sealedPackage.create({
      data: {
        ...{
          id: ids.packageId,
          exportId: ids.exportId,
          requestId: ids.requestId,
          grantId: ids.grantId,
        },
        ...{ state: 'sealing', supersedes: job.supersedes, gatewayId: gateway.gatewayId },
        ...{ deviceIds: [...recipient.deviceIds], expiresAt, createdAt: now },
      },
    });
  });
  const sealed = await sealPackage({
    path: packageFile(places, ids.packageId),
    facts: {
      packageId: ids.packageId,
      exportId: ids.exportId,
      requestId: ids.requestId,
      siteId: site.siteId,
      gatewayId: gateway.gatewayId,
      supersedes: job.supersedes,
      expiresAt: expiresAt.toISOString(),
      recipientOfficerId: recipient.officerId,
      checkpoint: { treeSize: tools.ledger.size, rootHash: toHex(await tools.ledger.root()) },
      suite: 1,
    },
    manifest: await makeManifest(tools, opened, {
      packageId: ids.packageId,
      release,
      rendered,
      recipient,
      now,
    }),
    custody: await makeCustody(db, opened, rendered),
    clip: { id: 'clip.mp4', ...inputOf(tools, rendered.clip) },
    report: inputOf(tools, rendered.report),
    approvals: { request: opened.request.jws, release: release.jws },
    people: {
      requesters: [...opened.parties.requesters],
      preparers: [...opened.parties.preparers],
    },
    recipients: recipient.certificates,
    random: {
      recipientShare: shares.recipient,
      licenceShare: shares.licence,
      nonceBase: fresh(12),
    },
    signer: tools.signer,
    trust: await getTrust(db),
    now,
    commit: (done) => commitRoot(db, ids.packageId, done),
    signal,
  });
  const grant = await signLicenceGrant({
    header: sealed.view.header,
    licenceShare: shares.licence,
    gatewayKey: gateway.key,
    policy: {
      grantId: ids.grantId,
      version: 1,
      notBefore: now.toISOString(),
      notAfter: expiresAt.toISOString(),
      plays: scope.plays,
      offlineLease: false,
      at: now.toISOString(),
    },
    signer: tools.signer,
  });
  for (const share of Object.values(shares)) share.fill(0);
  await keepLeaves(sealed);
  await inTransaction(db, (tx) => finishSealing(tx, tools, { job, ids, sealed, grant }));
}

/** The leaf table travels in frames of its own: it is the tail of the package file. */
async function keepLeaves({ path, view, sizeBytes }: Sealed): Promise<void> {
  const segmentCount = view.header.entries.reduce((sum, entry) => sum + entry.segmentCount, 0);
  const table = new Uint8Array(segmentCount * LEAF_BYTES);
  const file = await open(path, 'r');
  try {
    const { bytesRead } = await file.read(table, 0, table.length, sizeBytes - table.length);
    if (bytesRead !== table.length) throw new SallyportError('ERR_SEAL_TRUNCATED');
  } finally {
    await file.close();
  }
  await writeFileDurably(leavesOf(path), table);
}

/** Id and root are on record before the package has a name; only the finish lets it out. */
async function commitRoot(
  db: Database,
  packageId: string,
  { view, sizeBytes }: Sealed,
): Promise<void> {
  const { root, entries } = view.header;
  const segmentCount = entries.reduce((sum, entry) => sum + entry.segmentCount, 0);
  await db.sealedPackage.update({
    where: { id: packageId },
    data: { root, sizeBytes, segmentCount },
  });
}

async function finishSealing(
  tx: Transaction,
  tools: SealTools,
  done: {
    readonly job: ClaimedJob;
    readonly ids: { packageId: string; grantId: string; exportId: string; requestId: string };
    readonly sealed: Sealed;
    readonly grant: string;
  },
): Promise<void> {
  const { job, grant } = done;
  const { packageId, grantId, exportId, requestId } = done.ids;
  const { root, supersedes } = done.sealed.view.header;
  const now = new Date();
  await finishJob(tx, job, tools.worker, now);
  await tx.sealedPackage.update({
    where: { id: packageId },
    data: { state: 'sealed', sealedAt: now, grantVersion: 1 },
  });
  await tx.outboundRecord.create({
    data: {
      ...{
        kind: 'licence-grant',
        dedupeKey: `licence-grant:${grantId}:1`,
        payload: canonicalize({ grantId, version: 1 }),
      },
      ...{ jws: grant, state: 'signed', createdAt: now, signedAt: now },
    },
  });
  if (supersedes !== null) await revokeGrant(tx, tools.site, { packageId: supersedes, now });
  const sealedEvent = {
    kind: 'package.sealed',
    requestId,
    exportId,
    packageId,
    root,
    supersedes,
  } as const;
  await recordEvent(tx, { at: now, actor: SEAL_ROLE, event: sealedEvent });
  await recordEvent(tx, {
    at: now,
    actor: SEAL_ROLE,
    event: { kind: 'licence.granted', packageId, grantId, version: 1 },
  });
  const move = { exportId, requestId, from: 'encrypting', to: 'transferring' } as const;
  await moveExport(tx, move, { progress: 'waiting', packageId }, now);
}

async function makeManifest(
  { db, site }: SealTools,
  { row, parties, details, request }: OpenedExport,
  facts: {
    readonly packageId: string;
    readonly release: { readonly scope: PackageManifest['releaseScope'] };
    readonly rendered: RenderedFacts;
    readonly recipient: Recipient;
    readonly now: Date;
  },
): Promise<PackageManifest> {
  const { packageId, release, rendered, recipient, now } = facts;
  const { fileId: _fileId, sizeBytes: _sizeBytes, codec, ...clip } = rendered.clip;
  const camera = await db.camera.findUniqueOrThrow({ where: { id: row.cameraId } });
  // Written by the choose step from the checked plan.
  const { style, targets } = row.plan as { style: MaskStyle; targets: string[] };
  const { documentNumber } = details;
  const coverage = rendered.coverage === undefined ? {} : { coverage: rendered.coverage };
  return {
    packageId,
    exportId: row.id,
    requestId: row.requestId,
    receiptNumber: row.request.receiptNumber,
    siteName: site.siteName,
    cameraName: camera.name,
    startsAt: row.startsAt.toISOString(),
    endsAt: row.endsAt.toISOString(),
    caseNumber: details.caseNumber,
    ...(documentNumber === undefined ? {} : { documentNumber }),
    recipientName: recipient.name,
    requestScope: request.scope,
    releaseScope: release.scope,
    clip: { entry: 'clip.mp4', contentType: `video/mp4; codecs="${codec}"`, ...clip },
    masking: { style, targets, trackCount: rendered.trackCount, ...coverage },
    watermark: { kind: 'none', reason: 'not built' },
    approvalPolicy: parties.policy,
    createdAt: now.toISOString(),
  };
}

/** Who did what to the footage, by pseudonymous ids. */
async function makeCustody(
  db: Database,
  { row }: OpenedExport,
  rendered: RenderedFacts,
): Promise<PackageCustody> {
  const footage = await db.footage.findUniqueOrThrow({ where: { id: row.footageId ?? '' } });
  const approvals = await db.approval.findMany({
    where: { requestId: row.requestId },
    orderBy: { at: 'asc' },
  });
  const render = await db.job.findFirst({
    where: { exportId: row.id, step: 'render', state: 'done' },
    orderBy: { finishedAt: 'desc' },
  });
  const signed = approvals.filter(({ exportId }) => exportId === null || exportId === row.id);
  const at = (time: Date | null): string => (time ?? row.createdAt).toISOString();
  return {
    steps: [
      {
        step: 'footage.imported',
        actorId: footage.importedById,
        at: at(footage.importedAt),
        sha256: footage.sha256,
      },
      {
        step: 'footage.chosen',
        actorId: row.preparedById,
        at: at(row.preparedAt),
        sha256: footage.sha256,
      },
      { step: 'masks.reviewed', actorId: row.reviewedById, at: at(row.reviewedAt) },
      {
        step: 'clip.rendered',
        actorId: null,
        at: at(render?.finishedAt ?? null),
        sha256: rendered.clip.sha256,
      },
      ...signed.map(({ kind, accountId, at: time, jwsSha256 }) => ({
        step: `${kind}-approval`,
        actorId: accountId,
        at: at(time),
        sha256: jwsSha256,
      })),
    ],
  };
}

function inputOf(
  { places, atRest }: SealTools,
  file: { readonly fileId: string; readonly sizeBytes: number },
) {
  const { fileId, sizeBytes } = file;
  return { sizeBytes, open: () => decryptAtRest(workFile(places, fileId), fileId, atRest) };
}

function fresh(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  bytes.set(randomBytes(length));
  return bytes;
}
