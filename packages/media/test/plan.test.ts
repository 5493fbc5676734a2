import { buildPlan, manualTrack, maskPlanDigest, parseTracks, regionTrack } from '@sallyport/media';
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

t.test('the digest of a plan changes with every box', (t) => {
  const probe = { width: 100, height: 100 } as Parameters<typeof buildPlan>[0]['probe']; // only the size is read
  const facts = { tracks: [], doubts: [], targets: [], probe, durationMs: 1000 };
  const plan = buildPlan(facts, { style: 'solid', extraTracks: [sign] });
  const moved = manualTrack([{ atMs: 0, x: 2, y: 2, width: 30, height: 40 }], {
    fromMs: 0,
    toMs: 1000,
    reason: 'a sign',
  });
  const other = buildPlan(facts, {
    style: 'solid',
    extraTracks: [{ ...moved, trackId: sign.trackId, kind: 'region' }],
  });
  t.match(maskPlanDigest(plan), /^[0-9a-f]{64}$/);
  t.not(maskPlanDigest(plan), maskPlanDigest(other));
  t.end();
});
