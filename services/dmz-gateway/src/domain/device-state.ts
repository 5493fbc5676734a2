import {
  canonicalBytes,
  groupFingerprint,
  sha256Hex,
  type PortalDeviceState,
  type PublicJwk,
} from '@sallyport/contracts';

/** What people compare out of band: SHA-256 over both public keys, first 20 digits in groups of 4. */
export async function deviceFingerprint(
  signingKey: PublicJwk,
  agreementKey: PublicJwk,
): Promise<string> {
  return groupFingerprint(await sha256Hex(canonicalBytes({ agreementKey, signingKey })), 20);
}

/** A device's state: certificates and their revocations outrank what the enrolment last said. */
export function deviceState(
  stored: 'submitted' | 'challenged' | 'proved' | 'refused',
  certificates: readonly { readonly role: string; readonly revoked: boolean }[],
): PortalDeviceState {
  if (certificates.some(({ revoked }) => revoked)) return 'revoked';
  const roles = new Set(certificates.map(({ role }) => role));
  return roles.has('device-sign') && roles.has('device-agree') ? 'confirmed' : stored;
}
