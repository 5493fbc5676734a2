import type { Background } from './background-model.ts';

const SAMPLES = 25;
/** Standard deviation for a median of absolute differences of 1, and the most that noise may excuse. */
const NOISE_PER_MEDIAN = 1.48;
const MAX_NOISE = 8;

/**
 * What the scene looks like without its passers-by: the median of pictures spread over the first seconds.
 * Taking the first frame instead would hide whoever stands in it when the clip begins.
 *
 * @param greys mean brightness of each block, in order of time, at least one
 */
export function learnScene(greys: readonly Uint8Array[]): Background {
  const samples = spread(greys);
  const length = greys[0]?.length ?? 0;
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

function spread(greys: readonly Uint8Array[]): Uint8Array[] {
  const step = Math.max(1, greys.length / SAMPLES);
  return Array.from(
    { length: Math.min(SAMPLES, greys.length) },
    (_, index) => greys[Math.floor(index * step)] ?? new Uint8Array(0),
  );
}
