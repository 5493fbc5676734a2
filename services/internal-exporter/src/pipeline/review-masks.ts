import { rm } from 'node:fs/promises';
import {
  SallyportError,
  type LedgerActor,
  type MaskEdit,
  type MaskPlan,
} from '@sallyport/contracts';
import { editMaskPlan } from '../domain/edit-mask-plan.ts';
import type { AtRestOpener } from '../store/at-rest.ts';
import { inTransaction, isDuplicate, type Database } from '../store/database.ts';
import { workFile, type FilePlaces } from '../store/file-places.ts';
import { newId } from '../store/ids.ts';
import { moveExport, queueStep } from '../store/jobs.ts';
import { recordEvent } from '../store/ledger-outbox.ts';
import type { Site } from '../store/site.ts';
import { readMaskPlan, writeMaskPlan } from '../store/work-documents.ts';

/** What api reviews with: the preview key opens plans, pictures and clips, never originals. */
export interface ReviewTools {
  readonly db: Database;
  readonly site: Site;
  readonly places: FilePlaces;
  readonly previewKey: AtRestOpener;
}

/** The newest plan of an export, its version and digest. */
export interface NewestPlan {
  readonly version: number;
  readonly planSha256: string;
  readonly plan: MaskPlan;
}

/** @throws SallyportError ERR_PREVIEW_UNKNOWN before detection has finished */
export async function findNewestPlan(tools: ReviewTools, exportId: string): Promise<NewestPlan> {
  const row = await tools.db.maskPlanVersion.findFirst({
    where: { exportId },
    orderBy: { version: 'desc' },
  });
  if (row === null) throw new SallyportError('ERR_PREVIEW_UNKNOWN');
  const plan = await readMaskPlan(tools.places, row.fileId, tools.previewKey);
  return { version: row.version, planSha256: row.sha256, plan };
}

/**
 * Step 6: an operator's changes as the next version of the plan. A clip that was rendered already,
 * or could not be, goes back to review with that.
 *
 * @param change.basedOn the version the operator saw; refused when it is not the newest
 * @throws SallyportError ERR_EXPORT_STATE, ERR_EXPORT_VERSION_MISMATCH, ERR_MEDIA_PLAN_INVALID
 */
export async function editMasks(
  tools: ReviewTools,
  change: {
    readonly exportId: string;
    readonly basedOn: number;
    readonly edits: readonly MaskEdit[];
    readonly accountId: string;
    readonly actor: LedgerActor;
  },
  now: Date,
): Promise<{ version: number; planSha256: string }> {
  const { exportId, edits, accountId, actor } = change;
  const from = await requireReviewable(tools.db, exportId);
  const newest = await findNewestPlan(tools, exportId);
  if (newest.version !== change.basedOn) throw mismatch(newest.version);
  const plan = editMaskPlan(newest.plan, edits, edits.map(newId));
  const { fileId, sha256 } = await writeMaskPlan(tools.places, plan, tools.site);
  const { version } = plan;
  try {
    await inTransaction(tools.db, async (tx) => {
      await tx.maskPlanVersion.create({
        data: { exportId, version, fileId, sha256, authorId: accountId, createdAt: now },
      });
      const { count } = await tx.export.updateMany({
        where: { id: exportId, state: from, planVersion: newest.version },
        data: { planVersion: version, updatedAt: now },
      });
      if (count === 0) throw mismatch(version);
      const { requestId } = await tx.export.findUniqueOrThrow({ where: { id: exportId } });
      if (from !== 'mask-review') {
        await moveExport(
          tx,
          { exportId, requestId, from, to: 'mask-review' },
          { progress: 'waiting' },
          now,
        );
      }
      await recordEvent(tx, {
        at: now,
        actor,
        event: { kind: 'masks.edited', requestId, exportId, version, planSha256: sha256 },
      });
    });
  } catch (error) {
    await rm(workFile(tools.places, fileId), { force: true });
    throw isDuplicate(error) ? mismatch(version) : error;
  }
  return { version, planSha256: sha256 };
}

/**
 * Step 6: the operator has looked through this version and lets it be rendered.
 *
 * @throws SallyportError ERR_EXPORT_UNKNOWN, ERR_EXPORT_STATE, ERR_EXPORT_VERSION_MISMATCH
 */
export async function reviewMasks(
  db: Database,
  review: {
    readonly exportId: string;
    readonly version: number;
    readonly accountId: string;
    readonly actor: LedgerActor;
  },
  now: Date,
): Promise<void> {
  const { exportId, version, accountId, actor } = review;
  await inTransaction(db, async (tx) => {
    const row = await tx.export.findUnique({ where: { id: exportId } });
    if (row === null) throw new SallyportError('ERR_EXPORT_UNKNOWN');
    if (row.planVersion !== version) throw mismatch(row.planVersion ?? 0);
    const plan = await tx.maskPlanVersion.findUniqueOrThrow({
      where: { exportId_version: { exportId, version } },
    });
    await tx.export.update({
      where: { id: exportId },
      data: { reviewedVersion: version, reviewedById: accountId, reviewedAt: now },
    });
    const { requestId } = row;
    await recordEvent(tx, {
      at: now,
      actor,
      event: { kind: 'masks.reviewed', requestId, exportId, version, planSha256: plan.sha256 },
    });
    await queueStep(tx, { exportId, requestId, from: 'mask-review', step: 'render' }, { now });
  });
}

async function requireReviewable(
  db: Database,
  exportId: string,
): Promise<'mask-review' | 'watermarking' | 'release-approval'> {
  const row = await db.export.findUnique({ where: { id: exportId } });
  if (row === null) throw new SallyportError('ERR_EXPORT_UNKNOWN');
  const { state, progress } = row;
  if (state === 'mask-review' || state === 'release-approval') return state;
  if (state === 'watermarking' && progress === 'failed') return state;
  throw new SallyportError('ERR_EXPORT_STATE', { detail: { state } });
}

function mismatch(newest: number): SallyportError {
  return new SallyportError('ERR_EXPORT_VERSION_MISMATCH', { detail: { newest } });
}
