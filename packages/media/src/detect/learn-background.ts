import { decodeFrames } from '../frames/decode.ts';
import type { MediaRange } from '../frames/frame.ts';
import type { DetectionShape } from '../frames/shapes.ts';
import type { ProbedFile } from '../probe/probe.ts';
import type { Background } from './background-model.ts';
import { averageBlocks, blockGrid } from './blocks.ts';

const LOOK_AHEAD_MS = 12_000;
const SAMPLES = 25;
/** Standard deviation for a median of absolute differences of 1, and the most that noise may excuse. */
const NOISE_PER_MEDIAN = 1.48;
const MAX_NOISE = 8;

/**
 * What the scene looks like without its passers-by: the median of pictures spread over the first seconds.
 * Taking the first frame instead would hide whoever stands in it when the clip begins.
 */
export async function learnBackground(
  source: ProbedFile,
  shape: DetectionShape,
  options: { readonly range?: MediaRange | undefined; readonly signal?: AbortSignal | undefined },
): Promise<Background> {
  const fromMs = options.range?.fromMs ?? 0;
  const toMs = Math.min(options.range?.toMs ?? Infinity, fromMs + LOOK_AHEAD_MS);
  const span = Math.min(toMs - fromMs, source.report.durationMs ?? LOOK_AHEAD_MS);
  const { columns, rows } = blockGrid(shape);
  const samples: Uint8Array[] = [];
  const frames = decodeFrames(source, { shape, range: { fromMs, toMs }, signal: options.signal });
  for await (const frame of frames) {
    if (samples.length >= SAMPLES || frame.ptsMs < (samples.length * span) / SAMPLES) continue;
    const grey = new Uint8Array(columns * rows);
    averageBlocks({ ...shape, planes: frame.pixels }, grey);
    samples.push(grey);
  }
  return median(samples, columns * rows);
}

function median(samples: readonly Uint8Array[], length: number): Background {
  const brightness = new Uint8Array(length);
  const noise = new Float32Array(length);
  const values = new Uint8Array(samples.length);
  const middle = samples.length >> 1;
  for (let block = 0; block < length; block++) {
    for (const [index, sample] of samples.entries()) values[index] = sample[block] ?? 0;
    const usual = values.sort()[middle] ?? 0;
    brightness[block] = usual;
    for (const [index, sample] of samples.entries())
      values[index] = Math.abs((sample[block] ?? 0) - usual);
    // The median of the differences: a passer-by in less than half of the samples does not count as noise.
    noise[block] = Math.min(MAX_NOISE, NOISE_PER_MEDIAN * (values.sort()[middle] ?? 0));
  }
  return { brightness, noise };
}
