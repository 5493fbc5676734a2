import { SallyportError, canonicalBytes, parseMaskPlan, type MaskPlan } from '@sallyport/contracts';
import { decryptAtRest, writeAtRest, type AtRestFacts, type AtRestOpener } from './at-rest.ts';
import { workFile, type FilePlaces } from './file-places.ts';
import { newId } from './ids.ts';
import type { Site } from './site.ts';

const MOST_BYTES = 512 * 1024 * 1024;

/** Reads a whole small file at rest: a plan, a report, a picture. */
export async function readWorkDocument(
  places: FilePlaces,
  fileId: string,
  opener: AtRestOpener,
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  for await (const piece of decryptAtRest(workFile(places, fileId), fileId, opener)) {
    sizeBytes += piece.length;
    if (sizeBytes > MOST_BYTES)
      throw new SallyportError('ERR_AT_REST_INVALID', { detail: { part: 'size' } });
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** @throws SallyportError ERR_MEDIA_PLAN_INVALID, ERR_AT_REST_* */
export async function readMaskPlan(
  places: FilePlaces,
  fileId: string,
  opener: AtRestOpener,
): Promise<MaskPlan> {
  const bytes = await readWorkDocument(places, fileId, opener);
  return parseMaskPlan(JSON.parse(bytes.toString('utf8')));
}

/** Writes a plan for seal and api; its digest is that of its canonical bytes. */
export async function writeMaskPlan(
  places: FilePlaces,
  plan: MaskPlan,
  site: Site,
): Promise<AtRestFacts & { readonly fileId: string }> {
  const fileId = newId();
  const readers = [
    { purpose: 'data-key', ...site.atRestKey },
    { purpose: 'preview-key', ...site.previewKey },
  ] as const;
  const facts = await writeAtRest(workFile(places, fileId), [canonicalBytes(plan)], {
    fileId,
    readers,
  });
  return { fileId, ...facts };
}
