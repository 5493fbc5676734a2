import { smooth } from '@sallyport/media/internal/track/smooth.js';
import fc from 'fast-check';
import t from 'tap';

const at = (frame: number, left: number, right: number) => ({
  frame,
  atMs: frame * 80,
  confidence: 1,
  left,
  top: 0,
  right,
  bottom: 40,
});

t.test('a steadied box holds what was seen', (t) => {
  const edges = fc.array(fc.tuple(fc.nat(300), fc.integer({ min: 1, max: 90 })), { minLength: 1 });
  fc.assert(
    fc.property(edges, (boxes) => {
      const seen = boxes.map(([left, width], frame) => at(frame, left, left + width));
      return smooth(seen).every((steady, index) => {
        const one = seen[index];
        return one !== undefined && steady.left <= one.left && steady.right >= one.right;
      });
    }),
  );
  t.end();
});

t.test('trembling edges come to rest', (t) => {
  const seen = Array.from({ length: 40 }, (_, frame) => at(frame, 100 + (frame % 2) * 6, 150));
  const lefts = smooth(seen).map(({ left }) => left);
  const steps = lefts.slice(1).map((left, index) => Math.abs(left - (lefts[index] ?? 0)));
  t.ok(Math.max(...steps) < 4, 'by less than two thirds of what was seen');
  t.end();
});
