import t from 'tap';
import { isExcluded } from '@sallyport/internal-exporter/domain/camera-exclusion.js';

/** Times of 21 November in Korea. */
const kst = (from: string, to: string, days = 0) => ({
  startsAt: new Date(`2026-11-21T${from}:00.000+09:00`),
  endsAt: new Date(new Date(`2026-11-21T${to}:00.000+09:00`).getTime() + days * 86_400_000),
});
const hours = (fromMinute: number, toMinute: number) =>
  ({ kind: 'hours', fromMinute, toMinute }) as const;

t.test('always and none mean what they say', async (t) => {
  t.equal(isExcluded({ kind: 'none' }, kst('10:00', '10:05')), false);
  t.equal(isExcluded({ kind: 'always' }, kst('10:00', '10:05')), true);
});

t.test('excludes a range that touches the hours, in Korean time', async (t) => {
  const school = hours(8 * 60, 9 * 60);
  t.equal(isExcluded(school, kst('08:30', '08:40')), true);
  t.equal(isExcluded(school, kst('07:50', '08:01')), true);
  t.equal(isExcluded(school, kst('08:59', '09:30')), true);
  t.equal(isExcluded(school, kst('09:00', '09:30')), false);
  t.equal(isExcluded(school, kst('07:00', '08:00')), false);
});

t.test('hours and ranges may run over midnight', async (t) => {
  const night = hours(22 * 60, 6 * 60);
  t.equal(isExcluded(night, kst('23:00', '23:10')), true);
  t.equal(isExcluded(night, kst('05:00', '05:10')), true);
  t.equal(isExcluded(night, kst('12:00', '12:10')), false);
  t.equal(isExcluded(hours(0, 60), kst('23:50', '00:10', 1)), true);
  t.equal(isExcluded(night, kst('21:00', '21:30', 1)), true);
});
