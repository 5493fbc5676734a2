import { link, open, readFile, rm, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { randomBytes } from 'node:crypto';
import { SallyportError } from '@sallyport/contracts';

/**
 * Reads a small file.
 *
 * @throws SallyportError ERR_STATION_FILE_UNREADABLE
 */
export async function readSmallFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new SallyportError('ERR_STATION_FILE_UNREADABLE', {
      detail: { file: basename(path) },
      cause,
    });
  }
}

/** @throws SallyportError ERR_STATION_FILE_UNREADABLE */
export async function openForReading(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (cause) {
    throw new SallyportError('ERR_STATION_FILE_UNREADABLE', {
      detail: { file: basename(path) },
      cause,
    });
  }
}

/**
 * Writes a new file for its owner only: whole, on disk, and never over another. `write` fills it.
 *
 * @throws SallyportError ERR_STATION_FILE_EXISTS
 */
export async function writeNewFile<T>(
  path: string,
  write: (file: FileHandle) => Promise<T>,
): Promise<T> {
  const part = `${path}.${randomBytes(6).toString('hex')}.part`;
  try {
    const file = await open(part, 'wx', 0o600);
    let result: T;
    try {
      result = await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await linkNew(part, path); // unlike rename, link refuses a name that is taken
    return result;
  } finally {
    await rm(part, { force: true });
  }
}

/** {@link writeNewFile} for text. */
export async function writeNewText(path: string, text: string): Promise<void> {
  await writeNewFile(path, (file) => file.writeFile(text));
}

async function linkNew(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (cause) {
    if (!(cause instanceof Error) || !('code' in cause) || cause.code !== 'EEXIST') throw cause;
    throw new SallyportError('ERR_STATION_FILE_EXISTS', { detail: { file: basename(to) }, cause });
  }
}
