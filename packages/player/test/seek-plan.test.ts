import fc from 'fast-check';
import t from 'tap';
import { planSeek, type KnownFragment } from '@sallyport/player/internal/seek-plan.js';

t.test(
  'probing finds the fragment before any target in a few steps, however uneven the rate',
  async (t) => {
    const lengths = fc.array(fc.integer({ min: 20_000, max: 900_000 }), {
      minLength: 1,
      maxLength: 300,
    });
    await fc.assert(
      fc.asyncProperty(
        lengths,
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (sizes, share) => {
          let offset = 0;
          const fragments = sizes.map((size, i): KnownFragment => {
            const fragment = { offset, time: i * 2 };
            offset += size;
            return fragment;
          });
          const clip = { sizeBytes: offset, durationS: sizes.length * 2 };
          const target = share * clip.durationS;
          const known: KnownFragment[] = [];
          for (let probe = 0; probe < 40; probe += 1) {
            const plan = planSeek(known, target, clip);
            if (plan.settled) {
              t.ok(
                plan.offset === 0 ||
                  fragments.some((each) => each.offset === plan.offset && each.time <= target),
              );
              return;
            }
            const next = fragments.find((each) => each.offset >= plan.offset) ?? fragments.at(-1);
            if (next === undefined || known.includes(next)) return; // the reader reads on from here
            known.push(next);
          }
          t.fail('did not settle');
        },
      ),
    );
  },
);

t.test('a target near a known fragment is read forward to', async (t) => {
  const known = [{ offset: 1000, time: 10 }];
  t.strictSame(planSeek(known, 15, { sizeBytes: 9e9, durationS: 3600 }), {
    offset: 1000,
    settled: true,
  });
  t.strictSame(planSeek([], 3, { sizeBytes: 9e9, durationS: 3600 }), { offset: 0, settled: true });
});
