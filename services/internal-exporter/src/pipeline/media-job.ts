import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SallyportError } from '@sallyport/contracts';
import type { MediaProgress } from '@sallyport/media';
import type { ExportPlan } from '../domain/plan-export.ts';
import { parseExportPlan } from '../store/export-plan.ts';
import type { Export, Footage } from '../generated/prisma/client.ts';
import { digesting, readAtRest, type AtRestReader } from '../store/at-rest.ts';
import type { Database } from '../store/database.ts';
import { footageFile, type FilePlaces } from '../store/file-places.ts';
import { keepJob, type ClaimedJob } from '../store/jobs.ts';
import type { Site } from '../store/site.ts';
import { obtainFileKey } from './job-keys.ts';
import { openJobFolder } from './job-folder.ts';

/** What the media role works with: no lasting key among it. */
export interface MediaTools {
  readonly db: Database;
  readonly site: Site;
  readonly places: FilePlaces;
  readonly jobRoots: readonly [memory: string, disk: string];
  readonly modelsFolder: string | null;
  readonly worker: string;
}

/** One claimed job with its export, its footage in the clear, and its folder. */
export interface MediaJob {
  readonly job: ClaimedJob;
  readonly row: Export;
  readonly footage: Footage;
  readonly plan: ExportPlan;
  readonly folder: string;
  /** The original, decrypted; its digest was the one taken at intake. */
  readonly original: string;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: MediaProgress) => void;
}

const BEAT_MS = 4_000;

/**
 * Opens the footage of a job, runs `work` while the lease is kept, and wipes the folder whatever
 * happens.
 *
 * @throws SallyportError ERR_FOOTAGE_DIGEST_MISMATCH, ERR_EXPORT_KEY_WAIT, whatever `work` throws
 */
export async function withMediaJob(
  tools: MediaTools,
  job: ClaimedJob,
  signal: AbortSignal,
  work: (opened: MediaJob) => Promise<void>,
): Promise<void> {
  const row = await tools.db.export.findUniqueOrThrow({
    where: { id: job.exportId },
    include: { footage: true },
  });
  const { footage } = row;
  if (footage === null) throw new SallyportError('ERR_FOOTAGE_UNKNOWN');
  if (footage.state === 'destroyed') throw new SallyportError('ERR_FOOTAGE_DESTROYED');
  const plan = parseExportPlan(row.plan);
  const lease = keepLease(tools, job, signal);
  const folder = await openJobFolder(tools.jobRoots, job.id, Number(footage.sizeBytes));
  try {
    const original = join(folder, 'original');
    await openOriginal(tools, job, footage, original, lease.signal);
    await work({
      job,
      row,
      footage,
      plan,
      folder,
      original,
      signal: lease.signal,
      onProgress: lease.onProgress,
    });
  } finally {
    await lease.end();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The public keys that plans, clips and reports are encrypted to: seal's and api's. */
export function workReaders(site: Site): readonly AtRestReader[] {
  return [{ purpose: 'data-key', ...site.atRestKey }, ...previewReaders(site)];
}

/** Pictures for review: api's alone. */
export function previewReaders(site: Site): readonly AtRestReader[] {
  return [{ purpose: 'preview-key', ...site.previewKey }];
}

/** Decrypts into the job's folder and compares the digest with the one taken at intake. */
async function openOriginal(
  tools: MediaTools,
  job: ClaimedJob,
  footage: Footage,
  target: string,
  signal: AbortSignal,
): Promise<void> {
  const key = await obtainFileKey(tools.db, { jobId: job.id, fileId: footage.id }, signal);
  const hash = createHash('sha256');
  const plain = readAtRest(footageFile(tools.places, footage.id), key);
  await pipeline(digesting(plain, hash), createWriteStream(target, { mode: 0o600, flags: 'wx' }), {
    signal,
  });
  key.fill(0);
  if (hash.digest('hex') !== footage.sha256)
    throw new SallyportError('ERR_FOOTAGE_DIGEST_MISMATCH');
}

/** Prolongs the lease while the work goes on; aborts the work when another worker has taken it over. */
function keepLease(tools: MediaTools, job: ClaimedJob, outer: AbortSignal) {
  const controller = new AbortController();
  let percent: number | null = null;
  let beating = Promise.resolve();
  const beat = async (): Promise<void> => {
    try {
      const kept = await keepJob(tools.db, job, { worker: tools.worker, percent, now: new Date() });
      if (!kept)
        controller.abort(new SallyportError('ERR_EXPORT_STATE', { detail: { job: 'taken over' } }));
    } catch (error) {
      // Without the database nobody can say whose job this is.
      controller.abort(error);
    }
  };
  const timer = setInterval(() => {
    beating = beating.then(beat);
  }, BEAT_MS);
  return {
    signal: AbortSignal.any([outer, controller.signal]),
    onProgress: ({ doneMs, totalMs }: MediaProgress): void => {
      if (totalMs !== undefined && totalMs > 0)
        percent = Math.min(99, Math.floor((100 * doneMs) / totalMs));
    },
    end: async (): Promise<void> => {
      clearInterval(timer);
      await beating;
    },
  };
}
