import type { MaskTrack } from '@sallyport/contracts';
import { manualTrack } from '@sallyport/media';
import { boxAt, PlanCursor, union } from '@sallyport/media/internal/mask/boxes-at.js';
import fc from 'fast-check';
import t from 'tap';

const box = fc.record({
  x: fc.nat(500),
  y: fc.nat(500),
  width: fc.integer({ min: 1, max: 300 }),
  height: fc.integer({ min: 1, max: 300 }),
});

t.test('between two sightings a detected figure is covered wherever it was on either side', (t) => {
  fc.assert(
    fc.property(box, box, fc.nat(100), (first, second, share) => {
      const track = detected([
        { atMs: 0, ...first, origin: 'seen' },
        { atMs: 100, ...second, origin: 'seen' },
      ]);
      const at = boxAt(track, share);
      const [known] = share === 100 ? [second] : [first];
      return (
        contains(at, known) &&
        (share === 0 || share === 100 || (contains(at, second) && contains(at, first)))
      );
    }),
  );
  t.end();
});

t.test('a hand-placed box moves in a straight line between its keyframes', (t) => {
  const track = manualTrack(
    [
      { atMs: 0, x: 0, y: 0, width: 10, height: 10 },
      { atMs: 100, x: 100, y: 50, width: 20, height: 10 },
    ],
    { fromMs: 0, toMs: 200, reason: 'by hand' },
  );
  t.same(boxAt(track, 50), { x: 50, y: 25, width: 15, height: 10 });
  t.same(boxAt(track, 150), { x: 100, y: 50, width: 20, height: 10 });
  t.end();
});

t.test('a plan walked in time order gives each track exactly while it lasts', (t) => {
  const tracks = [
    track(0, 100),
    track(50, 60),
    track(200, 300),
    { ...track(0, 300), decision: 'show' as const },
  ];
  const cursor = new PlanCursor(tracks);
  const counts = [0, 55, 100, 150, 250, 301].map((atMs) => cursor.at(atMs).length);
  t.same(counts, [1, 2, 1, 0, 1, 0]);
  t.end();
});

function track(fromMs: number, toMs: number): MaskTrack {
  return manualTrack([{ atMs: 0, x: 0, y: 0, width: 10, height: 10 }], {
    fromMs,
    toMs,
    reason: 'by hand',
  });
}

function detected(keyframes: MaskTrack['keyframes']): MaskTrack {
  return { ...track(0, 100), origin: 'detector', kind: 'face', keyframes };
}

function contains(outer: Parameters<typeof union>[0], inner: Parameters<typeof union>[0]): boolean {
  const both = union(outer, inner);
  return (
    both.width === outer.width &&
    both.height === outer.height &&
    both.x === outer.x &&
    both.y === outer.y
  );
}
