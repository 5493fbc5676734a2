import { fromBase64url, toBase64url } from '@sallyport/contracts';
import type { FieldCipher, FieldPlace } from './field-cipher.ts';

/** `enc1:` and the bytes of an encrypted field, base64url: for columns that hold text. */
const PREFIX = 'enc1:';

/** Encrypts a value for a text column. */
export function encryptText(
  cipher: Pick<FieldCipher, 'encrypt'>,
  value: string,
  place: FieldPlace,
): string {
  return PREFIX + toBase64url(cipher.encrypt(value, place));
}

/**
 * Reads a text column. A value without the prefix stands there in clear: a record that names nobody,
 * or one written before its column was encrypted.
 *
 * @throws SallyportError ERR_FIELD_KEY_UNKNOWN, ERR_FIELD_TAMPERED
 */
export function decryptText(
  cipher: Pick<FieldCipher, 'decrypt'>,
  stored: string,
  place: FieldPlace,
): string {
  if (!stored.startsWith(PREFIX)) return stored;
  return cipher.decrypt(fromBase64url(stored.slice(PREFIX.length)), place);
}
