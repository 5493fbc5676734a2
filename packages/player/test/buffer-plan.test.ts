import fc from 'fast-check';
import t from 'tap';
import {
  AHEAD_S,
  BEHIND_S,
  bufferedAhead,
  planBuffer,
} from '@sallyport/player/internal/buffer-plan.js';

t.test('appends while little is ahead, waits while much is, ends at the end', async (t) => {
  const plan = (end: number, currentTime: number, atEnd = false) =>
    planBuffer({ buffered: [{ start: 0, end }], currentTime, atEnd }).kind;
  t.equal(planBuffer({ buffered: [], currentTime: 0, atEnd: false }).kind, 'append');
  t.equal(plan(10, 0), 'append');
  t.equal(plan(AHEAD_S + 5, 0), 'wait');
  t.equal(plan(10, 0, true), 'end');
});

t.test('drops what lies far behind, and never what is being shown', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.double({ min: 0, max: 3600, noNaN: true }),
      fc.double({ min: 0, max: 600, noNaN: true }),
      async (start, played) => {
        const currentTime = start + played;
        const step = planBuffer({
          buffered: [{ start, end: currentTime + 1 }],
          currentTime,
          atEnd: false,
        });
        t.equal(step.kind === 'evict', played > BEHIND_S * 1.5 + 1e-9 || step.kind === 'evict');
        if (step.kind === 'evict') t.ok(step.to <= currentTime - BEHIND_S && step.from < step.to);
        else t.ok(played <= BEHIND_S * 1.5 + 1e-6);
      },
    ),
  );
});

t.test('a gap ends what is ahead', async (t) => {
  const buffered = [
    { start: 0, end: 4 },
    { start: 6, end: 9 },
  ];
  t.equal(bufferedAhead(buffered, 1), 3);
  t.equal(bufferedAhead(buffered, 5), 0);
  t.equal(bufferedAhead(buffered, 6), 3);
});
