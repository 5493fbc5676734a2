import {
  FailureDetail,
  SallyportError,
  parse,
  type ConsoleExport,
  type ConsoleFootage,
  type FootageSource,
  type FootageState,
  type RequestState,
  type StepProgress,
} from '@sallyport/contracts';
import { getPolicy } from '../acts/policy.ts';
import { parseExportPlan } from '../store/export-plan.ts';
import { RenderedFacts } from '../store/rendered-facts.ts';
import type { Footage, SealedPackage } from '../generated/prisma/client.ts';
import type { Database } from '../store/database.ts';
import { footageName } from '../store/footage.ts';
import type { PersonalFields } from '../store/personal-fields.ts';

/** An export as the console shows it. @throws SallyportError ERR_EXPORT_UNKNOWN */
export async function showExport(db: Database, exportId: string): Promise<ConsoleExport> {
  const row = await db.export.findUnique({
    where: { id: exportId },
    include: { footage: true, packages: { orderBy: { createdAt: 'asc' } } },
  });
  if (row === null) throw new SallyportError('ERR_EXPORT_UNKNOWN');
  const camera = await db.camera.findUnique({ where: { id: row.cameraId } });
  const plan = row.plan === null ? null : parseExportPlan(row.plan);
  const rendered =
    row.rendered === null ? null : parse(RenderedFacts, row.rendered, 'ERR_INTERNAL');
  const { policy } = await getPolicy(db);
  return {
    exportId,
    requestId: row.requestId,
    itemId: row.itemId,
    // Columns hold the literals this service writes.
    state: row.state as RequestState,
    progress: row.progress as StepProgress,
    percent: row.percent,
    ...(row.failure === null ? {} : { failure: row.failure }),
    failureDetail: failureDetailOf(row),
    ...(row.packageId === null ? {} : { packageId: row.packageId }),
    cameraId: row.cameraId,
    cameraName: camera?.name ?? row.cameraId,
    startsAt: row.startsAt.toISOString(),
    endsAt: row.endsAt.toISOString(),
    footageId: row.footageId,
    footageSha256: row.footage?.sha256 ?? null,
    preparedAt: row.preparedAt?.toISOString() ?? null,
    style: plan?.style ?? policy.maskStyle,
    targets: plan?.targets ?? [],
    planVersion: row.planVersion,
    reviewedVersion: row.reviewedVersion,
    previewCount: Array.isArray(row.previews) ? row.previews.length : 0,
    clipSha256: rendered?.clip.sha256 ?? null,
    clipSizeBytes: rendered?.clip.sizeBytes ?? null,
    reportSha256: rendered?.report.sha256 ?? null,
    watermark: { kind: 'none', reason: 'not built' },
    packages: row.packages.filter(({ state }) => state !== 'abandoned').map(showPackage),
  };
}

/** Footage as the console shows it. */
export function showFootage(row: Footage, personal: PersonalFields): ConsoleFootage {
  return {
    footageId: row.id,
    cameraId: row.cameraId,
    startsAt: row.startsAt.toISOString(),
    endsAt: row.endsAt?.toISOString() ?? null,
    name: footageName(row, personal),
    sha256: row.sha256,
    sizeBytes: Number(row.sizeBytes),
    source: row.source as FootageSource,
    state: row.state as FootageState,
    failure: row.failure,
    probe: row.probe as ConsoleFootage['probe'], // written from media's own answer
    importedAt: row.importedAt.toISOString(),
  };
}

function showPackage(row: SealedPackage): ConsoleExport['packages'][number] {
  return {
    packageId: row.id,
    supersedes: row.supersedes,
    state: stateOf(row),
    failure: row.failure,
    deviceCount: row.deviceIds.length,
    sizeBytes: row.sizeBytes === null ? null : Number(row.sizeBytes),
    root: row.root,
    expiresAt: row.expiresAt.toISOString(),
    sealedAt: row.sealedAt?.toISOString() ?? null,
    sentAt: row.sentAt?.toISOString() ?? null,
    receivedAt: row.receivedAt?.toISOString() ?? null,
  };
}

/** `received` only by the gateway's own word. */
function stateOf(row: SealedPackage): ConsoleExport['packages'][number]['state'] {
  if (row.state === 'superseded' || row.state === 'sealing') return row.state;
  if (row.receivedAt !== null) return row.failure === null ? 'received' : 'quarantined';
  return row.sentAt === null ? 'sealed' : 'sent';
}

/** Only beside the failure it belongs to: a later step may have failed without facts. */
function failureDetailOf(row: {
  readonly failure: string | null;
  readonly failureDetail: unknown;
}): ConsoleExport['failureDetail'] {
  if (row.failure === null || row.failureDetail === null) return null;
  const { code, ...detail } = parse(FailureDetail, row.failureDetail, 'ERR_INTERNAL');
  return code === row.failure ? detail : null;
}
