import type { ProbeReport } from '@sallyport/contracts';
import type { FrameShape } from './decode.ts';
import { even, i420Size } from './frame.ts';

/** The picture as it is released, before padding: upright, 8-bit 4:2:0, limited range. */
export function renderShape(probe: ProbeReport): FrameShape {
  const { width, height } = probe;
  // The scaler keeps a size that changes in mid-stream to the first one, and does nothing otherwise.
  const filter = `scale=${width}:${height}:flags=bicubic:out_range=tv,format=yuv420p`;
  const chroma = 2 * ((width + 1) >> 1) * ((height + 1) >> 1);
  return { filter, pixelFormat: 'yuv420p', width, height, sizeBytes: width * height + chroma };
}

/** A smaller picture to search; what is small already stays as it is, with even sides. */
export function detectionShape(probe: ProbeReport, longSide: number): FrameShape {
  const scale = Math.min(1, longSide / Math.max(probe.width, probe.height));
  const width = even(Math.max(1, Math.round(probe.width * scale)));
  const height = even(Math.max(1, Math.round(probe.height * scale)));
  const filter = `scale=${width}:${height}:flags=area:out_range=tv,format=yuv420p`;
  return { filter, pixelFormat: 'yuv420p', width, height, sizeBytes: i420Size(width, height) };
}
