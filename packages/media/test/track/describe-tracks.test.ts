import { describeTracks } from '@sallyport/media/internal/track/describe-tracks.js';
import t, { type Test } from 'tap';
import { box, isCovered, scene, type Path, type Scene } from '../support/scene.ts';

const every = (stepMs: number, untilMs: number) =>
  Array.from({ length: Math.floor(untilMs / stepMs) + 1 }, (_, at) => at * stepMs);

/** Every 20 ms, searched or not, the figure is under a mask. */
function assertCovered(t: Test, { search, clip }: Scene, path: Path, fromMs = 0, toMs = Infinity) {
  const { tracks } = describeTracks(search, clip, ['face']);
  const open = [];
  for (let atMs = fromMs; atMs <= Math.min(toMs, search.searched.at(-1)?.atMs ?? 0); atMs += 20) {
    const place = path(atMs);
    if (place !== null && place.right > 0 && place.left < clip.width)
      if (!isCovered(tracks, atMs, place)) open.push(atMs);
  }
  t.same(open, [], 'no time at which it is seen');
  return tracks;
}

t.test('a detector that goes blind on a moving figure leaves it masked', (t) => {
  for (const blindMs of [160, 480, 1200, 2400]) {
    const path: Path = (atMs) => box(20 + Math.round(atMs * 0.1), 100);
    const isBlind = (atMs: number) => atMs > 1000 && atMs <= 1000 + blindMs;
    const tracks = assertCovered(t, scene(every(80, 5000), path, isBlind), path);
    t.equal(tracks.length, 1, `one track over ${blindMs} ms`);
    t.ok((tracks[0]?.interpolatedFrames ?? 0) >= blindMs / 80 - 1);
  }
  t.end();
});

t.test('a long way unseen is filled along the line, not with a mask over the whole way', (t) => {
  const path: Path = (atMs) => box(20 + Math.round(atMs * 0.25), 100);
  const isBlind = (atMs: number) => atMs > 400 && atMs <= 1900;
  const [track, ...others] = assertCovered(t, scene(every(80, 2300), path, isBlind), path);
  t.same(others, []);
  t.ok(track?.keyframes.some((key) => key.origin === 'interpolated'));
  t.ok(
    track?.keyframes.every((key) => key.width < 250),
    'no mask as wide as the way',
  );
  t.end();
});

t.test('what is first seen late is masked from where it came from', (t) => {
  const path: Path = (atMs) => box(100 + Math.round(atMs * 0.05), 100);
  const clip = scene(every(80, 4000), path, (atMs) => atMs < 1440);
  const [track] = assertCovered(t, clip, path);
  t.equal(track?.fromMs, 0);
  t.ok((track?.extendedFrames ?? 0) >= 17);
  t.end();
});

t.test('what is lost is masked until it has left the picture', (t) => {
  const path: Path = (atMs) => box(540 + Math.round(atMs * 0.06), 100);
  const clip = scene(every(80, 4000), path, (atMs) => atMs > 800);
  assertCovered(t, clip, path);
  t.end();
});

t.test('once nothing moves there any more the mask ends', (t) => {
  const path: Path = (atMs) => (atMs > 1000 ? null : box(100, 100));
  const { tracks } = describeTracks(scene(every(80, 6000), path).search, scene([0], path).clip, []);
  t.equal(tracks.length, 1);
  t.ok((tracks[0]?.toMs ?? Infinity) < 2000);
  t.end();
});

t.test('a figure faster than its own size per search is one track, covered on its way', (t) => {
  for (const speed of [0.6, 1.2, 1.8]) {
    const path: Path = (atMs) => box(10 + Math.round(atMs * speed), 60);
    const tracks = assertCovered(t, scene(every(80, Math.floor(560 / speed)), path), path);
    t.equal(tracks.length, 1, `${speed} pixels per millisecond`);
  }
  t.end();
});

t.test('a rate that changes in the middle changes nothing', (t) => {
  const times = [...every(40, 1000), ...every(200, 2000).map((atMs) => 1200 + atMs)];
  times.push(3240, 3280, 3320, 3360, 3400);
  const path: Path = (atMs) => box(20 + Math.round(atMs * 0.15), 100);
  const isBlind = (atMs: number) => atMs > 1500 && atMs < 2100;
  const tracks = assertCovered(t, scene(times, path, isBlind), path);
  t.equal(tracks.length, 1);
  t.end();
});

t.test('two figures that are lost in turn are not taken for one', (t) => {
  const path: Path = (atMs) => (atMs < 1000 ? box(40, 40) : box(500, 250));
  const { search, clip } = scene(every(80, 3000), path, (atMs) => atMs > 800 && atMs < 1200);
  t.equal(describeTracks(search, clip, ['face']).tracks.length, 2);
  t.end();
});

t.test('says how much was searched, and how the frames of tracks came about', (t) => {
  const path: Path = (atMs) => box(20 + Math.round(atMs * 0.1), 100);
  const { search, clip } = scene(every(80, 1600), path, (atMs) => atMs > 500 && atMs < 900);
  const { coverage, tracks } = describeTracks(search, clip, ['face']);
  t.match(coverage, { frameCount: 21, searchedFrames: 21, seenFrames: 16, interpolatedFrames: 5 });
  t.equal(coverage.seenFrames, tracks[0]?.seenFrames);
  t.end();
});

t.test('a face that only the second detector saw is masked, and doubted first', (t) => {
  const path: Path = () => box(100, 100);
  const { search, clip } = scene(every(80, 4000), path, (atMs) => atMs !== 2000);
  for (const { atMs, sightings } of search.searched)
    if (atMs === 2000)
      sightings.push({ kind: 'face', confidence: 0.9, ...box(400, 50), disputed: true });
  const { tracks, doubts } = describeTracks(search, clip, ['face']);
  t.ok(isCovered(tracks, 2000, box(400, 50)));
  t.equal(doubts[0]?.kind, 'detectors-disagree');
  t.end();
});

t.test('what was seen once and unsurely is masked there, but not followed', (t) => {
  const path: Path = (atMs) => box(100 + Math.round(atMs * 0.02), 100);
  const spanOf = (confidence: number) => {
    const { search, clip } = scene(every(80, 6000), path, (atMs) => atMs !== 2400);
    const searched = search.searched.map((frame) => ({
      ...frame,
      sightings: frame.sightings.map((sighting) => ({ ...sighting, confidence })),
    }));
    const [track] = describeTracks({ ...search, searched }, clip, ['face']).tracks;
    return [track?.fromMs, track?.toMs];
  };
  t.same(spanOf(0.35), [1700, 3100]);
  t.same(spanOf(0.9), [0, 5360], 'as long as it moves, three seconds at most');
  t.end();
});
