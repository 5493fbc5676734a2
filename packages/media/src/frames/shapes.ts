import type { ProbeReport } from '@sallyport/contracts';
import type { FrameShape } from './decode.ts';

/** Detectors take sides that are multiples of this. */
const DETECTOR_STEP = 32;

/** The picture as it is released, before padding: upright, 8-bit 4:2:0, limited range. */
export function renderShape(probe: ProbeReport): FrameShape {
  const { width, height } = probe;
  // The scaler keeps a size that changes in mid-stream to the first one, and does nothing otherwise.
  const filter = `scale=${width}:${height}:flags=bicubic:out_range=tv,format=yuv420p`;
  const chroma = 2 * ((width + 1) >> 1) * ((height + 1) >> 1);
  return { filter, pixelFormat: 'yuv420p', width, height, sizeBytes: width * height + chroma };
}

export interface DetectionShape extends FrameShape {
  /** The part of the picture that is footage; the rest is black filling. */
  readonly usedWidth: number;
  readonly usedHeight: number;
}

/** A smaller picture in three planes (blue, green, red in detector order is made later), filled up to whole steps. */
export function detectionShape(probe: ProbeReport, longSide: number): DetectionShape {
  const scale = Math.min(1, longSide / Math.max(probe.width, probe.height));
  const usedWidth = Math.max(1, Math.round(probe.width * scale));
  const usedHeight = Math.max(1, Math.round(probe.height * scale));
  const width = Math.ceil(usedWidth / DETECTOR_STEP) * DETECTOR_STEP;
  const height = Math.ceil(usedHeight / DETECTOR_STEP) * DETECTOR_STEP;
  const filter = `scale=${usedWidth}:${usedHeight}:flags=area,format=gbrp,pad=${width}:${height}:0:0`;
  return {
    filter,
    pixelFormat: 'gbrp',
    width,
    height,
    sizeBytes: 3 * width * height,
    usedWidth,
    usedHeight,
  };
}
