import { access, readFile } from 'node:fs/promises';
import { deriveMarkKey, MARK_KEY_BYTES, parseMarkId, type MarkId } from '@sallyport/media';
import { SallyportError } from '@sallyport/contracts';

const HEX_KEY = new RegExp(`^[0-9a-f]{${2 * MARK_KEY_BYTES}}$`);
/** Whose marks a key file of the laboratory makes, unless said otherwise. */
const LABORATORY = 'laboratory';

/** Options that say which key is derived from the master key. */
export const KEY_OPTIONS = {
  'key-file': { type: 'string' },
  tenant: { type: 'string' },
  'key-epoch': { type: 'string' },
} as const;

/** @throws SallyportError `ERR_WATERMARK_KEY`, `ERR_FOOTAGE_UNKNOWN` (no such file) */
export async function readMarkKey(
  path: string,
  {
    tenant = LABORATORY,
    keyEpoch = '1',
  }: { tenant?: string | undefined; keyEpoch?: string | undefined },
): Promise<Uint8Array> {
  const text = (await readText(path)).trim();
  if (!HEX_KEY.test(text) || !/^\d{1,9}$/.test(keyEpoch))
    throw new SallyportError('ERR_WATERMARK_KEY', { detail: { file: path, keyEpoch } });
  return deriveMarkKey(Buffer.from(text, 'hex'), tenant, Number(keyEpoch));
}

/** Ids of a list, one a line; empty lines count for nothing. */
export async function readIds(path: string): Promise<MarkId[]> {
  const lines = (await readText(path)).split('\n').filter((line) => line.trim() !== '');
  return lines.map(parseMarkId);
}

async function readText(path: string): Promise<string> {
  await requireFile(path);
  return readFile(path, 'utf8');
}

/** @throws SallyportError ERR_FOOTAGE_UNKNOWN: a missing file is not a broken video */
export async function requireFile(path: string): Promise<void> {
  try {
    await access(path);
  } catch (cause) {
    throw new SallyportError('ERR_FOOTAGE_UNKNOWN', { detail: { file: path }, cause });
  }
}
