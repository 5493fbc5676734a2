import { createHmac, randomBytes } from 'node:crypto';
import { parse, PublicJwk } from '@sallyport/contracts';

export type KeyUse = 'sign' | 'agree';

/** A private key as it rests in a key file. */
export type PrivateJwk = JsonWebKey & { readonly kty: string };

const ALGORITHMS = {
  sign: { name: 'ECDSA', namedCurve: 'P-256' },
  agree: { name: 'ECDH', namedCurve: 'P-256' },
} as const;

/** A new P-256 key as JWK: the private half for a key file, the public half for the other zone. */
export async function makeKeyPair(
  use: KeyUse,
): Promise<{ privateJwk: PrivateJwk; publicJwk: PublicJwk }> {
  const usages: KeyUsage[] = use === 'sign' ? ['sign', 'verify'] : ['deriveBits'];
  const { privateKey } = await crypto.subtle.generateKey(ALGORITHMS[use], true, usages);
  const jwk = await crypto.subtle.exportKey('jwk', privateKey);
  return { privateJwk: { ...jwk, kty: 'EC' }, publicJwk: publicHalf(jwk) };
}

/** The public half of a private JWK. @throws SallyportError ERR_KEY_INVALID */
export function publicHalf({ crv, kty, x, y }: JsonWebKey): PublicJwk {
  return parse(PublicJwk, { crv, kty, x, y }, 'ERR_KEY_INVALID');
}

/** Imports a private key so that it cannot be exported again from this process. */
export async function importPrivateKey(jwk: JsonWebKey, use: KeyUse): Promise<CryptoKey> {
  const { crv, d, kty, x, y } = jwk;
  const bare = { crv, d, kty, x, y } as JsonWebKey; // exactOptionalPropertyTypes: members were just read
  return crypto.subtle.importKey(
    'jwk',
    bare,
    ALGORITHMS[use],
    false,
    use === 'sign' ? ['sign'] : ['deriveBits'],
  );
}

/** 32 random bytes as a symmetric JWK. */
export function makeSecretJwk(): PrivateJwk {
  return { kty: 'oct', k: randomBytes(32).toString('base64url') };
}

/** The bytes of a symmetric JWK. */
export function secretOf(jwk: JsonWebKey): Buffer {
  return Buffer.from(jwk.k ?? '', 'base64url');
}

/** A key for another purpose from one secret. */
export function deriveSecret(secret: Uint8Array, purpose: string): Buffer {
  return createHmac('sha256', secret).update(`sallyport\0${purpose}`).digest();
}
