import { SallyportError, type CertificateIdentity, type ExportRequest } from '@sallyport/contracts';

const LONGEST_VALIDITY_MS = 366 * 24 * 3600 * 1000;
/** A device's clock may run ahead by this much. */
const CLOCK_SKEW_MS = 5 * 60_000;

/**
 * A request whose signature holds must also be the caller's own, for this site, and in time.
 *
 * @throws SallyportError ERR_DEVICE_FOREIGN, ERR_RECORD_AUDIENCE, ERR_RECORD_EXPIRED
 */
export function assertRequest(
  request: ExportRequest,
  signer: CertificateIdentity,
  expected: { readonly officerId: string; readonly siteId: string },
  now: Date,
): void {
  assertOwnDevice(request, signer, expected.officerId);
  if (request.officerId !== expected.officerId) throw new SallyportError('ERR_DEVICE_FOREIGN');
  if (request.siteId !== expected.siteId) throw new SallyportError('ERR_RECORD_AUDIENCE');
  const [at, expiresAt] = [Date.parse(request.at), Date.parse(request.expiresAt)];
  const inTime = at <= now.getTime() + CLOCK_SKEW_MS && expiresAt > now.getTime();
  if (!inTime || expiresAt <= at || expiresAt - at > LONGEST_VALIDITY_MS) {
    throw new SallyportError('ERR_RECORD_EXPIRED', { detail: { expiresAt: request.expiresAt } });
  }
}

/** The signing certificate must belong to the device the record names and to the officer who calls. */
export function assertOwnDevice(
  record: { readonly deviceId: string },
  signer: CertificateIdentity,
  officerId: string,
): void {
  if (signer.subjectId === record.deviceId && signer.ownerId === officerId) return;
  throw new SallyportError('ERR_DEVICE_FOREIGN', { detail: { deviceId: record.deviceId } });
}

/** A record that was made just now: old ones are replays. @throws SallyportError ERR_RECORD_EXPIRED */
export function assertFresh(at: string, now: Date, maxAgeMs: number): void {
  const age = now.getTime() - Date.parse(at);
  if (age < -CLOCK_SKEW_MS || age > maxAgeMs + CLOCK_SKEW_MS) {
    throw new SallyportError('ERR_RECORD_EXPIRED', { detail: { at } });
  }
}
