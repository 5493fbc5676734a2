import { SallyportError, groupFingerprint } from '@sallyport/contracts';

/** Compares what people read aloud with what the file says; spaces and case do not count. */
export function assertFingerprint(given: string, actual: string): void {
  if (given.replaceAll(/[\s:]/g, '').toLowerCase() === actual) return;
  throw new SallyportError('ERR_GATEWAY_FINGERPRINT', {
    detail: { fingerprint: groupFingerprint(actual) },
  });
}

/** Two different people must have compared it. */
export function assertTwoPeople(by: string, witness: string): void {
  const same =
    by.normalize('NFC').trim().toLowerCase() === witness.normalize('NFC').trim().toLowerCase();
  if (same || by.trim() === '' || witness.trim() === '')
    throw new SallyportError('ERR_GATEWAY_WITNESS');
}
