import { SallyportError } from './errors/index.ts';

const HEX = /^(?:[0-9a-f]{2})*$/;
const BASE64URL = /^[A-Za-z0-9_-]*$/;

/** Lowercase hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

/** @throws SallyportError ERR_RECORD_ENCODING on upper case, odd length or other characters */
export function fromHex(text: string): Uint8Array<ArrayBuffer> {
  if (!HEX.test(text)) throw new SallyportError('ERR_RECORD_ENCODING', { detail: { form: 'hex' } });
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i += 1)
    bytes[i] = Number.parseInt(text.slice(i * 2, i * 2 + 2), 16);
  return bytes;
}

/** base64url without padding (RFC 4648 §5). */
export function toBase64url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/**
 * Strict base64url: no padding, no spaces, no standard alphabet, no loose trailing bits.
 *
 * @throws SallyportError ERR_RECORD_ENCODING
 */
export function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  if (!BASE64URL.test(text) || text.length % 4 === 1) {
    throw new SallyportError('ERR_RECORD_ENCODING', { detail: { form: 'base64url' } });
  }
  const bytes = fromBinary(atob(text.replaceAll('-', '+').replaceAll('_', '/')));
  if (toBase64url(bytes) !== text)
    throw new SallyportError('ERR_RECORD_ENCODING', { detail: { form: 'base64url' } });
  return bytes;
}

/** Standard base64 with padding, as `x5c` wants it (RFC 7515 §4.1.6). */
export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let i = 0; i < bytes.length; i += 0x8000)
    binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(binary);
}

/** @throws SallyportError ERR_RECORD_ENCODING */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = fromBinary(atob(text));
  } catch (cause) {
    throw new SallyportError('ERR_RECORD_ENCODING', { detail: { form: 'base64' }, cause });
  }
  if (toBase64(bytes) !== text)
    throw new SallyportError('ERR_RECORD_ENCODING', { detail: { form: 'base64' } });
  return bytes;
}

/** SHA-256 as lowercase hex. */
export async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}

/** Joins byte strings. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

function fromBinary(binary: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
