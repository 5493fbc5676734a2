import type {
  MaskShape,
  MaskStyle,
  MaskTarget,
  MaskTrack,
  RedactionReport,
} from '@sallyport/contracts';
import { detectTracks } from './detect/detect-tracks.ts';
import type { MediaRange } from './frames/frame.ts';
import { buildPlan } from './plan.ts';
import { renderMasked } from './render-masked.ts';
import { buildReport } from './report.ts';
import type { MediaTask } from './task.ts';

export interface RedactOptions {
  readonly targets: readonly MaskTarget[];
  readonly style: MaskStyle;
  /** Default `box`. */
  readonly shape?: MaskShape | undefined;
  /** Folder with the model files; needed for `face`. */
  readonly modelDirectory?: string | undefined;
  /** Hand-placed tracks, from `parseTracks`; always masked. */
  readonly tracks?: readonly MaskTrack[] | undefined;
  readonly range?: MediaRange | undefined;
}

/**
 * Detect, mask and check one file, without database or services.
 *
 * @returns the redaction report; `output` exists only when the self-check has passed
 * @throws SallyportError as {@link detectTracks} and {@link renderMasked} do
 */
export async function redactFile(
  input: string,
  output: string,
  options: RedactOptions,
  task: MediaTask = {},
): Promise<RedactionReport> {
  const { targets, modelDirectory, range } = options;
  const detection = await detectTracks(input, { targets, modelDirectory, range, ...task });
  const plan = buildPlan(detection, {
    style: options.style,
    shape: options.shape,
    extraTracks: options.tracks ?? [],
  });
  const clip = await renderMasked(input, plan, output, { range, modelDirectory, ...task });
  return buildReport(plan, clip, detection.models);
}
