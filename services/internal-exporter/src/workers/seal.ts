import { isSallyportError, type LedgerActor, type RecordSigner } from '@sallyport/contracts';
import { LedgerWriter } from '@sallyport/ledger';
import { runLoop, type Logger } from '@sallyport/runtime';
import { join } from 'node:path';
import { issueOrderedCertificates } from '../acts/certificates.ts';
import { checkpointer, drainLedger } from '../pipeline/drain-ledger.ts';
import { answerKeyRequest } from '../pipeline/answer-key-request.ts';
import { destroyDue } from '../pipeline/destroy-due.ts';
import { runExport } from '../pipeline/run-export.ts';
import type { SealTools } from '../pipeline/seal-export.ts';
import { sweepOrphans } from '../pipeline/sweep-orphans.ts';
import { signQueued } from '../pipeline/sign-queued.ts';
import type { RoleContext } from '../role-context.ts';
import { openFilePlaces } from '../store/file-places.ts';
import { claimJob, failJob, isAbandoned, keepJob, workerName } from '../store/jobs.ts';
import { openCaKey, openPersonalFields } from '../store/key-files.ts';

const ACTOR: LedgerActor = { kind: 'role', name: 'seal' };
const RECORDS_REST_MS = 200;
const SEALING_REST_MS = 500;
const ISSUE_REST_MS = 1_000;
const DESTROY_REST_MS = 60_000;
const BEAT_MS = 4_000;

/** Folder of this zone's ledger inside the data directory. */
export function ledgerFolder(dataDirectory: string): string {
  return join(dataDirectory, 'ledger');
}

/** Starts the seal role: the only one with the signing key, the at-rest key and the ledger. */
export async function startSeal(context: RoleContext): Promise<void> {
  const { config, db, site, keys, logger, lifecycle } = context;
  const places = await openFilePlaces(config.dataDirectory);
  await sweepOrphans(db, places, new Date());
  const ledger = await LedgerWriter.open({
    directory: ledgerFolder(config.dataDirectory),
    origin: site.siteId,
    zone: 'internal',
  });
  lifecycle.onStop('ledger', () => ledger.close());
  const tools: SealTools = {
    db,
    site,
    places,
    ledger,
    personal: await openPersonalFields(keys),
    atRest: {
      purpose: 'data-key',
      keyId: site.atRestKey.keyId,
      privateKey: await keys.openAgreementKey('at-rest'),
    },
    signer: { privateKey: await keys.openSigningKey('seal'), certificate: site.sealCertificate },
    worker: workerName('seal'),
  };
  const ledgerSigner: RecordSigner = {
    privateKey: await keys.openSigningKey('ledger'),
    certificate: site.ledgerCertificate,
  };
  const signCheckpointIfDue = checkpointer(db, ledger, ledgerSigner);
  const loops = [
    loop('seal-records', RECORDS_REST_MS, async () => {
      const worked = [
        await answerKeyRequest(tools),
        await signQueued(db, tools.signer),
        await drainLedger(db, ledger),
      ];
      await signCheckpointIfDue(new Date());
      return worked.includes(true);
    }),
    loop('sealing', SEALING_REST_MS, (signal) => sealStep(tools, logger, signal)),
    loop('issuing', ISSUE_REST_MS, issueOrdered),
    loop('destroying', DESTROY_REST_MS, () => destroyDue(tools, new Date())),
  ];
  lifecycle.onStop('seal', async () => {
    await Promise.all(loops.map(({ stopped }) => stopped));
  });

  /** Without the CA's passphrase orders wait for the command of their own. */
  async function issueOrdered(): Promise<boolean> {
    const { caPassphrase, keyFolder } = config;
    if (caPassphrase === null) return false;
    const openKey = () => openCaKey(keyFolder, caPassphrase);
    return (await issueOrderedCertificates(db, openKey, ACTOR, new Date())) > 0;
  }

  function loop(name: string, intervalMs: number, step: (signal: AbortSignal) => Promise<boolean>) {
    return runLoop({
      name,
      intervalMs,
      signal: lifecycle.signal,
      step: async (signal) => ((await step(signal)) ? 'again' : 'rest'),
      onError: (err, loopName, failures) =>
        logger.error({ err, loop: loopName, failures }, 'a seal step failed'),
    });
  }
}

/** Seals one export that waits for it; false when none does. */
export async function sealStep(
  tools: SealTools,
  logger: Logger,
  signal: AbortSignal,
): Promise<boolean> {
  const { db, worker } = tools;
  const job = await claimJob(db, { steps: ['seal'], worker, now: new Date() });
  if (job === null) return false;
  const timer = setInterval(() => {
    keepJob(db, job, { worker, percent: null, now: new Date() }).catch((err: unknown) => {
      logger.warn({ err, jobId: job.id }, 'a lease was not prolonged');
    });
  }, BEAT_MS);
  const fail = (code: string) => failJob(db, job, { code, worker, actor: ACTOR, now: new Date() });
  try {
    await db.export.update({
      where: { id: job.exportId },
      data: { progress: 'running', percent: 0, failure: null },
    });
    if (isAbandoned(job)) await fail('ERR_EXPORT_STEP_ABANDONED');
    else await runExport.seal(tools, job, signal);
  } catch (error) {
    if (signal.aborted) return false; // the lease ends, and the next process takes it up
    await fail(isSallyportError(error) ? error.code : 'ERR_INTERNAL');
    if (!isSallyportError(error)) throw error;
    logger.warn({ err: error, exportId: job.exportId, jobId: job.id }, 'sealing was refused');
  } finally {
    clearInterval(timer);
  }
  return true;
}
