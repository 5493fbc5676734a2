import {
  MASK_TARGETS,
  SallyportError,
  type MaskPlan,
  type MaskRegionFile,
  type MaskShape,
  type MaskStyle,
  type MaskTarget,
  type MaskTrack,
  type RedactionReport,
} from '@sallyport/contracts';
import { detectTracks, type Detection } from './detect/detect-tracks.ts';
import type { MediaRange } from './frames/frame.ts';
import { keepTracks, type KeptTracks } from './keep-tracks.ts';
import { buildPlan, regionTrack } from './plan.ts';
import { renderMasked } from './render-masked.ts';
import { buildReport } from './report.ts';
import type { MediaTask } from './task.ts';

export interface RedactOptions {
  /** What is looked for; empty where the tracks of an earlier run are all there is to mask. */
  readonly targets: readonly MaskTarget[];
  readonly style: MaskStyle;
  /** Default `box`. */
  readonly shape?: MaskShape | undefined;
  /** Folder with the model files; `motion` and `plate` need none. */
  readonly modelDirectory?: string | undefined;
  /** Tracks placed by hand or found by an earlier run, from `parseTracks`. */
  readonly tracks?: readonly MaskTrack[] | undefined;
  /** Parts of the picture that are always masked, from `parseRegions`. */
  readonly regions?: MaskRegionFile['regions'] | undefined;
  /** Figures that stay to be seen. */
  readonly keep?: KeptTracks | undefined;
  readonly range?: MediaRange | undefined;
  /** Hears of the plan before anything is rendered, so that it is not lost when the clip is refused. */
  readonly onPlan?: ((plan: MaskPlan) => Promise<void>) | undefined;
}

/**
 * Detect, mask and check one file, without database or services.
 *
 * @returns the redaction report; `output` exists only when the self-check has passed
 * @throws SallyportError `ERR_MEDIA_PLAN_INVALID` when nothing is to be masked at all, and as {@link detectTracks} and
 * {@link renderMasked} do
 */
export async function redactFile(
  input: string,
  output: string,
  options: RedactOptions,
  task: MediaTask = {},
): Promise<RedactionReport> {
  const { targets, modelDirectory, range } = options;
  const detection = await detectTracks(input, { targets, modelDirectory, range, ...task });
  const plan = planOf(detection, options);
  await options.onPlan?.(plan);
  const clip = await renderMasked(input, plan, output, { range, modelDirectory, ...task });
  return buildReport(plan, clip, detection.models);
}

function planOf(detection: Detection, options: RedactOptions): MaskPlan {
  const { style, shape, keep, tracks = [], regions = [] } = options;
  const { durationMs } = detection;
  const placed = [
    ...tracks,
    ...regions.map(({ reason, fromMs, toMs, ...box }) =>
      regionTrack(box, { durationMs, reason, fromMs, toMs }),
    ),
  ];
  const kinds = new Set<string>([...detection.targets, ...tracks.map(({ kind }) => kind)]);
  // What an earlier run looked for is searched for in the finished clip as well.
  const targets = MASK_TARGETS.filter((target) => kinds.has(target));
  const plan = buildPlan({ ...detection, targets }, { style, shape, extraTracks: placed });
  if (targets.length === 0 && placed.length === 0)
    throw new SallyportError('ERR_MEDIA_PLAN_INVALID', { detail: { fault: 'nothing to mask' } });
  return keep === undefined ? plan : { ...plan, tracks: keepTracks(plan.tracks, keep) };
}
