import { Secret, TOTP } from 'otpauth';
import { SallyportError } from '@sallyport/contracts';

const PERIOD_SECONDS = 30;
const DIGITS = 6;
const WINDOW_STEPS = 1;
const SECRET_BYTES = 20;

/** A new shared secret, base32. It is stored encrypted (FieldCipher). */
export function createTotpSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

/** The `otpauth://` address that authenticator apps read, usually as a QR picture. */
export function totpUri(secret: string, issuer: string, label: string): string {
  return totp(secret, issuer, label).toString();
}

/** The code an authenticator shows at `now`; for scripted people and tests. */
export function totpCode(secret: string, now: Date): string {
  return totp(secret).generate({ timestamp: now.getTime() });
}

/**
 * Finds the 30-second step a code belongs to, one step early or late allowed. A code is good once:
 * steps up to `lastAcceptedStep` are refused. Store the returned step in the same transaction that
 * opens the session. Null: wrong, stale or used.
 */
export function findTotpStep(
  secret: string,
  code: string,
  now: Date,
  lastAcceptedStep: number | null,
): number | null {
  if (!/^[0-9]{6}$/.test(code)) return null;
  const delta = totp(secret).validate({
    token: code,
    timestamp: now.getTime(),
    window: WINDOW_STEPS,
  });
  if (delta === null) return null;
  const step = Math.floor(now.getTime() / 1000 / PERIOD_SECONDS) + delta;
  return lastAcceptedStep !== null && step <= lastAcceptedStep ? null : step;
}

/**
 * {@link findTotpStep} for a login.
 *
 * @throws SallyportError ERR_CREDENTIALS_REFUSED for a wrong, stale or used code.
 */
export function assertTotp(
  secret: string,
  code: string,
  now: Date,
  lastAcceptedStep: number | null,
): number {
  const step = findTotpStep(secret, code, now, lastAcceptedStep);
  if (step === null) throw new SallyportError('ERR_CREDENTIALS_REFUSED');
  return step;
}

function totp(secret: string, issuer = 'Sallyport', label = 'account'): TOTP {
  return new TOTP({
    secret: Secret.fromBase32(secret),
    issuer,
    label,
    algorithm: 'SHA1',
    digits: DIGITS,
    period: PERIOD_SECONDS,
  });
}
