import { randomBytes } from 'node:crypto';
import { link, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SallyportError } from '@sallyport/contracts';

export interface DurableWriteOptions {
  /** File mode of the new file; 0o600 unless told. */
  readonly mode?: number;
  /** Refuse to replace a file that exists, atomically. */
  readonly exclusive?: boolean;
}

/**
 * Writes a whole file so that after a crash it is either the old one or the new one, never half:
 * temporary file, fsync, rename (or link), fsync of the folder.
 *
 * @throws SallyportError ERR_FILE_EXISTS with `exclusive` when the name is taken.
 */
export async function writeFileDurably(
  path: string,
  content: Uint8Array | string,
  options: DurableWriteOptions = {},
): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${randomBytes(8).toString('hex')}.tmp`);
  try {
    await writeAndSync(temporary, content, options.mode ?? 0o600);
    if (options.exclusive === true) await linkExclusively(temporary, path);
    else await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
  await syncFolder(folder);
}

/** Makes earlier renames and links inside a folder survive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeAndSync(
  path: string,
  content: Uint8Array | string,
  mode: number,
): Promise<void> {
  const handle = await open(path, 'wx', mode);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function linkExclusively(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (cause) {
    if (!(cause instanceof Error) || !('code' in cause) || cause.code !== 'EEXIST') throw cause;
    throw new SallyportError('ERR_FILE_EXISTS', { detail: { file: basename(to) }, cause });
  }
}
