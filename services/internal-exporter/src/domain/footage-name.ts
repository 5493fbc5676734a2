import { SallyportError } from '@sallyport/contracts';

const MOST_CHARACTERS = 120;
/** Control characters, path marks and everything that turns or hides text (Unicode UAX 9, Cf and Cs). */
const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}/\\]/u;
const WATCHED = /^([0-9a-f]{32})_(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z\.[A-Za-z0-9]{1,8}$/;

/**
 * A display name in NFC. It is an attribute and never becomes a path.
 *
 * @throws SallyportError ERR_FOOTAGE_NAME_INVALID
 */
export function parseDisplayName(text: string): string {
  const name = text.normalize('NFC').trim();
  const isBounded = name.length > 0 && name.length <= MOST_CHARACTERS;
  if (!isBounded || FORBIDDEN.test(name) || /^\.+$/.test(name)) {
    throw new SallyportError('ERR_FOOTAGE_NAME_INVALID', { detail: { length: name.length } });
  }
  return name;
}

/** Camera and start of a file named `CAMERAID_YYYYMMDDTHHMMSSZ.ext`; null when it is named otherwise. */
export function readWatchedName(fileName: string): { cameraId: string; startsAt: Date } | null {
  const match = WATCHED.exec(fileName);
  if (match === null) return null;
  const [, cameraId = '', year, month, day, hour, minute, second] = match;
  const text = [year, month, day].join('-') + 'T' + [hour, minute, second].join(':') + '.000Z';
  const startsAt = new Date(text);
  // A day such as 31 February would roll over silently.
  if (Number.isNaN(startsAt.getTime()) || startsAt.toISOString() !== text) return null;
  return { cameraId, startsAt };
}
