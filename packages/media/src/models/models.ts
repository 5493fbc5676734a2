import { SallyportError } from '@sallyport/contracts';

export interface ModelEntry {
  readonly name: string;
  readonly kind: 'face';
  readonly file: string;
  readonly url: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly licence: string;
  readonly source: string;
}

/** The model file for a kind, its digest checked; null when the folder has none. */
export async function findModel(
  kind: ModelEntry['kind'],
  directory: string | undefined,
): Promise<{ readonly path: string; readonly entry: ModelEntry } | null> {
  await Promise.resolve();
  throw new SallyportError('ERR_MEDIA_MODEL_MISSING', { detail: { kind, directory: directory ?? '' } });
}

/** Puts every pinned model into `directory`, from a folder (`from`) or its public address. */
export async function fetchModels(options: {
  readonly directory: string;
  readonly from?: string | undefined;
  /** Replaces the scheme and host of every address: a site's own mirror. */
  readonly baseUrl?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}): Promise<{ readonly name: string; readonly path: string; readonly outcome: 'present' | 'copied' | 'fetched' }[]> {
  await Promise.resolve();
  throw new SallyportError('ERR_MEDIA_MODEL_FETCH', { detail: { directory: options.directory } });
}
