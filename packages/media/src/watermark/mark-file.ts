import { rename, rm } from 'node:fs/promises';
import { FrameEncoder } from '../encode/encode.ts';
import { decodeFrames, newOutcome } from '../frames/decode.ts';
import { even } from '../frames/frame.ts';
import { pictureMaker } from '../frames/picture.ts';
import { renderShape } from '../frames/shapes.ts';
import { probeFile } from '../probe/probe.ts';
import type { MarkId } from './mark-id.ts';
import { openMarker, STRENGTH } from './marker.ts';

export interface MarkedFile {
  readonly frameCount: number;
  readonly durationMs: number;
  readonly width: number;
  readonly height: number;
  readonly strength: number;
}

/**
 * Marks one file, alone and unmasked: for the laboratory. `output` appears only when it is complete.
 *
 * @throws SallyportError `ERR_WATERMARK_TOO_SMALL`, and those of probe, decoding and encoding
 */
export async function markFile(
  input: string,
  output: string,
  options: {
    readonly key: Uint8Array;
    readonly id: MarkId;
    readonly strength?: number | undefined;
    /** x264 quality: lower is better and larger. */
    readonly quality?: number | undefined;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<MarkedFile> {
  const { signal, strength = STRENGTH, quality } = options;
  const source = await probeFile(input, { signal });
  const width = even(source.report.width);
  const height = even(source.report.height);
  const marker = openMarker({ ...options, width, height, strength });
  const part = `${output}.part`;
  const outcome = newOutcome();
  const encoder = new FrameEncoder(part, { width, height, probe: source.report, quality }, signal);
  const toPicture = pictureMaker(source.report);
  try {
    const shape = renderShape(source.report);
    for await (const frame of decodeFrames(source, { shape, signal }, outcome)) {
      const { pixels } = toPicture(frame);
      marker.mark(pixels.subarray(0, width * height), frame.ptsMs);
      await encoder.write(pixels, frame.pts, frame.timeBase);
    }
    await encoder.finish();
    await rename(part, output);
  } finally {
    encoder.abort();
    await rm(part, { force: true });
  }
  return { frameCount: outcome.frames, durationMs: outcome.durationMs, width, height, strength };
}
