import { SallyportError } from '@sallyport/contracts';

export interface PreviewOptions {
  /** Longer side of the small pictures, default 960. */
  readonly longSide?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Small JPEG pictures (unmasked: for the people who place masks) at the given milliseconds from the first frame. */
export async function previewFrames(
  input: string,
  timesMs: readonly number[],
  options: PreviewOptions = {},
): Promise<{ readonly atMs: number; readonly jpeg: Buffer }[]> {
  await Promise.resolve();
  throw new SallyportError('ERR_MEDIA_DECODE_FAILED', {
    detail: { input, times: timesMs.length, longSide: options.longSide ?? 0 },
  });
}

/** A small fragmented MP4 of the whole recording (unmasked), for box review over a moving picture. */
export async function previewClip(
  input: string,
  output: string,
  options: PreviewOptions = {},
): Promise<{ readonly codec: string }> {
  await Promise.resolve();
  throw new SallyportError('ERR_MEDIA_DECODE_FAILED', {
    detail: { input, output, longSide: options.longSide ?? 0 },
  });
}
