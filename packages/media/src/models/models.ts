import { createHash } from 'node:crypto';
import { copyFile, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SallyportError, type MaskTarget, type ModelManifest } from '@sallyport/contracts';
import { FETCHED_MODELS, MODELS, type ModelEntry } from './manifest.ts';

const FETCH_TIMEOUT_MS = 120_000;

/** Models that are part of the product. */
const SHIPPED = fileURLToPath(new URL('../../models', import.meta.url));

export interface FoundModel {
  readonly path: string;
  readonly entry: ModelManifest;
}

/**
 * The file of a model in the folder named or among those of the product, its digest checked; null when it is in
 * neither.
 *
 * @throws SallyportError `ERR_MEDIA_MODEL_DIGEST` when a file of that name has other content: it is never used
 */
export async function findModelFile(
  entry: ModelManifest,
  directory: string | undefined,
): Promise<FoundModel | null> {
  for (const folder of directory === undefined ? [SHIPPED] : [directory, SHIPPED]) {
    const path = join(folder, entry.file);
    if (!(await isPresent(path))) continue;
    await assertDigest(path, entry);
    return { path, entry };
  }
  return null;
}

/**
 * The model for a target, of the product's own; null when it is not there.
 *
 * @throws SallyportError `ERR_MEDIA_MODEL_DIGEST`
 */
export async function findModel(
  target: MaskTarget,
  directory: string | undefined,
  models: readonly ModelEntry[] = MODELS,
): Promise<FoundModel | null> {
  for (const entry of models.filter(({ classes }) => classes.some((one) => one.target === target))) {
    const found = await findModelFile(entry, directory);
    if (found !== null) return found;
  }
  return null;
}

export interface FetchModelsOptions {
  readonly directory: string;
  /** A folder to take the files from instead of the network. */
  readonly from?: string | undefined;
  /** Stands for scheme and host of every address: a site's own mirror. */
  readonly baseUrl?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly models?: readonly ModelEntry[] | undefined;
}

export interface FetchedModel {
  readonly name: string;
  readonly path: string;
  readonly outcome: 'present' | 'copied' | 'fetched';
}

/**
 * Puts every pinned model that is not part of the product into `directory`. A file becomes visible under its name only after its digest matched.
 *
 * @throws SallyportError `ERR_MEDIA_MODEL_DIGEST` for wrong content, `ERR_MEDIA_MODEL_FETCH` when a file cannot
 * be had, `ERR_MEDIA_CANCELLED`
 */
export async function fetchModels(options: FetchModelsOptions): Promise<FetchedModel[]> {
  await mkdir(options.directory, { recursive: true });
  const results: FetchedModel[] = [];
  for (const entry of options.models ?? FETCHED_MODELS) results.push(await obtain(entry, options));
  return results;
}

async function obtain(entry: ModelEntry, options: FetchModelsOptions): Promise<FetchedModel> {
  const path = join(options.directory, entry.file);
  if ((await isPresent(path)) && (await digestOf(path)) === entry.sha256)
    return { name: entry.name, path, outcome: 'present' };
  const part = `${path}.part`;
  try {
    const outcome = await bring(entry, part, options);
    await assertDigest(part, entry);
    await rename(part, path);
    return { name: entry.name, path, outcome };
  } finally {
    await rm(part, { force: true });
  }
}

async function bring(
  entry: ModelEntry,
  part: string,
  options: FetchModelsOptions,
): Promise<'copied' | 'fetched'> {
  if (options.from === undefined) {
    await download(entry, part, options);
    return 'fetched';
  }
  try {
    await copyFile(join(options.from, entry.file), part);
  } catch (cause) {
    throw fetchFailed(entry, 'not in the folder', cause);
  }
  return 'copied';
}

async function download(entry: ModelEntry, part: string, options: FetchModelsOptions): Promise<void> {
  const timeout = AbortSignal.timeout(FETCH_TIMEOUT_MS);
  const signal = options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout]);
  const handle = await open(part, 'w', 0o600);
  try {
    const answer = await fetch(addressOf(entry, options.baseUrl), { signal });
    if (!answer.ok || answer.body === null) throw fetchFailed(entry, `status ${answer.status}`);
    let size = 0;
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
      // a fetch body is an async iterable in Node; the DOM type does not say so
      size += chunk.length;
      if (size > entry.sizeBytes) throw wrongDigest(entry, 'larger than pinned');
      await handle.write(chunk);
    }
    await handle.sync();
  } catch (cause) {
    if (cause instanceof SallyportError) throw cause;
    if (options.signal?.aborted === true) throw new SallyportError('ERR_MEDIA_CANCELLED', { cause });
    throw fetchFailed(entry, 'no connection', cause);
  } finally {
    await handle.close();
  }
}

function addressOf(entry: ModelEntry, baseUrl: string | undefined): URL {
  if (entry.url === null) throw fetchFailed(entry, 'part of the product');
  const address = new URL(entry.url);
  return baseUrl === undefined ? address : new URL(address.pathname, baseUrl);
}

async function assertDigest(path: string, entry: ModelManifest): Promise<void> {
  const digest = await digestOf(path);
  if (digest !== entry.sha256) throw wrongDigest(entry, digest);
}

async function digestOf(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

async function isPresent(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return false; // fs errors carry a code
    throw cause;
  }
}

function wrongDigest(entry: ModelManifest, found: string): SallyportError {
  return new SallyportError('ERR_MEDIA_MODEL_DIGEST', {
    detail: { model: entry.file, expected: entry.sha256, found },
  });
}

function fetchFailed(entry: ModelEntry, fault: string, cause?: unknown): SallyportError {
  return new SallyportError('ERR_MEDIA_MODEL_FETCH', { detail: { model: entry.file, fault }, cause });
}
