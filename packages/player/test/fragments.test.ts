import fc from 'fast-check';
import t from 'tap';
import { findFragments, readTimescale } from '@sallyport/player/internal/fragments.js';
import { box, initialisation, movieFragment } from './mp4.ts';

t.test('finds each fragment and its time between other bytes', async (t) => {
  const noise = fc.uint8Array({ maxLength: 300 });
  const ticks = fc.integer({ min: 0, max: 2 ** 32 - 1 });
  await fc.assert(
    fc.asyncProperty(
      noise,
      fc.array(fc.tuple(ticks, noise), { maxLength: 5 }),
      fc.boolean(),
      async (head, parts, wide) => {
        const pieces: Uint8Array[] = [head];
        const expected: { offset: number; ticks: number }[] = [];
        for (const [at, tail] of parts) {
          expected.push({ offset: Buffer.concat(pieces).length, ticks: at });
          pieces.push(movieFragment(at, wide), box('mdat', tail));
        }
        t.strictSame(findFragments(Buffer.concat(pieces)), expected);
      },
    ),
  );
});

t.test('a fragment cut before its time is left for another look', async (t) => {
  const fragment = movieFragment(90_000, true);
  for (let length = 0; length < fragment.length - 8; length += 1)
    findFragments(fragment.subarray(0, length));
  t.strictSame(findFragments(fragment.subarray(0, 40)), []);
});

t.test('reads the timescale of either version of mdhd', async (t) => {
  t.equal(readTimescale(initialisation(90_000, 0)), 90_000);
  t.equal(readTimescale(initialisation(15_360, 1)), 15_360);
  t.equal(readTimescale(new Uint8Array(50)), null);
});
