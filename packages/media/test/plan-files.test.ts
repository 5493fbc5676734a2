import { parseRegions, parseTracks, regionTrack } from '@sallyport/media';
import t from 'tap';

const sign = regionTrack(
  { x: 1, y: 2, width: 30, height: 40 },
  { durationMs: 1000, reason: 'a sign' },
);

t.test('reads a file of hand-placed tracks', (t) => {
  t.same(parseTracks(JSON.stringify({ tracks: [sign] })), [sign]);
  t.end();
});

t.test('refuses a track file that is not one, naming the fault', (t) => {
  const faults = [
    '',
    '[]',
    '{"tracks":[{}]}',
    JSON.stringify({ tracks: [{ ...sign, decision: 'maybe' }] }),
    JSON.stringify({ tracks: [{ ...sign, extra: 1 }] }),
    JSON.stringify({ tracks: [{ ...sign, fromMs: 2000 }] }),
    JSON.stringify({ tracks: [{ ...sign, keyframes: [] }] }),
    JSON.stringify({ tracks: [{ ...sign, keyframes: [...sign.keyframes, ...sign.keyframes] }] }),
    JSON.stringify({ tracks: [{ ...sign, reason: '' }] }),
    JSON.stringify({ tracks: [{ ...sign, decision: 'show', reason: 'detected: face' }] }),
  ];
  for (const text of faults)
    t.throws(
      () => parseTracks(text),
      { name: 'SallyportError', code: 'ERR_MEDIA_PLAN_INVALID' },
      text.slice(0, 60),
    );
  t.throws(() => parseTracks(JSON.stringify({ tracks: [sign] }), { width: 20, height: 20 }), {
    code: 'ERR_MEDIA_PLAN_INVALID',
  });
  t.end();
});

t.test(
  'reads a file of regions, and refuses one without a reason or with anything else in it',
  (t) => {
    const window = { x: 0, y: 0, width: 9, height: 9, reason: 'a window' };
    const regions = [window, { ...window, fromMs: 100, toMs: 900 }];
    t.same(parseRegions(JSON.stringify({ regions })), regions);
    for (const change of [{ reason: undefined }, { width: -1 }, { trackId: 'x' }])
      t.throws(() => parseRegions(JSON.stringify({ regions: [{ ...window, ...change }] })), {
        code: 'ERR_MEDIA_PLAN_INVALID',
      });
    t.throws(() => parseRegions('no JSON'), { code: 'ERR_MEDIA_PLAN_INVALID' });
    t.end();
  },
);

t.test('a region stands for the whole clip, or in its span', (t) => {
  const box = { x: 0, y: 0, width: 9, height: 9 };
  const options = { durationMs: 1000, reason: 'a window' };
  t.match(regionTrack(box, options), { fromMs: 0, toMs: 1000 });
  const span = regionTrack(box, { ...options, fromMs: 100, toMs: 900 });
  t.match(span, { fromMs: 100, toMs: 900, keyframes: [{ atMs: 100 }] });
  t.end();
});
