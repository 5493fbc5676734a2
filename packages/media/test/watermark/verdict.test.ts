import t from 'tap';
import { falseAlarm, thresholdFor } from '@sallyport/media/internal/watermark/verdict.js';

t.test('the false-alarm probability counts every comparison and is never above one', async (t) => {
  t.equal(falseAlarm(-3, 10), 1);
  t.equal(falseAlarm(2, 1_000_000), 1);
  t.equal(falseAlarm(9, 1), Math.exp(-40.5));
  t.ok(Math.abs(falseAlarm(9, 1000) / falseAlarm(9, 1) - 1000) < 1e-6);
  const gaussianTail = 9.8659e-10; // P(Z > 6), from tables
  t.ok(falseAlarm(6, 1) > gaussianTail, 'the bound lies above the Gaussian tail');
  for (const trials of [1, 1000, 1e8])
    t.ok(Math.abs(falseAlarm(thresholdFor(1e-9, trials), trials) - 1e-9) < 1e-15);
});
