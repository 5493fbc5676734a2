import { createHash } from 'node:crypto';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { ERRORS, canonicalBytes, type SallyportError } from '@sallyport/contracts';
import { writeDurably } from '../durable.ts';

/** Folder inside the spool that keeps what was not taken: `<time>-<digest of the name>` and its reason. */
export const REFUSED_FOLDER = 'refused';

/**
 * Moves a file out of the spool and writes the reason beside it, reason first, so that a crash can
 * leave a reason without a file but never the other way round. Returns the name it has there.
 *
 * The name on disk is ours; the foreign one is only quoted in the reason.
 */
export async function setAside(
  spool: string,
  file: { readonly name: Buffer; readonly sizeBytes: number },
  reason: SallyportError,
  now: Date,
): Promise<string> {
  const folder = join(spool, REFUSED_FOLDER);
  await mkdir(folder, { recursive: true, mode: 0o750 });
  const digest = createHash('sha256').update(file.name).digest('hex').slice(0, 16);
  const keptAs = `${now.toISOString().replaceAll(/[-:.]/g, '')}-${digest}`;
  const { ko, en } = ERRORS[reason.code];
  const text = canonicalBytes({
    at: now.toISOString(),
    code: reason.code,
    detail: { ...reason.detail },
    en: { ...en },
    ko: { ...ko },
    name: printableName(file.name),
    sizeBytes: file.sizeBytes,
  });
  await writeDurably(join(folder, `${keptAs}.reason.json`), text);
  await rename(Buffer.concat([Buffer.from(`${spool}/`), file.name]), join(folder, keptAs));
  return keptAs;
}

/** A file name for people: everything but plain ASCII as an escape, so no bidi or control character acts. */
export function printableName(name: Buffer): string {
  return name.toString('utf8').replaceAll(/[^\x20-\x7e]/g, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}
