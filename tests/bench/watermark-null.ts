import { randomBytes } from 'node:crypto';
import { align, Stretches } from '@sallyport/media/internal/watermark/align.js';
import { collect } from '@sallyport/media/internal/watermark/collect.js';
import { openLayout } from '@sallyport/media/internal/watermark/layout.js';
import { scaled, whitenedBins } from '@sallyport/media/internal/watermark/spectrum.js';
import { LedgerMatcher, takeReading } from '@sallyport/media/internal/watermark/statistic.js';
import { sizeFor } from '@sallyport/media/internal/watermark/stretches.js';
import { IDENTIFIED, thresholdFor } from '@sallyport/media/internal/watermark/verdict.js';
import { probeFile } from '@sallyport/media/internal/probe/probe.js';

/** The statistic of random ids under random keys on a clip without a mark. */
export async function measureNull(
  clip: string,
  keys: number,
  ids: number,
): Promise<{ deviation: number; largest: number; threshold: number; pilot: number }> {
  const source = await probeFile(clip);
  const options = { size: sizeFor(source, 360), geometry: scaled(1), chip: 1 };
  const { spectra } = await collect(source, options, undefined, () => undefined);
  const list = Array.from({ length: ids }, () => randomBytes(8).toString('hex'));
  let [squares, largest, pilot] = [0, 0, 0];
  for (let key = 0; key < keys; key++) {
    const layout = openLayout(randomBytes(32));
    const bins = spectra.flatMap((one) => (one === null ? [] : [whitenedBins(layout, one)]));
    const stretches = new Stretches(layout, bins);
    const [alignment] = align(layout, stretches, 0, bins.length, 1);
    if (alignment === undefined) continue;
    pilot = Math.max(pilot, alignment.pilot);
    const reading = takeReading(layout, stretches, 0, bins.length, alignment);
    new LedgerMatcher(layout).match([reading], list, (statistic) => {
      squares += statistic * statistic;
      largest = Math.max(largest, statistic);
    });
  }
  const trials = keys * ids;
  const threshold = thresholdFor(IDENTIFIED, trials);
  return { deviation: Math.sqrt(squares / trials), largest, threshold, pilot };
}
