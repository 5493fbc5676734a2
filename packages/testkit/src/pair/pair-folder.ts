import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { findRepository } from './repository.ts';

const MARK = 'made-by-npm-start';

/**
 * An empty folder for the pair. A folder of an earlier run (it carries a mark) is made anew; any
 * other folder that is not empty is refused, so that nobody's files are lost.
 *
 * As root, PostgreSQL runs as another user that must be able to reach the folder; below a closed
 * home folder it cannot, and the pair's files then stand under the system's temporary folder.
 *
 * @throws Error when the folder holds something else
 */
export async function choosePairFolder(given: string | null): Promise<string> {
  const wanted = resolve(given ?? join(findRepository(), 'var', 'pair'));
  const folder =
    given === null && !(await isReachable(wanted))
      ? join(tmpdir(), `sallyport-pair-${userInfo().uid}`)
      : wanted;
  if (folder !== wanted)
    console.log(
      `Files of both zones are kept in ${folder}: the database's user cannot reach ${wanted}.`,
    );
  const mark = join(folder, MARK);
  const known = await readFile(mark).then(
    () => true,
    () => false,
  );
  if (known) await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o755 });
  if ((await readdir(folder)).length > 0)
    throw new Error(`${folder} is not empty and not of an earlier run: choose another --directory`);
  await writeFile(mark, 'npm start makes this folder anew each time.\n');
  return folder;
}

/** True when every existing parent may be entered by other users, or we are not root. */
async function isReachable(folder: string): Promise<boolean> {
  if (process.getuid?.() !== 0) return true;
  for (let parent = dirname(folder); parent !== dirname(parent); parent = dirname(parent)) {
    const found = await stat(parent).catch(() => null);
    if (found !== null && (found.mode & 0o001) === 0) return false;
  }
  return true;
}
