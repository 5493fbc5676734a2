import { randomBytes } from 'node:crypto';
import {
  parseMaskPlan,
  type MaskBox,
  type MaskPlan,
  type MaskShape,
  type MaskStyle,
  type MaskTrack,
} from '@sallyport/contracts';
import type { Detection } from './detect/detect-tracks.ts';

/**
 * Joins what was detected with what a person placed by hand into the plan that review edits and rendering obeys.
 *
 * @throws SallyportError `ERR_MEDIA_PLAN_INVALID` when a track does not fit the picture
 */
export function buildPlan(
  detection: Pick<Detection, 'tracks' | 'doubts' | 'targets' | 'probe' | 'durationMs'> &
    Partial<Pick<Detection, 'coverage'>>,
  choice: {
    style: MaskStyle;
    shape?: MaskShape | undefined;
    version?: number;
    extraTracks?: readonly MaskTrack[];
  },
): MaskPlan {
  return parseMaskPlan({
    version: choice.version ?? 1,
    width: detection.probe.width,
    height: detection.probe.height,
    durationMs: detection.durationMs,
    style: choice.style,
    shape: choice.shape ?? 'box',
    targets: detection.targets,
    tracks: [...detection.tracks, ...(choice.extraTracks ?? [])],
    doubts: detection.doubts,
    ...(detection.coverage === undefined ? {} : { coverage: detection.coverage }),
    watermark: { kind: 'none', reason: 'not built' },
  });
}

/** A hand-placed box, or several with times between which it moves in a straight line. */
export function manualTrack(
  keyframes: readonly (MaskBox & { readonly atMs: number })[],
  span: { fromMs: number; toMs: number; reason: string; trackId?: string },
): MaskTrack {
  return operatorTrack('manual', keyframes, span);
}

/** A part of the picture that is masked from the first frame to the last, or in the span named. */
export function regionTrack(
  box: MaskBox,
  span: {
    durationMs: number;
    reason: string;
    trackId?: string;
    fromMs?: number | undefined;
    toMs?: number | undefined;
  },
): MaskTrack {
  const { durationMs, fromMs = 0, toMs = durationMs, ...rest } = span;
  return operatorTrack('region', [{ ...box, atMs: fromMs }], { fromMs, toMs, ...rest });
}

function operatorTrack(
  kind: 'manual' | 'region',
  keyframes: readonly (MaskBox & { readonly atMs: number })[],
  span: { fromMs: number; toMs: number; reason: string; trackId?: string },
): MaskTrack {
  return {
    trackId: span.trackId ?? randomBytes(16).toString('hex'),
    kind,
    origin: 'operator',
    decision: 'mask',
    reason: span.reason,
    fromMs: span.fromMs,
    toMs: span.toMs,
    keyframes: keyframes.map(({ atMs, x, y, width, height }) => ({
      atMs,
      x,
      y,
      width,
      height,
      origin: 'seen',
    })),
    seenFrames: 0,
    interpolatedFrames: 0,
    extendedFrames: 0,
  };
}
