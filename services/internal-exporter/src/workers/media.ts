import { isSallyportError, type ErrorDetail, type LedgerActor } from '@sallyport/contracts';
import { runLoop } from '@sallyport/runtime';
import { runExport } from '../pipeline/run-export.ts';
import { jobRoots, wipeJobFolders } from '../pipeline/job-folder.ts';
import type { MediaTools } from '../pipeline/media-job.ts';
import type { RoleContext } from '../role-context.ts';
import { openFilePlaces, removeParts } from '../store/file-places.ts';
import { claimJob, failJob, isAbandoned, workerName, type ClaimedJob } from '../store/jobs.ts';

const ACTOR: LedgerActor = { kind: 'role', name: 'media' };
const STEPS = ['detect', 'render'] as const;
const REST_MS = 500;

/** Starts the media role: hostile input is opened here and nowhere else, and no lasting key is. */
export async function startMedia(context: RoleContext): Promise<void> {
  const { config, db, site, logger, lifecycle } = context;
  const places = await openFilePlaces(config.dataDirectory);
  const roots = jobRoots(places, site.siteId);
  await wipeJobFolders(db, roots, new Date());
  await removeParts(places.work);
  const tools: MediaTools = {
    db,
    site,
    places,
    jobRoots: roots,
    modelsFolder: config.modelsFolder,
    worker: workerName('media'),
  };
  const loop = runLoop({
    name: 'media',
    intervalMs: REST_MS,
    signal: lifecycle.signal,
    step: async (signal) => ((await mediaStep(tools, signal)) ? 'again' : 'rest'),
    onError: (err, name, failures) =>
      logger.error({ err, loop: name, failures }, 'a media step failed'),
  });
  lifecycle.onStop('media', () => loop.stopped);
}

/** Does one due step of one export; false when there is none. */
export async function mediaStep(tools: MediaTools, signal: AbortSignal): Promise<boolean> {
  const { db, worker } = tools;
  const job = await claimJob(db, { steps: STEPS, worker, now: new Date() });
  if (job === null) return false;
  try {
    if (isAbandoned(job)) await fail(tools, job, 'ERR_EXPORT_STEP_ABANDONED');
    else await runMediaStep(tools, job, signal);
  } catch (error) {
    // A stop is no failure of the step: its lease ends and the next process takes it up.
    if (signal.aborted) await giveBack(tools, job);
    else if (isSallyportError(error)) await fail(tools, job, error.code, error.detail);
    else await fail(tools, job, 'ERR_INTERNAL');
    if (!isSallyportError(error) && !signal.aborted) throw error;
  }
  return true;
}

async function runMediaStep(
  tools: MediaTools,
  job: ClaimedJob,
  signal: AbortSignal,
): Promise<void> {
  await tools.db.export.update({
    where: { id: job.exportId },
    data: { progress: 'running', percent: 0, failure: null },
  });
  if (job.step === 'detect') await runExport.detect(tools, job, signal);
  else await runExport.render(tools, job, signal);
}

async function fail(
  tools: MediaTools,
  job: ClaimedJob,
  code: string,
  detail: ErrorDetail = {},
): Promise<void> {
  const { db, worker } = tools;
  await failJob(db, job, { code, detail, worker, actor: ACTOR, now: new Date() });
}

async function giveBack(tools: MediaTools, job: ClaimedJob): Promise<void> {
  await tools.db.job.updateMany({
    where: { id: job.id, claimedBy: tools.worker, state: 'running' },
    data: { state: 'waiting', attempts: { decrement: 1 }, leaseUntil: null },
  });
}
