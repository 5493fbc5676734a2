import { open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { SallyportError } from '@sallyport/contracts';
import { syncFolder } from '@sallyport/runtime';
import type { GatewayPaths } from '../config/paths.ts';
import { isMissing } from './shares.ts';

/** An admitted package; the name appears at once and whole. */
export function packageFile(paths: GatewayPaths, packageId: string): string {
  return join(paths.packages, `${packageId}.sealed`);
}

/** Moves a verified file among the admitted ones. Repeating it after a crash is harmless. */
export async function admitFile(
  paths: GatewayPaths,
  packageId: string,
  from: string,
): Promise<void> {
  await moveFile(from, packageFile(paths, packageId));
  await syncFolder(paths.packages);
}

/** Puts a refused file out of reach, under its id and root so that two of one id are both kept. */
export async function quarantineFile(
  paths: GatewayPaths,
  from: string,
  name: string,
): Promise<void> {
  await moveFile(from, join(paths.quarantine, `${name}.sealed`));
  await syncFolder(paths.quarantine);
}

/** Removes the ciphertext of a package wherever it lies, quarantine included; harmless when it is gone. */
export async function removePackageFile(paths: GatewayPaths, packageId: string): Promise<void> {
  await rm(packageFile(paths, packageId), { force: true });
  await syncFolder(paths.packages);
  const kept = (await readdir(paths.quarantine)).filter((name) => name.startsWith(`${packageId}-`));
  for (const name of kept) await rm(join(paths.quarantine, name), { force: true });
  if (kept.length > 0) await syncFolder(paths.quarantine);
}

/**
 * Reads one range of an admitted package.
 *
 * @throws SallyportError ERR_PACKAGE_GONE when the file is not there any more
 */
export async function readRange(
  paths: GatewayPaths,
  packageId: string,
  range: { readonly start: number; readonly sizeBytes: number },
): Promise<Buffer> {
  const file = await openPackage(paths, packageId);
  try {
    const bytes = Buffer.alloc(range.sizeBytes);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, range.start);
    if (bytesRead !== bytes.length) throw new SallyportError('ERR_PACKAGE_GONE');
    return bytes;
  } finally {
    await file.close();
  }
}

/** @throws SallyportError ERR_PACKAGE_GONE */
export async function openPackage(paths: GatewayPaths, packageId: string): Promise<FileHandle> {
  try {
    return await open(packageFile(paths, packageId), 'r');
  } catch (cause) {
    if (isMissing(cause)) throw new SallyportError('ERR_PACKAGE_GONE', { cause });
    throw cause;
  }
}

/** A rename that was done before the crash counts as done. */
async function moveFile(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (cause) {
    const isDone =
      isMissing(cause) &&
      (await stat(to).then(
        () => true,
        () => false,
      ));
    if (!isDone) throw cause;
  }
}
