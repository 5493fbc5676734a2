import { randomBytes } from 'node:crypto';
import { SallyportError } from '@sallyport/contracts';
import type { JWK } from 'jose';

const KEY_BYTES = 32;

/** A new 256-bit key (field encryption, blind index, sessions) in the form that key files hold. */
export function createSymmetricKey(): JWK {
  return { kty: 'oct', k: randomBytes(KEY_BYTES).toString('base64url') };
}

/**
 * The 32 bytes of a symmetric key read from its file.
 *
 * @throws SallyportError ERR_KEY_FILE_INVALID for a key of another type or length.
 */
export function symmetricKeyBytes(key: JWK): Uint8Array {
  const bytes = Buffer.from(key.kty === 'oct' ? (key.k ?? '') : '', 'base64url');
  if (bytes.length !== KEY_BYTES) throw new SallyportError('ERR_KEY_FILE_INVALID');
  return bytes;
}
