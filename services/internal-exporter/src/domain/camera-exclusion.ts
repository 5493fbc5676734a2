import { assertNever, type CameraExclusion } from '@sallyport/contracts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;
/** Korean Standard Time has no daylight saving. */
const KST_MINUTES = 9 * 60;

/** True when any moment of the range is excluded from release (반출제외). */
export function isExcluded(
  exclusion: CameraExclusion,
  range: { readonly startsAt: Date; readonly endsAt: Date },
): boolean {
  switch (exclusion.kind) {
    case 'none':
      return false;
    case 'always':
      return true;
    case 'hours':
      return touchesHours(exclusion, range);
    default:
      return assertNever(exclusion);
  }
}

function touchesHours(
  hours: { readonly fromMinute: number; readonly toMinute: number },
  { startsAt, endsAt }: { readonly startsAt: Date; readonly endsAt: Date },
): boolean {
  const lengthMinutes = (endsAt.getTime() - startsAt.getTime()) / MINUTE_MS;
  if (lengthMinutes >= DAY_MINUTES) return true;
  const start = (startsAt.getTime() / MINUTE_MS + KST_MINUTES) % DAY_MINUTES;
  const end = start + lengthMinutes;
  const to = hours.toMinute > hours.fromMinute ? hours.toMinute : hours.toMinute + DAY_MINUTES;
  // The range starts on day 0 and may reach into day 1; the window may have begun on the day before.
  return [-DAY_MINUTES, 0, DAY_MINUTES].some(
    (shift) => start < to + shift && hours.fromMinute + shift < end,
  );
}
