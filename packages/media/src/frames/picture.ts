import type { ProbeReport } from '@sallyport/contracts';
import type { Picture } from '../mask/swatch.ts';
import { even, i420Size, padToEven, type Frame } from './frame.ts';

/** Frames with even sides are masked where they lie; others are copied into buffers that are used in turn. */
export function pictureMaker(probe: ProbeReport): (frame: Frame) => Picture {
  const width = even(probe.width);
  const height = even(probe.height);
  if (width === probe.width && height === probe.height)
    return (frame) => ({ width, height, pixels: frame.pixels });
  const buffers = Array.from({ length: 3 }, () => new Uint8Array(i420Size(width, height)));
  return (frame) => {
    const pixels = buffers[frame.index % buffers.length] ?? new Uint8Array(0);
    padToEven(frame.pixels, frame.width, frame.height, pixels);
    return { width, height, pixels };
  };
}
