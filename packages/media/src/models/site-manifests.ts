import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isSallyportError, ModelManifest, parse, SallyportError } from '@sallyport/contracts';

const SUFFIX = '.model.json';

/**
 * The manifests a site put beside its own models, in order of their names: `NAME.model.json` describes an ONNX
 * file in the same folder.
 *
 * @throws SallyportError `ERR_MEDIA_MODEL_MANIFEST` for one that cannot be read: it is never passed over
 */
export async function readSiteManifests(directory: string | undefined): Promise<ModelManifest[]> {
  if (directory === undefined) return [];
  const names = (await listNames(directory)).filter((name) => name.endsWith(SUFFIX)).sort();
  return Promise.all(names.map((name) => readManifest(directory, name)));
}

async function readManifest(directory: string, name: string): Promise<ModelManifest> {
  try {
    const value: unknown = JSON.parse(await readFile(join(directory, name), 'utf8'));
    return parse(ModelManifest, value, 'ERR_MEDIA_MODEL_MANIFEST');
  } catch (cause) {
    const known = isSallyportError(cause) ? cause.detail : { fault: 'not JSON' };
    throw new SallyportError('ERR_MEDIA_MODEL_MANIFEST', {
      detail: { ...known, manifest: name },
      cause,
    });
  }
}

async function listNames(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (cause) {
    // A folder that is not there holds no model; the target that needs one says so.
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return []; // fs errors carry a code
    throw cause;
  }
}
