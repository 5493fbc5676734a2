import { publishStatus } from './request-status.ts';
import { inTransaction, toJson, type Database, type Transaction } from './database.ts';
import { newId } from './ids.ts';
import { recordEvent } from './ledger-outbox.ts';
import {
  MOST_ATTEMPTS,
  assertMove,
  judgeFailure,
  stateOfStep,
  type ExportStep,
} from '../domain/export-steps.ts';
import {
  SallyportError,
  type ErrorDetail,
  type LedgerActor,
  type RequestState,
  type StepProgress,
} from '@sallyport/contracts';

const LEASE_MS = 20_000;

/** A claimed step: this process works on it until its lease ends. */
export interface ClaimedJob {
  readonly id: string;
  readonly exportId: string;
  readonly step: ExportStep;
  readonly attempts: number;
  readonly supersedes: string | null;
}

/**
 * Moves an export and queues the step that its new state waits for, in one transaction. The state it
 * must still have guards against two people acting at once.
 *
 * @throws SallyportError ERR_EXPORT_STATE
 */
export async function queueStep(
  tx: Transaction,
  move: {
    readonly exportId: string;
    readonly requestId: string;
    readonly from: RequestState;
    readonly step: ExportStep;
  },
  options: { readonly now: Date; readonly supersedes?: string },
): Promise<void> {
  await moveExport(
    tx,
    { ...move, to: stateOfStep(move.step) },
    { progress: 'waiting' },
    options.now,
  );
  await tx.job.create({
    data: {
      id: newId(),
      exportId: move.exportId,
      step: move.step,
      state: 'waiting',
      notBefore: options.now,
      createdAt: options.now,
      supersedes: options.supersedes ?? null,
    },
  });
}

/**
 * Moves an export from one state to another and tells it outward.
 *
 * @throws SallyportError ERR_EXPORT_STATE when it is not in `from` any more, or there is no such move
 */
export async function moveExport(
  tx: Transaction,
  move: {
    readonly exportId: string;
    readonly requestId: string;
    readonly from: RequestState;
    readonly to: RequestState;
  },
  change: {
    readonly progress: StepProgress;
    readonly percent?: number;
    readonly failure?: string | null;
    readonly packageId?: string;
  },
  now: Date,
): Promise<void> {
  if (move.from !== move.to) assertMove(move.from, move.to);
  const { count } = await tx.export.updateMany({
    where: { id: move.exportId, state: move.from },
    data: { state: move.to, percent: 0, failure: null, updatedAt: now, ...change },
  });
  if (count === 0)
    throw new SallyportError('ERR_EXPORT_STATE', { detail: { expected: move.from } });
  await publishStatus(tx, move.requestId, now);
}

/** Takes the oldest step that is due or whose worker has died; null when there is none. */
export async function claimJob(
  db: Database,
  options: { readonly steps: readonly ExportStep[]; readonly worker: string; readonly now: Date },
): Promise<ClaimedJob | null> {
  const { worker, now } = options;
  const rows = await db.$queryRaw<ClaimedJob[]>`
    UPDATE "Job" SET "state" = 'running', "claimedBy" = ${worker}, "attempts" = "attempts" + 1,
      "leaseUntil" = ${leaseEnd(now)}
    WHERE "id" = (
      SELECT "id" FROM "Job"
      WHERE "step" = ANY(${[...options.steps]})
        AND (("state" = 'waiting' AND "notBefore" <= ${now}) OR ("state" = 'running' AND "leaseUntil" < ${now}))
      ORDER BY "notBefore" FOR UPDATE SKIP LOCKED LIMIT 1)
    RETURNING "id", "exportId", "step", "attempts", "supersedes"`;
  return rows[0] ?? null;
}

/** Too many workers died over this step: something about it kills them. */
export function isAbandoned(job: ClaimedJob): boolean {
  return job.attempts > MOST_ATTEMPTS;
}

/** Prolongs the lease and shows progress; false when another worker has taken the step over. */
export async function keepJob(
  db: Database,
  job: ClaimedJob,
  options: { readonly worker: string; readonly percent: number | null; readonly now: Date },
): Promise<boolean> {
  const { count } = await db.job.updateMany({
    where: { id: job.id, claimedBy: options.worker, state: 'running' },
    data: { leaseUntil: leaseEnd(options.now) },
  });
  if (count > 0 && options.percent !== null) {
    await db.export.updateMany({
      where: { id: job.exportId, progress: 'running' },
      data: { percent: options.percent, updatedAt: options.now },
    });
  }
  return count > 0;
}

/**
 * Marks the step done; the caller moves the export in the same transaction.
 *
 * @throws SallyportError ERR_EXPORT_STATE when another worker has taken it over
 */
export async function finishJob(
  tx: Transaction,
  job: ClaimedJob,
  worker: string,
  now: Date,
): Promise<void> {
  const { count } = await tx.job.updateMany({
    where: { id: job.id, claimedBy: worker, state: 'running' },
    data: { state: 'done', finishedAt: now, leaseUntil: null },
  });
  if (count === 0) throw new SallyportError('ERR_EXPORT_STATE', { detail: { job: 'taken over' } });
}

/** Keeps a failure: another try later, or a failed step that says why and waits for a person. */
export async function failJob(
  db: Database,
  job: ClaimedJob,
  failure: {
    readonly code: string;
    /** Kept for whoever mends it. */
    readonly detail?: ErrorDetail;
    readonly worker: string;
    readonly actor: LedgerActor;
    readonly now: Date;
  },
): Promise<'again' | 'failed' | 'lost'> {
  const { code, detail = {}, now } = failure;
  const verdict = judgeFailure(code, job.attempts, now);
  return inTransaction(db, async (tx) => {
    const again = verdict.kind === 'again';
    const { count } = await tx.job.updateMany({
      where: { id: job.id, claimedBy: failure.worker, state: 'running' },
      data: again
        ? { state: 'waiting', notBefore: verdict.notBefore, failure: code, leaseUntil: null }
        : { state: 'failed', finishedAt: now, failure: code, leaseUntil: null },
    });
    if (count === 0) return 'lost';
    const row = await tx.export.update({
      where: { id: job.exportId },
      data: {
        progress: again ? 'retrying' : 'failed',
        failure: code,
        failureDetail: toJson({ ...detail, code }),
        updatedAt: now,
      },
    });
    if (!again) {
      const { requestId, id: exportId } = row;
      await recordEvent(tx, {
        at: now,
        actor: failure.actor,
        event: { kind: 'export.step-failed', requestId, exportId, failure: code },
      });
    }
    await publishStatus(tx, row.requestId, now);
    return again ? 'again' : 'failed';
  });
}

function leaseEnd(now: Date): Date {
  return new Date(now.getTime() + LEASE_MS);
}

/** Identity of one worker process in leases; a new one after each start. */
export function workerName(role: string): string {
  return `${role}:${newId()}`;
}

/**
 * Runs a failed step again because a person asked.
 *
 * @throws SallyportError ERR_EXPORT_NOTHING_TO_RETRY
 */
export async function retryStep(tx: Transaction, exportId: string, now: Date): Promise<void> {
  const job = await tx.job.findFirst({ where: { exportId }, orderBy: { createdAt: 'desc' } });
  const { count } = await tx.job.updateMany({
    where: { id: job?.id ?? '', state: 'failed' },
    data: { state: 'waiting', attempts: 0, failure: null, notBefore: now, finishedAt: null },
  });
  if (count === 0) throw new SallyportError('ERR_EXPORT_NOTHING_TO_RETRY');
  const row = await tx.export.update({
    where: { id: exportId },
    data: { progress: 'retrying', percent: 0, failure: null, updatedAt: now },
  });
  await publishStatus(tx, row.requestId, now);
}
