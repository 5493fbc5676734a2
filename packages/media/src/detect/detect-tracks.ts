import {
  SallyportError,
  type MaskDoubt,
  type MaskTarget,
  type MaskTrack,
  type PartialMedia,
  type ProbeReport,
} from '@sallyport/contracts';
import type { MediaRange } from '../frames/frame.ts';
import type { MediaTask } from '../task.ts';

export interface DetectOptions extends MediaTask {
  readonly targets: readonly MaskTarget[];
  /** Folder with the model files; needed for `face`. */
  readonly modelDirectory?: string | undefined;
  readonly range?: MediaRange | undefined;
}

export interface Detection {
  readonly tracks: MaskTrack[];
  readonly doubts: MaskDoubt[];
  readonly targets: MaskTarget[];
  readonly probe: ProbeReport;
  readonly partial: PartialMedia | null;
  readonly frameCount: number;
  readonly durationMs: number;
  readonly models: { readonly name: string; readonly sha256: string }[];
}

export async function detectTracks(input: string, options: DetectOptions): Promise<Detection> {
  await Promise.resolve();
  throw new SallyportError('ERR_MEDIA_DECODE_FAILED', {
    detail: { input, targets: options.targets.length },
  });
}
