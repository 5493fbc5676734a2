import {
  SallyportError,
  type MaskStyle,
  type MaskTarget,
  type MaskTrack,
  type RedactionReport,
} from '@sallyport/contracts';
import type { MediaRange } from './frames/frame.ts';
import type { MediaTask } from './task.ts';

export interface RedactOptions {
  readonly targets: readonly MaskTarget[];
  readonly style: MaskStyle;
  readonly modelDirectory?: string | undefined;
  /** Hand-placed tracks, from {@link parseTracks}. */
  readonly tracks?: readonly MaskTrack[] | undefined;
  readonly range?: MediaRange | undefined;
}

export async function redactFile(
  input: string,
  output: string,
  options: RedactOptions,
  task: MediaTask = {},
): Promise<RedactionReport> {
  await Promise.resolve();
  throw new SallyportError('ERR_MEDIA_DECODE_FAILED', {
    detail: { input, output, style: options.style, cancellable: task.signal !== undefined },
  });
}
