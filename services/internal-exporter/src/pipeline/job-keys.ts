// How media gets the key of one file for one job, without holding any lasting key:
//
//   media   ephemeral ECDH pair ─► JobKey row (public half, file id)
//   seal    verifies the request approval itself ─► wraps the file's key to that public half
//   media   unwraps ─► reads the file; the private half ends with the job
//
// The answer is bound to the row's id: no other job and no other file can use it.
import { setTimeout as pause } from 'node:timers/promises';
import {
  PublicJwk,
  SallyportError,
  isErrorCode,
  parse,
  unwrapWith,
  wrapFor,
} from '@sallyport/contracts';
import { openDataKey, readAtRestHeader, type AtRestOpener } from '../store/at-rest.ts';
import { toJson, type Database } from '../store/database.ts';
import { footageFile, workFile, type FilePlaces } from '../store/file-places.ts';
import { newId } from '../store/ids.ts';

const POLL_MS = 100;
const LONGEST_WAIT_MS = 60_000;

/**
 * Asks for the key of one file and waits for the answer.
 *
 * @throws SallyportError the code with which seal refused; ERR_EXPORT_KEY_WAIT when nobody answered
 */
export async function obtainFileKey(
  db: Database,
  wanted: { readonly jobId: string; readonly fileId: string },
  signal: AbortSignal,
): Promise<Uint8Array> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, [
    'deriveBits',
  ]);
  const { crv, kty, x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  const id = newId();
  await db.jobKey.create({
    data: { id, ...wanted, publicJwk: toJson({ crv, kty, x, y }), requestedAt: new Date() },
  });
  for (let waitedMs = 0; waitedMs < LONGEST_WAIT_MS; waitedMs += POLL_MS) {
    const row = await db.jobKey.findUniqueOrThrow({ where: { id } });
    if (row.failure !== null) {
      throw new SallyportError(isErrorCode(row.failure) ? row.failure : 'ERR_INTERNAL');
    }
    if (row.wrapped !== null) return unwrapWith(pair.privateKey, row.wrapped, bindingOf(id));
    await pause(POLL_MS, undefined, { signal });
  }
  throw new SallyportError('ERR_EXPORT_KEY_WAIT');
}

/** One unanswered request, with what it is about. */
export async function findKeyRequest(db: Database) {
  return db.jobKey.findFirst({
    where: { answeredAt: null, job: { state: 'running' } },
    orderBy: { requestedAt: 'asc' },
    include: { job: { include: { export: { include: { plans: true } } } } },
  });
}
export type KeyRequest = NonNullable<Awaited<ReturnType<typeof findKeyRequest>>>;

/**
 * Wraps the file's key to the job's ephemeral key, when the file belongs to the job's export.
 * The caller has verified that the export is approved.
 *
 * @throws SallyportError ERR_ACCESS_DENIED for any other file, ERR_AT_REST_*
 */
export async function wrapForJob(
  request: KeyRequest,
  places: FilePlaces,
  opener: AtRestOpener,
): Promise<string> {
  const { fileId, job } = request;
  const header = await readAtRestHeader(pathOfJobFile(request, places));
  const dataKey = await openDataKey(header, fileId, opener);
  const publicKey = parse(PublicJwk, request.publicJwk, 'ERR_KEY_INVALID');
  const wrapped = await wrapFor(publicKey, dataKey, bindingOf(request.id));
  dataKey.fill(0);
  if (job.state !== 'running') throw new SallyportError('ERR_ACCESS_DENIED');
  return wrapped;
}

function pathOfJobFile({ fileId, job }: KeyRequest, places: FilePlaces): string {
  if (fileId === job.export.footageId) return footageFile(places, fileId);
  const isPlan = job.export.plans.some((plan) => plan.fileId === fileId);
  if (isPlan && job.step === 'render') return workFile(places, fileId);
  throw new SallyportError('ERR_ACCESS_DENIED', { detail: { fault: 'not a file of this job' } });
}

function bindingOf(id: string) {
  return { purpose: 'data-key', context: id, keyId: id } as const;
}
