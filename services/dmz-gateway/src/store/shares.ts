import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder, writeFileDurably } from '@sallyport/runtime';

/** Where the wrapped licence share of one grant rests: a file, never the database. */
export interface SharePlace {
  /** Folder of all shares. */
  readonly root: string;
  readonly epoch: number;
  readonly grantId: string;
}

/** Writes a wrapped share, 0600, durable when it returns. Repeating it changes nothing. */
export async function writeShare(place: SharePlace, jwe: string): Promise<void> {
  const folder = folderOf(place);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFileDurably(fileOf(place), jwe, { mode: 0o600 });
}

/** Null when it was destroyed, or never came. */
export async function readShare(place: SharePlace): Promise<string | null> {
  try {
    return await readFile(fileOf(place), 'ascii');
  } catch (cause) {
    if (isMissing(cause)) return null;
    throw cause;
  }
}

/** Destroys a share; harmless when it is gone. */
export async function destroyShare(place: SharePlace): Promise<void> {
  await rm(fileOf(place), { force: true });
  try {
    await syncFolder(folderOf(place));
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
  }
}

/** Whether a file-system error says that there is no such file. */
export function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}

function folderOf({ root, epoch }: SharePlace): string {
  return join(root, String(epoch));
}

function fileOf(place: SharePlace): string {
  return join(folderOf(place), `${place.grantId}.jwe`);
}
