import { currentLanguage } from './words.ts';

/** A UTC time as Korean time with its offset: `2026. 11. 21. 19:00:00 (UTC+9)`; a dash for none. */
export function koreanTime(utc: string | null | undefined): string {
  if (utc === null || utc === undefined) return '–';
  const text = new Intl.DateTimeFormat(currentLanguage() === 'ko' ? 'ko-KR' : 'en-GB', {
    timeZone: 'Asia/Seoul',
    dateStyle: 'medium',
    timeStyle: 'medium',
    hourCycle: 'h23',
  }).format(new Date(utc));
  return `${text} (UTC+9)`;
}

/** The value of a `datetime-local` input, read as Korean time, as UTC ISO 8601; null while incomplete. */
export function fromKoreanInput(value: string): string | null {
  const time = new Date(`${value}${value.length === 16 ? ':00' : ''}+09:00`);
  return value === '' || Number.isNaN(time.getTime()) ? null : time.toISOString();
}

/** A UTC time as the value of a `datetime-local` input in Korean time, to the second. */
export function toKoreanInput(utc: string): string {
  return new Date(new Date(utc).getTime() + 9 * 3_600_000).toISOString().slice(0, 19);
}
