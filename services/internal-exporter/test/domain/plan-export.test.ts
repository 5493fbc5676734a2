import { planExport } from '@sallyport/internal-exporter/domain/plan-export.js';
import fc from 'fast-check';
import t from 'tap';

const CAMERA = 'a'.repeat(32);
const at = (minutes: number) => new Date(Date.UTC(2026, 10, 21, 1, minutes));
const item = { cameraId: CAMERA, startsAt: at(10), endsAt: at(20) };
const footage = { cameraId: CAMERA, startsAt: at(0), endsAt: null, state: 'stored' as const };
const choice = { targets: ['face', 'face', 'motion'] as const, style: 'mosaic' as const };

t.test('finds the approved time inside the recording', (t) => {
  const plan = planExport(item, footage, choice);
  t.same(plan.range, { fromMs: 600_000, toMs: 1_200_000 });
  t.same(plan.targets, ['face', 'motion']);
  t.same(plan.watermark, { kind: 'none', reason: 'not built' });
  t.equal(plan.audio, 'removed');
  t.end();
});

t.test('takes a recording that begins late', (t) => {
  t.same(planExport(item, { ...footage, startsAt: at(15) }, choice).range, {
    fromMs: 0,
    toMs: 300_000,
  });
  t.end();
});

t.test('refuses what does not fit, each for its own reason', (t) => {
  const refused = (code: string, change: object, of: object = {}) =>
    t.throws(() => planExport({ ...item, ...of }, { ...footage, ...change }, choice), { code });
  refused('ERR_FOOTAGE_OTHER_CAMERA', { cameraId: 'b'.repeat(32) });
  refused('ERR_FOOTAGE_OUT_OF_RANGE', { startsAt: at(20) });
  refused('ERR_FOOTAGE_OUT_OF_RANGE', { endsAt: at(10) });
  refused('ERR_FOOTAGE_REFUSED', { state: 'refused' });
  refused('ERR_FOOTAGE_DESTROYED', { state: 'destroyed' });
  refused('ERR_EXPORT_RANGE_INVALID', {}, { endsAt: at(10) });
  refused('ERR_EXPORT_RANGE_INVALID', {}, { endsAt: at(5) });
  t.end();
});

t.test('never plans outside the approved time', (t) => {
  const minute = fc.integer({ min: -500, max: 500 });
  fc.assert(
    fc.property(minute, minute, minute, (from, to, begins) => {
      fc.pre(to > from && to > begins);
      const wanted = { cameraId: CAMERA, startsAt: at(from), endsAt: at(to) };
      const { range } = planExport(wanted, { ...footage, startsAt: at(begins) }, choice);
      const start = at(begins).getTime() + range.fromMs;
      return (
        start >= at(from).getTime() &&
        at(begins).getTime() + range.toMs === at(to).getTime() &&
        range.fromMs < range.toMs
      );
    }),
  );
  t.end();
});
