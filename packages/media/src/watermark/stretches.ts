import { decodeFrames } from '../frames/decode.ts';
import type { ProbedFile } from '../probe/probe.ts';
import { STRETCH_MS } from './align.ts';

/** The mean luma of half a second. */
export interface Stretch {
  readonly index: number;
  readonly luma: Float32Array;
}

export interface StretchSize {
  readonly width: number;
  readonly height: number;
}

/** A clip is read to this length; what comes after is left out and the report says so. */
export const LONGEST_MS = 10 * 60_000;

/** The size at which the shorter side has this many rows. */
export function sizeFor(source: ProbedFile, shortSide: number): StretchSize {
  const { width, height } = source.report;
  const scale = shortSide / Math.min(width, height);
  return {
    width: Math.max(2, Math.round(width * scale)),
    height: Math.max(2, Math.round(height * scale)),
  };
}

/**
 * The clip as means over half a second, by presentation time, so that frame rate and its changes do not matter.
 * `luma` is used again for the next stretch. Stretches without a frame are left out.
 *
 * @throws SallyportError those of decoding
 */
export async function* readStretches(
  source: ProbedFile,
  { width, height }: StretchSize,
  signal: AbortSignal | undefined,
): AsyncGenerator<Stretch, void, undefined> {
  const pixels = width * height;
  const shape = {
    filter: `scale=${width}:${height}:flags=area:out_range=tv,format=gray`,
    pixelFormat: 'gray',
    width,
    height,
    sizeBytes: pixels,
  } as const;
  const luma = new Float32Array(pixels);
  let index = 0;
  let frames = 0;
  for await (const frame of decodeFrames(source, { shape, signal })) {
    if (frame.ptsMs >= LONGEST_MS) break;
    const current = Math.floor(frame.ptsMs / STRETCH_MS);
    if (current !== index && frames > 0) {
      yield { index, luma: mean(luma, frames) };
      frames = 0;
    }
    index = current;
    add(luma, frame.pixels, frames === 0);
    frames += 1;
  }
  if (frames > 0) yield { index, luma: mean(luma, frames) };
}

function add(luma: Float32Array, pixels: Uint8Array, first: boolean): void {
  if (first) luma.fill(0);
  for (let at = 0; at < luma.length; at++) luma[at] = (luma[at] ?? 0) + (pixels[at] ?? 0);
}

function mean(luma: Float32Array, frames: number): Float32Array {
  for (let at = 0; at < luma.length; at++) luma[at] = (luma[at] ?? 0) / frames;
  return luma;
}
