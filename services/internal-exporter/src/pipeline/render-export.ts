import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  SallyportError,
  canonicalBytes,
  parseMaskPlan,
  type LedgerActor,
  type MaskPlan,
} from '@sallyport/contracts';
import {
  buildReport,
  maskPlanDigest,
  renderMasked,
  type Detection,
  type RenderedClip,
} from '@sallyport/media';
import type { RenderedFacts } from '../store/rendered-facts.ts';
import { readAtRest, writeAtRest } from '../store/at-rest.ts';
import { inTransaction, toJson } from '../store/database.ts';
import { workFile } from '../store/file-places.ts';
import { newId } from '../store/ids.ts';
import { finishJob, moveExport, type ClaimedJob } from '../store/jobs.ts';
import { recordEvent } from '../store/ledger-outbox.ts';
import { obtainFileKey } from './job-keys.ts';
import { withMediaJob, workReaders, type MediaJob, type MediaTools } from './media-job.ts';

const MEDIA_ROLE: LedgerActor = { kind: 'role', name: 'media' };

/** Step 7: one pass decode → mask → encode by the reviewed plan, checked; ends in `release-approval`. */
export async function renderExport(
  tools: MediaTools,
  job: ClaimedJob,
  signal: AbortSignal,
): Promise<void> {
  await withMediaJob(tools, job, signal, async (opened) => {
    const plan = passWatermark(await readReviewedPlan(tools, opened));
    const output = join(opened.folder, 'clip.mp4');
    const clip = await renderMasked(opened.original, plan, output, {
      range: opened.plan.range,
      modelDirectory: tools.modelsFolder ?? undefined,
      signal: opened.signal,
      onProgress: opened.onProgress,
    });
    if (!clip.check.passed) throw new SallyportError('ERR_MEDIA_MASK_CHECK_FAILED');
    await keepRendered(tools, opened, { plan, clip, output });
  });
}

/** The watermark is not built: the step says so in the plan, and every document after it repeats that. */
function passWatermark(plan: MaskPlan): MaskPlan {
  return { ...plan, watermark: { kind: 'none', reason: 'not built' } };
}

/** @throws SallyportError ERR_MEDIA_PLAN_MISMATCH when the file is not the plan that was reviewed */
async function readReviewedPlan(
  tools: MediaTools,
  { job, row, signal }: MediaJob,
): Promise<MaskPlan> {
  const known = await tools.db.maskPlanVersion.findFirst({
    where: { exportId: row.id, version: row.reviewedVersion ?? -1 },
  });
  if (known === null) throw new SallyportError('ERR_MEDIA_PLAN_MISMATCH');
  const key = await obtainFileKey(tools.db, { jobId: job.id, fileId: known.fileId }, signal);
  const pieces: Buffer[] = [];
  for await (const piece of readAtRest(workFile(tools.places, known.fileId), key))
    pieces.push(piece);
  key.fill(0);
  const plan = parseMaskPlan(JSON.parse(Buffer.concat(pieces).toString('utf8')));
  if (plan.version !== known.version || maskPlanDigest(plan) !== known.sha256) {
    throw new SallyportError('ERR_MEDIA_PLAN_MISMATCH');
  }
  return plan;
}

async function keepRendered(
  tools: MediaTools,
  { job, row }: MediaJob,
  made: { readonly plan: MaskPlan; readonly clip: RenderedClip; readonly output: string },
): Promise<void> {
  const { plan, clip, output } = made;
  const files = { clip: newId(), report: newId() };
  const readers = workReaders(tools.site);
  // Written by the detect step from media's own answer.
  const models = row.models as unknown as Detection['models'];
  const reportBytes = canonicalBytes(buildReport(plan, clip, models));
  const clipPath = workFile(tools.places, files.clip);
  const reportPath = workFile(tools.places, files.report);
  try {
    const kept = await writeAtRest(clipPath, createReadStream(output), {
      fileId: files.clip,
      readers,
    });
    if (kept.sha256 !== clip.sha256)
      throw new SallyportError('ERR_MEDIA_ENCODE_FAILED', { detail: { fault: 'digest' } });
    const report = await writeAtRest(reportPath, [reportBytes], { fileId: files.report, readers });
    const { sha256, sizeBytes, codec, width, height, durationMs, frameCount } = clip;
    const rendered: RenderedFacts = {
      planVersion: plan.version,
      clip: { fileId: files.clip, sha256, sizeBytes, codec, width, height, durationMs, frameCount },
      report: { fileId: files.report, ...report },
      trackCount: plan.tracks.length,
      ...(plan.coverage === undefined ? {} : { coverage: plan.coverage }),
    };
    await commitRendered(tools, { job, row, rendered });
  } catch (error) {
    await Promise.all([clipPath, reportPath].map((path) => rm(path, { force: true })));
    throw error;
  }
}

async function commitRendered(
  tools: MediaTools,
  { job, row, rendered }: Pick<MediaJob, 'job' | 'row'> & { readonly rendered: RenderedFacts },
): Promise<void> {
  const now = new Date();
  const { id: exportId, requestId } = row;
  await inTransaction(tools.db, async (tx) => {
    await finishJob(tx, job, tools.worker, now);
    await tx.export.update({ where: { id: exportId }, data: { rendered: toJson(rendered) } });
    const digests = { clipSha256: rendered.clip.sha256, reportSha256: rendered.report.sha256 };
    await recordEvent(tx, {
      at: now,
      actor: MEDIA_ROLE,
      event: { kind: 'clip.rendered', requestId, exportId, ...digests },
    });
    const move = { exportId, requestId, from: 'watermarking', to: 'release-approval' } as const;
    await moveExport(tx, move, { progress: 'waiting' }, now);
  });
}
