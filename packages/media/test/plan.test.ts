import { buildPlan, manualTrack, maskPlanDigest, regionTrack } from '@sallyport/media';
import t from 'tap';

const sign = regionTrack(
  { x: 1, y: 2, width: 30, height: 40 },
  { durationMs: 1000, reason: 'a sign' },
);

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
