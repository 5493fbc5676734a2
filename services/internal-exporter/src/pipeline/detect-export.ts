import { rm } from 'node:fs/promises';
import {
  canonicalBytes,
  isSallyportError,
  type ErrorCode,
  type LedgerActor,
  type MaskPlan,
  type ProbeReport,
} from '@sallyport/contracts';
import {
  buildPlan,
  detectTracks,
  maskPlanDigest,
  previewFrames,
  probe,
  type Detection,
} from '@sallyport/media';
import { writeAtRest } from '../store/at-rest.ts';
import { inTransaction, toJson } from '../store/database.ts';
import { workFile } from '../store/file-places.ts';
import { newId } from '../store/ids.ts';
import { finishJob, moveExport, type ClaimedJob } from '../store/jobs.ts';
import { recordEvent } from '../store/ledger-outbox.ts';
import {
  previewReaders,
  withMediaJob,
  workReaders,
  type MediaJob,
  type MediaTools,
} from './media-job.ts';

const MEDIA_ROLE: LedgerActor = { kind: 'role', name: 'media' };
/** What footage can be at fault of: it is refused, and the operator chooses other footage. */
const NOT_A_VIDEO: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'ERR_MEDIA_EMPTY',
  'ERR_MEDIA_NOT_VIDEO',
  'ERR_MEDIA_CODEC_UNSUPPORTED',
  'ERR_MEDIA_UNREADABLE',
  'ERR_MEDIA_TOO_LARGE',
]);
const MOST_PREVIEWS = 120;
const PREVIEW_EVERY_MS = 1_000;
const JPEG_BATCH = 20;

/** Step 5: original verified, read, looked through for figures; ends in `mask-review`. */
export async function detectExport(
  tools: MediaTools,
  job: ClaimedJob,
  signal: AbortSignal,
): Promise<void> {
  await withMediaJob(tools, job, signal, async (opened) => {
    const report = await probeOrRefuse(tools, opened);
    if (report === null) return;
    await enterMasking(tools, opened, report);
    const { plan: wanted, original } = opened;
    const detection = await detectTracks(original, {
      targets: wanted.targets,
      modelDirectory: tools.modelsFolder ?? undefined,
      range: wanted.range,
      signal: opened.signal,
      onProgress: opened.onProgress,
    });
    const version = (opened.row.planVersion ?? 0) + 1;
    const plan = buildPlan(detection, { style: wanted.style, version });
    const previews = await keepPreviews(tools, opened, plan);
    await keepPlan(tools, opened, { plan, previews, models: detection.models });
  });
}

/** Null when the footage is no video: then it is refused and the export waits for other footage. */
async function probeOrRefuse(
  tools: MediaTools,
  { job, row, footage, original, signal }: MediaJob,
): Promise<ProbeReport | null> {
  try {
    return await probe(original, { signal });
  } catch (error) {
    if (!isSallyportError(error) || !NOT_A_VIDEO.has(error.code)) throw error;
    const { code } = error;
    const now = new Date();
    await inTransaction(tools.db, async (tx) => {
      await finishJob(tx, job, tools.worker, now);
      await tx.footage.update({
        where: { id: footage.id },
        data: { state: 'refused', failure: code },
      });
      const { cameraId } = footage;
      await recordEvent(tx, {
        at: now,
        actor: MEDIA_ROLE,
        event: { kind: 'footage.refused', cameraId, failure: code },
      });
      const move = {
        exportId: row.id,
        requestId: row.requestId,
        from: 'transcoding',
        to: 'acquiring',
      } as const;
      await moveExport(tx, move, { progress: 'failed', failure: code }, now);
    });
    return null;
  }
}

/** The original has its digest and is a video: that is the plan's ground. An earlier attempt may have come this far. */
async function enterMasking(
  tools: MediaTools,
  { row, footage }: MediaJob,
  report: ProbeReport,
): Promise<void> {
  const now = new Date();
  const endsAt =
    report.durationMs === undefined
      ? null
      : new Date(footage.startsAt.getTime() + report.durationMs);
  await inTransaction(tools.db, async (tx) => {
    await tx.footage.update({
      where: { id: footage.id },
      data: { state: 'usable', probe: toJson(report), endsAt },
    });
    if (row.state === 'masking') return;
    const { id: exportId, requestId } = row;
    await recordEvent(tx, {
      at: now,
      actor: MEDIA_ROLE,
      event: {
        kind: 'export.planned',
        requestId,
        exportId,
        footageId: footage.id,
        footageSha256: footage.sha256,
      },
    });
    await moveExport(
      tx,
      { exportId, requestId, from: 'transcoding', to: 'masking' },
      { progress: 'running' },
      now,
    );
  });
}

/** Small unmasked pictures, each a file that only api can open. */
async function keepPreviews(
  tools: MediaTools,
  { original, plan: { range }, signal }: MediaJob,
  plan: MaskPlan,
): Promise<{ fileId: string; atMs: number }[]> {
  const everyMs = Math.max(PREVIEW_EVERY_MS, Math.ceil(plan.durationMs / MOST_PREVIEWS));
  const times = Array.from(
    { length: Math.floor(plan.durationMs / everyMs) + 1 },
    (_, n) => n * everyMs,
  ).filter((atMs) => atMs === 0 || atMs < plan.durationMs);
  const kept: { fileId: string; atMs: number }[] = [];
  for (let from = 0; from < times.length; from += JPEG_BATCH) {
    const batch = times.slice(from, from + JPEG_BATCH);
    for (const { atMs, jpeg } of await previewFrames(original, batch, { range, signal })) {
      const fileId = newId();
      const path = workFile(tools.places, fileId);
      await writeAtRest(path, [jpeg], { fileId, readers: previewReaders(tools.site) });
      kept.push({ fileId, atMs });
    }
  }
  return kept;
}

async function keepPlan(
  tools: MediaTools,
  { job, row }: MediaJob,
  found: {
    readonly plan: MaskPlan;
    readonly previews: readonly { fileId: string; atMs: number }[];
    readonly models: Detection['models'];
  },
): Promise<void> {
  const { plan, previews, models } = found;
  const fileId = newId();
  const path = workFile(tools.places, fileId);
  await writeAtRest(path, [canonicalBytes(plan)], { fileId, readers: workReaders(tools.site) });
  const now = new Date();
  const { id: exportId, requestId } = row;
  try {
    await inTransaction(tools.db, async (tx) => {
      await finishJob(tx, job, tools.worker, now);
      const { version } = plan;
      await tx.maskPlanVersion.create({
        data: { exportId, version, fileId, sha256: maskPlanDigest(plan), createdAt: now },
      });
      await tx.export.update({
        where: { id: exportId },
        data: { planVersion: version, models: toJson(models), previews: toJson(previews) },
      });
      const counts = { trackCount: plan.tracks.length, doubtCount: plan.doubts.length };
      await recordEvent(tx, {
        at: now,
        actor: MEDIA_ROLE,
        event: { kind: 'tracks.detected', requestId, exportId, ...counts },
      });
      await moveExport(
        tx,
        { exportId, requestId, from: 'masking', to: 'mask-review' },
        { progress: 'waiting' },
        now,
      );
    });
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}
