import { CompactEncrypt, compactDecrypt, importJWK } from 'jose';
import Type from 'typebox';
import { toBase64url } from '../bytes.ts';
import { SallyportError } from '../errors/index.ts';
import { parse } from '../parse.ts';
import { PublicJwk } from '../scalars.ts';
import { requireMember, splitCompact } from './strict.ts';

const MEMBERS = ['alg', 'enc', 'kid', 'typ', 'epk', 'apv'] as const;
const Header = Type.Object(
  {
    alg: Type.Literal('ECDH-ES+A256KW'),
    enc: Type.Literal('A256GCM'),
    kid: Type.String({ minLength: 1, maxLength: 128 }),
    typ: Type.String({ maxLength: 64 }),
    epk: PublicJwk,
    apv: Type.String({ maxLength: 256 }),
  },
  { additionalProperties: false },
);
/** Purposes keep a value wrapped for one use from being accepted in another. */
export const WRAP_PURPOSES = [
  'recipient-share',
  'licence-share',
  'licence',
  'enrolment-challenge',
  'personal',
  'data-key',
  'preview-key',
] as const;
export type WrapPurpose = (typeof WRAP_PURPOSES)[number];

/** What a wrapped value is bound to besides the key. */
export interface WrapBinding {
  readonly purpose: WrapPurpose;
  /** Id of the package, job or device the value belongs to; goes into the key derivation (`apv`). */
  readonly context: string;
  /** Id of the receiving key: a certificate id or a key epoch. */
  readonly keyId: string;
}

/** Encrypts to a P-256 agreement key: compact JWE, ECDH-ES+A256KW, A256GCM. */
export async function wrapFor(
  publicKey: PublicJwk,
  plaintext: Uint8Array,
  binding: WrapBinding,
): Promise<string> {
  const key = await importAgreementKey(publicKey);
  return new CompactEncrypt(plaintext)
    .setProtectedHeader({
      alg: 'ECDH-ES+A256KW',
      enc: 'A256GCM',
      kid: binding.keyId,
      typ: typeOf(binding.purpose),
    })
    .setKeyManagementParameters({ apv: contextBytes(binding.context) })
    .encrypt(key);
}

/**
 * Opens a value wrapped by {@link wrapFor} under the same binding.
 *
 * @throws SallyportError ERR_WRAP_FAILED, ERR_RECORD_HEADER, ERR_RECORD_ENCODING
 */
export async function unwrapWith(
  privateKey: CryptoKey,
  compact: string,
  binding: WrapBinding,
  maxBytes = 65_536,
): Promise<Uint8Array<ArrayBuffer>> {
  assertWrap(compact, binding, maxBytes);
  try {
    const { plaintext } = await compactDecrypt(compact, privateKey, {
      keyManagementAlgorithms: ['ECDH-ES+A256KW'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    return new Uint8Array(plaintext);
  } catch (cause) {
    throw new SallyportError('ERR_WRAP_FAILED', { cause });
  }
}

/**
 * Checks form and binding of a wrapped value without opening it: what a zone without the key can do.
 *
 * @throws SallyportError ERR_RECORD_HEADER, ERR_RECORD_ENCODING, ERR_RECORD_TOO_LARGE
 */
export function assertWrap(compact: string, binding: WrapBinding, maxBytes = 65_536): void {
  const { header } = splitCompact(compact, { parts: 5, members: MEMBERS, maxBytes, spelling });
  parse(Header, header, 'ERR_RECORD_HEADER');
  requireMember(header, 'typ', typeOf(binding.purpose));
  requireMember(header, 'kid', binding.keyId);
  requireMember(header, 'apv', toBase64url(contextBytes(binding.context)));
}

function typeOf(purpose: WrapPurpose): string {
  return `sallyport-${purpose}+jwe`;
}

function contextBytes(context: string): Uint8Array {
  return new TextEncoder().encode(context);
}

/**
 * jose writes `epk` itself, in its own member order, so a wrapped value's one spelling is that
 * order instead of the sorted one; it is just as strict: one byte string per header.
 */
function spelling(header: unknown): string {
  const { alg, enc, kid, typ, epk, apv } = parse(Header, header, 'ERR_RECORD_HEADER');
  return JSON.stringify({
    alg,
    enc,
    kid,
    typ,
    epk: { x: epk.x, crv: epk.crv, kty: epk.kty, y: epk.y },
    apv,
  });
}

async function importAgreementKey(publicKey: PublicJwk): Promise<CryptoKey | Uint8Array> {
  try {
    return await importJWK({ ...publicKey }, 'ECDH-ES+A256KW');
  } catch (cause) {
    throw new SallyportError('ERR_KEY_INVALID', { cause });
  }
}
