import { SallyportError } from '@sallyport/contracts';

const SHOWN_DIGITS = 20;

/** The form of a key's digest that two people compare: 20 hex digits in groups of four. */
export function toFingerprint(sha256: string): string {
  return sha256.slice(0, SHOWN_DIGITS).replace(/(.{4})(?=.)/g, '$1 ');
}

/**
 * Compares what a person typed or heard with what arrived; case and spaces do not matter.
 *
 * @throws SallyportError ERR_FINGERPRINT_MISMATCH
 */
export function assertFingerprint(given: string, known: string): void {
  const normal = (text: string) => text.toLowerCase().replace(/[^0-9a-f]/g, '');
  if (normal(given).length > 0 && normal(given) === normal(known)) return;
  throw new SallyportError('ERR_FINGERPRINT_MISMATCH');
}
