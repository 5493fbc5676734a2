import { createHash } from 'node:crypto';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { serveStaticSite, type SallyportServer } from '@sallyport/runtime';

const PORTAL = join(import.meta.dirname, '..', 'portal', 'dist');

/**
 * Serves the built portal and answers its digest, which is pinned inside and compared from outside
 * the gateway. Null when no portal was built: the API alone is served.
 */
export async function servePortal(
  server: SallyportServer,
  root: string = PORTAL,
): Promise<string | null> {
  const isBuilt = await stat(join(root, 'index.html')).then(
    () => true,
    () => false,
  );
  if (!isBuilt) return null;
  await serveStaticSite(server, { root });
  return digestFolder(root);
}

/** SHA-256 over `<sha256>  <path>\n` of every file, in order of path: what `sha256sum` would list. */
export async function digestFolder(root: string): Promise<string> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const names = paths.map((path) => relative(root, path).split(sep).join('/')).sort();
  const total = createHash('sha256');
  for (const name of names) {
    const digest = createHash('sha256')
      .update(await readFile(join(root, name)))
      .digest('hex');
    total.update(`${digest}  ${name}\n`);
  }
  return total.digest('hex');
}
