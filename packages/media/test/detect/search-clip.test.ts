import { join } from 'node:path';
import { searchClip } from '@sallyport/media/internal/detect/search-clip.js';
import type { Detector, Look, Sighting } from '@sallyport/media/internal/detect/sighting.js';
import { detectionShape } from '@sallyport/media/internal/frames/shapes.js';
import { probeFile } from '@sallyport/media/internal/probe/probe.js';
import { describeTracks } from '@sallyport/media/internal/track/describe-tracks.js';
import { boxAt } from '@sallyport/media/internal/mask/boxes-at.js';
import t from 'tap';
import { folder, H264, makeClip, walker } from '../support/clips.ts';

/** Knows where the figure of the clip is; remembers what it was asked. */
function fakeDetector(see: (atMs: number) => Sighting[]) {
  const asked: { atMs: number; look: Look }[] = [];
  const detector: Detector = {
    kinds: ['face'],
    isFixedSize: false,
    async detect({ atMs }, look) {
      asked.push({ atMs, look });
      return see(atMs);
    },
    async close() {
      asked.length = 0;
    },
  };
  return { asked, detector };
}

async function search(file: string, detector: Detector) {
  const source = await probeFile(file, {});
  const { width, height } = source.report;
  const shape = detectionShape(source.report, 1280);
  const found = await searchClip(
    source,
    shape,
    { networks: [detector], secondOpinion: null, motion: false },
    {},
  );
  const { durationMs } = found.outcome;
  const { frameTimes } = found;
  const facts = { width, height, durationMs, frameTimes, scaleX: 1, scaleY: 1 };
  return { found, ...describeTracks(found, facts, ['face']) };
}

t.test('a figure that a detector loses for 15 frames is masked in all of them', async (t) => {
  const file = makeClip(join(folder(t), 'walk.mp4'), [...walker(2, '320x180', 25), ...H264]);
  const place = (atMs: number) => 20 + (atMs / 1000) * 80;
  const { detector } = fakeDetector((atMs) => {
    const left = place(atMs);
    const isBlind = atMs >= 600 && atMs < 1200;
    return isBlind
      ? []
      : [{ kind: 'face', confidence: 0.8, left, top: 40, right: left + 40, bottom: 100 }];
  });
  const { tracks, found } = await search(file, detector);
  t.equal(found.frameTimes.length, 50);
  t.equal(tracks.length, 1);
  const [track] = tracks;
  if (track === undefined) return t.fail('no track');
  for (const atMs of found.frameTimes) {
    const mask = boxAt(track, atMs);
    const left = place(atMs);
    t.ok(mask.x <= left && mask.x + mask.width >= left + 40 && mask.y <= 40, `at ${atMs} ms`);
  }
  return t.end();
});

t.test('a still scene is hardly searched, and what was seen in it stays seen', async (t) => {
  const still = ['-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=25:d=0.04', '-vf', 'loop=99:1:0'];
  const file = makeClip(join(folder(t), 'still.mp4'), [...still, ...H264]);
  const seen: Sighting = { kind: 'face', confidence: 0.8, left: 9, top: 9, right: 49, bottom: 49 };
  const { asked, detector } = fakeDetector(() => [seen]);
  const { tracks, found } = await search(file, detector);
  t.equal(found.frameTimes.length, 100);
  const times = new Set(asked.map(({ atMs }) => atMs));
  t.ok(times.size <= 3, `${times.size} frames searched`);
  t.match(tracks, [{ fromMs: 0, toMs: 4000 }]);
});

t.test(
  'a large picture is searched whole, closely where something moves, and once shrunken',
  async (t) => {
    const file = makeClip(join(folder(t), 'walk.mp4'), [...walker(1, '1280x720', 5), ...H264]);
    const { asked, detector } = fakeDetector(() => []);
    const { tracks } = await search(file, detector);
    t.same(tracks, [], 'no figure is no error');
    const first = asked.filter(({ atMs }) => atMs === 0).map(({ look }) => look);
    t.equal(first.length, 6, 'whole, four parts, near');
    t.ok(first.some(({ longSide }) => longSide === 160));
    const close = asked.filter(({ atMs }) => atMs === 400).map(({ look }) => look);
    t.ok(close.length <= 2, 'where it is and where it was');
    for (const { area, longSide } of close) {
      t.ok(area.right - area.left < 300, 'not much else');
      t.ok(longSide >= area.right - area.left, 'as large as it is');
    }
    t.ok(close.some(({ area }) => area.left <= 276 && area.right >= 316 && area.bottom >= 100));
  },
);
