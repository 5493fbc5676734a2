export { networkIsolation } from './child.ts';
export { detectTracks, type Detection, type DetectOptions } from './detect/detect-tracks.ts';
export type { MediaRange } from './frames/frame.ts';
export { checkMasked } from './mask/check-masked.ts';
export { MODELS, type ModelEntry } from './models/manifest.ts';
export {
  fetchModels,
  findModel,
  type FetchedModel,
  type FetchModelsOptions,
  type FoundModel,
} from './models/models.ts';
export type { KeptTracks } from './keep-tracks.ts';
export { parseRegions, parseTracks } from './plan-files.ts';
export { buildPlan, manualTrack, regionTrack } from './plan.ts';
export { previewClip, previewFrames, type PreviewFrame, type PreviewOptions } from './preview.ts';
export { probe } from './probe/probe.ts';
export { redactFile, type RedactOptions } from './redact-file.ts';
export { renderMasked, type RenderedClip, type RenderOptions } from './render-masked.ts';
export { buildReport, maskPlanDigest } from './report.ts';
export type { MediaProgress, MediaTask } from './task.ts';
export { deriveMarkKey, MARK_KEY_BYTES } from './watermark/keys.ts';
export { parseMarkId, type MarkId } from './watermark/mark-id.ts';
export { markFile, type MarkedFile } from './watermark/mark-file.ts';
export { openMarker, type Marker, type MarkerOptions } from './watermark/marker.ts';
export type {
  NamedMark,
  ReadProgress,
  ReadRequest,
  WatermarkReading,
} from './watermark/reading.ts';
export { readWatermark } from './watermark/read.ts';
export { toCorners, type Corners } from './watermark/corners.ts';
export type { MarkOutcome, WantedMark } from './watermark/mark-render.ts';
