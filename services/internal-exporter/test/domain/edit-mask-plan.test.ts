import type { MaskPlan } from '@sallyport/contracts';
import { editMaskPlan } from '@sallyport/internal-exporter/domain/edit-mask-plan.js';
import t from 'tap';

const FACE = 'f'.repeat(32);
const FRESH = 'a'.repeat(32);
const keyframe = { atMs: 0, x: 1, y: 1, width: 10, height: 10, origin: 'seen' as const };
const plan: MaskPlan = {
  ...{
    version: 3,
    width: 100,
    height: 80,
    durationMs: 2000,
    style: 'mosaic',
    targets: ['face'],
    doubts: [],
  },
  tracks: [
    {
      ...{ trackId: FACE, kind: 'face', origin: 'detector', decision: 'mask', reason: 'face' },
      ...{
        fromMs: 0,
        toMs: 900,
        keyframes: [keyframe],
        seenFrames: 9,
        interpolatedFrames: 0,
        extendedFrames: 0,
      },
    },
  ],
  watermark: { kind: 'none', reason: 'not built' },
};
const added = {
  kind: 'add',
  trackKind: 'manual',
  reason: '창문',
  fromMs: 0,
  toMs: 500,
  keyframes: [keyframe],
} as const;

t.test('every change is the next version, and the former stays as it was', (t) => {
  const edited = editMaskPlan(plan, [{ ...added, keyframes: [keyframe] }], [FRESH]);
  t.equal(edited.version, 4);
  t.match(edited.tracks[1], { trackId: FRESH, origin: 'operator', decision: 'mask' });
  t.equal(plan.tracks.length, 1);
  t.same(editMaskPlan(edited, [{ kind: 'remove', trackId: FRESH }], ['']).tracks, plan.tracks);
  t.end();
});

t.test('a detected figure is shown with a reason, never removed or moved', (t) => {
  const shown = editMaskPlan(plan, [{ kind: 'show', trackId: FACE, reason: '피의자' }], ['']);
  t.match(shown.tracks[0], { decision: 'show', reason: '피의자' });
  const refused = { code: 'ERR_MEDIA_PLAN_INVALID' };
  t.throws(() => editMaskPlan(plan, [{ kind: 'remove', trackId: FACE }], ['']), refused);
  const moved = {
    kind: 'change',
    trackId: FACE,
    fromMs: 0,
    toMs: 1,
    keyframes: [keyframe],
  } as const;
  t.throws(() => editMaskPlan(plan, [{ ...moved, keyframes: [keyframe] }], ['']), refused);
  t.throws(
    () => editMaskPlan(plan, [{ kind: 'mask', trackId: FRESH, reason: 'x' }], ['']),
    refused,
  );
  t.end();
});

t.test('a box outside the picture is refused', (t) => {
  const outside = { ...added, keyframes: [{ ...keyframe, x: 95 }] };
  t.throws(() => editMaskPlan(plan, [outside], [FRESH]), { code: 'ERR_MEDIA_PLAN_INVALID' });
  t.end();
});
