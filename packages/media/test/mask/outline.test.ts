import type { MaskBox } from '@sallyport/contracts';
import { isWithin, outlineOf } from '@sallyport/media/internal/mask/outline.js';
import { alignBox } from '@sallyport/media/internal/mask/swatch.js';
import fc from 'fast-check';
import t from 'tap';

const PICTURE = { width: 400, height: 300 };

/** A seen box with its margin, as a track of the plan has it. */
function masked(seen: MaskBox, margin: number) {
  const x = Math.max(0, seen.x - margin);
  const y = Math.max(0, seen.y - margin);
  const endX = Math.min(PICTURE.width, seen.x + seen.width + margin);
  const endY = Math.min(PICTURE.height, seen.y + seen.height + margin);
  return { box: { x, y, width: endX - x, height: endY - y }, margin: { x: margin, y: margin } };
}

t.test('an ellipse covers all of what was seen, at the border of the picture too', (t) => {
  const seen = fc.record({
    x: fc.nat(380),
    y: fc.nat(280),
    width: fc.integer({ min: 1, max: 200 }),
    height: fc.integer({ min: 1, max: 200 }),
  });
  fc.assert(
    fc.property(seen, fc.nat(60), (free, margin) => {
      const width = Math.min(free.width, PICTURE.width - free.x);
      const height = Math.min(free.height, PICTURE.height - free.y);
      const part = { ...free, width, height };
      const mask = masked(part, margin);
      const outline = outlineOf(mask, 'ellipse', PICTURE);
      return isWithin(outline, alignBox(mask.box, PICTURE), part);
    }),
    { numRuns: 300 },
  );
  t.end();
});

t.test(
  'an ellipse leaves the corners of a box with a wide margin open, a box leaves nothing',
  (t) => {
    const mask = masked({ x: 100, y: 100, width: 80, height: 80 }, 30);
    const corner = { x: 70, y: 70, width: 4, height: 4 };
    t.notOk(isWithin(outlineOf(mask, 'ellipse', PICTURE), mask.box, corner));
    t.ok(isWithin(outlineOf(mask, 'box', PICTURE), mask.box, corner));
    t.end();
  },
);
