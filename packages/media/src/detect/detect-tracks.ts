import {
  type MaskCoverage,
  type MaskDoubt,
  type MaskTarget,
  type MaskTrack,
  type PartialMedia,
  type ProbeReport,
} from '@sallyport/contracts';
import type { FrameShape } from '../frames/decode.ts';
import type { MediaRange } from '../frames/frame.ts';
import { detectionShape } from '../frames/shapes.ts';
import { chooseModels, findSecondOpinion } from '../models/choose-models.ts';
import type { FoundModel } from '../models/models.ts';
import { probeFile } from '../probe/probe.ts';
import type { MediaTask } from '../task.ts';
import { describeTracks } from '../track/describe-tracks.ts';
import type { Detectors } from './frame-search.ts';
import { openNetworkDetector } from './network-detector.ts';
import { searchClip, type ClipSearch } from './search-clip.ts';
import type { Detector } from './sighting.ts';

/** Longer side of the picture that is searched; smaller recordings are searched as they are. */
const LONG_SIDE = 1280;

export interface DetectOptions extends MediaTask {
  readonly targets: readonly MaskTarget[];
  /** Folder with the model files; `motion` and `plate` need none. */
  readonly modelDirectory?: string | undefined;
  readonly range?: MediaRange | undefined;
}

/** What was found, for review. Times are milliseconds from the first frame of the range. */
export interface Detection {
  readonly tracks: MaskTrack[];
  /** The riskiest first. */
  readonly doubts: MaskDoubt[];
  readonly coverage: MaskCoverage;
  readonly targets: MaskTarget[];
  readonly probe: ProbeReport;
  /** What is missing of a damaged recording; null when all of it was read. */
  readonly partial: PartialMedia | null;
  readonly frameCount: number;
  readonly durationMs: number;
  readonly models: { readonly name: string; readonly sha256: string }[];
}

/**
 * Searches a recording for figures and joins what was seen into tracks over the whole clip.
 *
 *   ffmpeg ─► small picture ─► detectors ─► link, join, extend, smooth ─► tracks with margins, doubts
 *
 * @throws SallyportError `ERR_MEDIA_MODEL_MISSING` for a target without its model (never unmasked in silence),
 * `ERR_MEDIA_MODEL_DIGEST`, `ERR_MEDIA_MODEL_MANIFEST`, `ERR_MEDIA_MODEL_SHAPE`, and those of probe and decoding
 */
export async function detectTracks(input: string, options: DetectOptions): Promise<Detection> {
  const targets = [...new Set(options.targets)];
  const { modelDirectory } = options;
  const source = await probeFile(input, options);
  const shape = detectionShape(source.report, LONG_SIDE);
  const models = await chooseModels(targets, modelDirectory, shape);
  const second = targets.includes('face') ? await findSecondOpinion(modelDirectory) : null;
  const detectors = await openDetectors(targets, models, second);
  try {
    const search = await searchClip(source, shape, detectors, options);
    const { outcome } = search;
    return {
      ...describeTracks(search, pictureFacts(source.report, shape, search), targets),
      targets,
      probe: source.report,
      partial: outcome.partial,
      frameCount: outcome.frames,
      durationMs: outcome.durationMs,
      models: [...models, ...(second === null ? [] : [second])].map(({ entry }) => ({
        name: entry.name,
        sha256: entry.sha256,
      })),
    };
  } finally {
    await closeDetectors(detectors);
  }
}

async function openDetectors(
  targets: readonly MaskTarget[],
  models: readonly FoundModel[],
  second: FoundModel | null,
): Promise<Detectors> {
  const networks: Detector[] = [];
  for (const model of models) networks.push(await openNetworkDetector(model, targets));
  const secondOpinion = second === null ? null : await openNetworkDetector(second, targets);
  return { networks, secondOpinion, motion: targets.includes('motion') };
}

async function closeDetectors({ networks, secondOpinion }: Detectors): Promise<void> {
  for (const detector of networks) await detector.close();
  await secondOpinion?.close();
}

function pictureFacts(probe: ProbeReport, shape: FrameShape, { outcome, frameTimes }: ClipSearch) {
  const { width, height } = probe;
  return {
    width,
    height,
    durationMs: outcome.durationMs,
    frameTimes,
    scaleX: width / shape.width,
    scaleY: height / shape.height,
  };
}
