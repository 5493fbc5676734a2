import { createHash } from 'node:crypto';
import { SallyportError, parse } from '@sallyport/contracts';
import type { Measured } from '../domain/check-gates.ts';
import { RenderedFacts } from '../store/rendered-facts.ts';
import type { Export } from '../generated/prisma/client.ts';
import { decryptAtRest, type AtRestOpener } from '../store/at-rest.ts';
import type { Database } from '../store/database.ts';
import { footageFile, workFile, type FilePlaces } from '../store/file-places.ts';

/**
 * Digests original, plan, clip and report as they lie on the disk now.
 *
 * @throws SallyportError ERR_AT_REST_*, ERR_FOOTAGE_DIGEST_MISMATCH, ERR_EXPORT_STATE
 */
export async function measureFiles(
  db: Database,
  places: FilePlaces,
  opener: AtRestOpener,
  row: Export,
): Promise<Measured & { readonly rendered: RenderedFacts }> {
  const rendered = parse(RenderedFacts, row.rendered, 'ERR_EXPORT_STATE');
  const plan = await db.maskPlanVersion.findFirst({
    where: { exportId: row.id, version: rendered.planVersion },
  });
  if (plan === null || row.footageId === null || row.wipedAt !== null) {
    throw new SallyportError('ERR_EXPORT_STATE', { detail: { state: row.state } });
  }
  const work = (fileId: string) => digestOf(workFile(places, fileId), fileId, opener);
  return {
    footageSha256: await measureOriginal(db, places, opener, row.footageId),
    maskPlanVersion: rendered.planVersion,
    maskPlanSha256: await work(plan.fileId),
    clipSha256: await work(rendered.clip.fileId),
    reportSha256: await work(rendered.report.fileId),
    rendered,
  };
}

async function measureOriginal(
  db: Database,
  places: FilePlaces,
  opener: AtRestOpener,
  footageId: string,
): Promise<string> {
  const footage = await db.footage.findUniqueOrThrow({ where: { id: footageId } });
  if (footage.state === 'destroyed') throw new SallyportError('ERR_FOOTAGE_DESTROYED');
  const sha256 = await digestOf(footageFile(places, footageId), footageId, opener);
  if (sha256 !== footage.sha256) throw new SallyportError('ERR_FOOTAGE_DIGEST_MISMATCH');
  return sha256;
}

async function digestOf(path: string, fileId: string, opener: AtRestOpener): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of decryptAtRest(path, fileId, opener)) hash.update(piece);
  return hash.digest('hex');
}
