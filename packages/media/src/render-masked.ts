import {
  SallyportError,
  type MaskCheck,
  type MaskPlan,
  type MediaConversion,
  type PartialMedia,
  type ProbeReport,
} from '@sallyport/contracts';
import type { MediaRange } from './frames/frame.ts';
import type { MediaTask } from './task.ts';

export interface RenderOptions extends MediaTask {
  /** The same range the plan was made for. */
  readonly range?: MediaRange | undefined;
}

export interface RenderedClip {
  /** For `video/mp4; codecs="…"`: the exact string of the written stream, such as avc1.64001f. */
  readonly codec: string;
  readonly frameCount: number;
  readonly durationMs: number;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly width: number;
  readonly height: number;
  readonly conversions: MediaConversion[];
  readonly partial: PartialMedia | null;
  /** Frames masked by each track, by track id. */
  readonly maskedFrames: ReadonlyMap<string, number>;
  readonly probe: ProbeReport;
  readonly check: MaskCheck;
}

export async function renderMasked(
  input: string,
  plan: MaskPlan,
  output: string,
  options: RenderOptions = {},
): Promise<RenderedClip> {
  await Promise.resolve();
  throw new SallyportError('ERR_MEDIA_DECODE_FAILED', {
    detail: { input, output, plan: plan.version, range: options.range?.fromMs ?? 0 },
  });
}
