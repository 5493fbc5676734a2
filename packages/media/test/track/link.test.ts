import type { Sighting } from '@sallyport/media/internal/detect/sighting.js';
import { Linker } from '@sallyport/media/internal/track/link.js';
import { toMaskTrack, type ClipFacts } from '@sallyport/media/internal/track/to-mask-track.js';
import { clipDoubts, doubtsOf, riskiestFirst } from '@sallyport/media/internal/track/doubts.js';
import { boxAt } from '@sallyport/media/internal/mask/boxes-at.js';
import fc from 'fast-check';
import t from 'tap';

const clip: ClipFacts = {
  width: 640,
  height: 360,
  durationMs: 4000,
  scaleX: 1,
  scaleY: 1,
  frameTimes: Array.from({ length: 100 }, (_, frame) => frame * 40),
};
const ID = '0'.repeat(32);

function face(left: number, top: number, size = 40, confidence = 0.9): Sighting {
  return { kind: 'face', confidence, left, top, right: left + size, bottom: top + size };
}

t.test('two people who pass each other keep a track each', (t) => {
  const linker = new Linker();
  for (let frame = 0; frame < 40; frame++)
    linker.add(frame, frame * 40, [face(20 + frame * 10, 50), face(420 - frame * 10, 120)]);
  const tracks = linker.finish();
  t.same(
    tracks.map((track) => track.sightings.length),
    [40, 40],
  );
  t.end();
});

t.test('every sighting is masked where it was seen, linked or not', (t) => {
  const sightings = fc.array(
    fc.array(fc.tuple(fc.nat(580), fc.nat(300), fc.integer({ min: 8, max: 60 })), { maxLength: 4 }),
    { minLength: 1, maxLength: 30 },
  );
  fc.assert(
    fc.property(sightings, (frames) => {
      const linker = new Linker();
      for (const [frame, boxes] of frames.entries())
        linker.add(
          frame,
          frame * 80,
          boxes.map(([left, top, size]) => face(left, top, size)),
        );
      const tracks = linker.finish().map((linked) => toMaskTrack(linked, ID, clip));
      return frames.every((boxes, frame) =>
        boxes.every(([left, top, size]) =>
          tracks.some((track) => {
            if (track === null || frame * 80 < track.fromMs || frame * 80 > track.toMs)
              return false;
            const box = boxAt(track, frame * 80);
            return (
              box.x <= left &&
              box.y <= top &&
              box.x + box.width >= Math.min(640, left + size) &&
              box.y + box.height >= Math.min(360, top + size)
            );
          }),
        ),
      );
    }),
    { numRuns: 150 },
  );
  t.end();
});

t.test('a gap is bridged by one track that covers both sides of it', (t) => {
  const linker = new Linker();
  for (let frame = 0; frame <= 50; frame++)
    linker.add(frame, frame * 40, frame > 15 && frame < 35 ? [] : [face(100 + frame, 100)]);
  const [linked, ...more] = linker.finish();
  t.equal(more.length, 0);
  if (linked === undefined) return t.fail('no track');
  const track = toMaskTrack(linked, ID, clip);
  t.match(track, { seenFrames: 32, interpolatedFrames: 19 });
  t.ok(track !== null && doubtsOf(linked, track, clip).some((doubt) => doubt.kind === 'long-gap'));
  return t.end();
});

t.test(
  'masks stand before the first and after the last sighting, and grow the way the figure went',
  (t) => {
    const linker = new Linker();
    for (let frame = 25; frame <= 50; frame++)
      linker.add(frame, frame * 40, [face(100 + 4 * frame, 100)]);
    const [linked] = linker.finish();
    if (linked === undefined) return t.fail('no track');
    const track = toMaskTrack(linked, ID, clip);
    if (track === null) return t.fail('no mask');
    t.match(track, { fromMs: 300, toMs: 2700, seenFrames: 26, interpolatedFrames: 0 });
    t.equal(track.extendedFrames, 34);
    t.ok(boxAt(track, 300).x < 200, 'it came from the left');
    const last = boxAt(track, 2700);
    t.ok(last.x + last.width > 350, 'it went on to the right');
    return t.end();
  },
);

t.test('doubts name what was seen once, unsure, or lost inside the picture', (t) => {
  const linker = new Linker();
  linker.add(0, 0, [face(300, 150, 40, 0.35)]);
  const [linked] = linker.finish();
  if (linked === undefined) return t.fail('no track');
  const track = toMaskTrack(linked, ID, clip);
  if (track === null) return t.fail('no mask');
  t.same(
    doubtsOf(linked, track, clip).map((doubt) => doubt.kind),
    ['low-confidence', 'seen-once', 'lost-inside-picture'],
  );
  t.same(
    riskiestFirst(doubtsOf(linked, track, clip)).map((doubt) => doubt.kind),
    ['lost-inside-picture', 'seen-once', 'low-confidence'],
    'the riskiest first',
  );
  const partial = {
    declaredMs: 5000,
    readableMs: 4000,
    readableFrames: 100,
    gaps: [{ fromMs: 4000, toMs: 5000 }],
  };
  t.same(
    clipDoubts({ ...clip, scaleX: 2 }, partial, true).map((doubt) => doubt.kind),
    ['small-figure-limit', 'unreadable-part'],
  );
  return t.end();
});
