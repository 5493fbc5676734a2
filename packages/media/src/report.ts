import { createHash } from 'node:crypto';
import { canonicalBytes, type MaskPlan, type RedactionReport } from '@sallyport/contracts';
import type { Detection } from './detect/detect-tracks.ts';
import type { RenderedClip } from './render-masked.ts';

/** What was masked, when and why, where the detector was unsure, and how the picture differs besides. */
export function buildReport(
  plan: MaskPlan,
  clip: RenderedClip,
  models: Detection['models'],
): RedactionReport {
  const { sha256, codec, width, height, frameCount, durationMs } = clip;
  return {
    version: 1,
    style: plan.style,
    shape: plan.shape ?? 'box',
    targets: plan.targets,
    planVersion: plan.version,
    planSha256: maskPlanDigest(plan),
    clip: { sha256, codec, width, height, frameCount, durationMs },
    tracks: plan.tracks.map(({ keyframes: _keyframes, ...track }) => ({
      ...track,
      maskedFrames: clip.maskedFrames.get(track.trackId) ?? 0,
    })),
    doubts: plan.doubts,
    ...(plan.coverage === undefined ? {} : { coverage: plan.coverage }),
    conversions: clip.conversions,
    partial: clip.partial,
    models,
    check: clip.check,
    watermark: plan.watermark,
  };
}

/** SHA-256 of the plan's canonical bytes: what a release approval signs. */
export function maskPlanDigest(plan: MaskPlan): string {
  return createHash('sha256').update(canonicalBytes(plan)).digest('hex');
}
