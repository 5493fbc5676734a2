import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '@sallyport/runtime';

/** Folders of one exporter. Names of files are ids, never what a person typed. */
export interface FilePlaces {
  /** Originals: intake writes, seal reads. */
  readonly footage: string;
  /** Plans, previews, masked clips and reports. */
  readonly work: string;
  /** Sealed packages on their way out. */
  readonly packages: string;
  /** One 0700 folder per running job, in the clear while it runs. */
  readonly jobs: string;
}

/** @param jobsFolder where plaintext may lie while a job runs: memory-backed where there is room */
export async function openFilePlaces(
  dataDirectory: string,
  jobsFolder?: string,
): Promise<FilePlaces> {
  const places = {
    footage: join(dataDirectory, 'footage'),
    work: join(dataDirectory, 'work'),
    packages: join(dataDirectory, 'packages'),
    jobs: jobsFolder ?? join(dataDirectory, 'jobs'),
  };
  for (const folder of Object.values(places)) await mkdir(folder, { recursive: true, mode: 0o700 });
  return places;
}

export function footageFile(places: FilePlaces, footageId: string): string {
  return join(places.footage, `${footageId}.rest`);
}

export function workFile(places: FilePlaces, fileId: string): string {
  return join(places.work, `${fileId}.rest`);
}

export function packageFile(places: FilePlaces, packageId: string): string {
  return join(places.packages, `${packageId}.sallypkg`);
}

/** Where the leaf table of a package lies, for sending it in frames of its own. */
export function leavesOf(packagePath: string): string {
  return `${packagePath}.leaves`;
}

/** Unfinished files of earlier runs: nothing refers to a `.part`. */
export async function removeParts(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.endsWith('.part')) await rm(join(folder, name), { force: true });
  }
}

/** Removes a file and makes the removal survive a power cut; a file that is gone already is fine. */
export async function destroyFile(path: string, folder: string): Promise<void> {
  await rm(path, { force: true });
  await syncFolder(folder);
}
