import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import t from 'tap';
import { align, Stretches } from '@sallyport/media/internal/watermark/align.js';
import { collect } from '@sallyport/media/internal/watermark/collect.js';
import { openLayout } from '@sallyport/media/internal/watermark/layout.js';
import { scaled, whitenedBins } from '@sallyport/media/internal/watermark/spectrum.js';
import { LedgerMatcher, takeReading } from '@sallyport/media/internal/watermark/statistic.js';
import { sizeFor } from '@sallyport/media/internal/watermark/stretches.js';
import { probeFile } from '@sallyport/media/internal/probe/probe.js';
import { ffmpeg, folder } from '../support/clips.ts';

const footage = process.env['SALLYPORT_FOOTAGE'];
const KEYS = 8;
const IDS = 5000;

t.test(
  'on unmarked footage the statistic of random ids under random keys has deviation 1',
  { skip: footage === undefined ? 'SALLYPORT_FOOTAGE is not set' : false },
  async (t) => {
    const clip = join(folder(t), 'cut.mp4');
    const source = join(footage ?? '', 'walk-group-720p25-audio.mp4');
    ffmpeg(['-i', source, '-t', '3', '-an', '-c', 'copy', clip]);
    const probed = await probeFile(clip);
    const options = { size: sizeFor(probed, 360), geometry: scaled(1), chip: 1 };
    const { spectra } = await collect(probed, options, undefined, () => undefined);
    t.ok(spectra.length >= 6, 'three seconds');
    let [count, sum, squares, largest] = [0, 0, 0, 0];
    for (let key = 0; key < KEYS; key++) {
      const layout = openLayout(randomBytes(32));
      const bins = spectra.flatMap((one) => (one === null ? [] : [whitenedBins(layout, one)]));
      const stretches = new Stretches(layout, bins);
      const [alignment] = align(layout, stretches, 0, bins.length, 1);
      if (alignment === undefined) throw new Error('no alignment');
      t.ok(alignment.pilot < 7.5, `pilot ${alignment.pilot.toFixed(1)}`);
      const reading = takeReading(layout, stretches, 0, bins.length, alignment);
      const ids = Array.from({ length: IDS }, () => randomBytes(8).toString('hex'));
      new LedgerMatcher(layout).match([reading], ids, (statistic) => {
        count += 1;
        sum += statistic;
        squares += statistic * statistic;
        largest = Math.max(largest, statistic);
      });
    }
    const deviation = Math.sqrt(squares / count - (sum / count) ** 2);
    t.equal(count, KEYS * IDS);
    t.ok(Math.abs(deviation - 1) < 0.03, `deviation ${deviation.toFixed(3)}`);
    t.ok(Math.abs(sum / count) < 0.05, `mean ${(sum / count).toFixed(3)}`);
    t.ok(largest < 6.5, `largest of ${count}: ${largest.toFixed(2)}`);
  },
);
