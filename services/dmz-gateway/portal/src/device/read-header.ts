import { fromBase64url, PackageHeader, parse, parseCanonical } from '@sallyport/contracts';

/**
 * The devices a package says it is sealed to, read without verifying: only to tell a person which
 * device to use. The player verifies the whole header before it opens anything.
 *
 * @throws SallyportError ERR_RECORD_INVALID
 */
export function sealedDevices(headerJws: string): readonly string[] {
  const payload = parseCanonical(fromBase64url(headerJws.split('.')[1] ?? ''));
  return parse(PackageHeader, payload).recipients.map(({ deviceId }) => deviceId);
}
