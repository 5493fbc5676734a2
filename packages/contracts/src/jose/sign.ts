import { CompactSign, compactVerify, importJWK } from 'jose';
import { fromBase64url } from '../bytes.ts';
import { canonicalBytes, parseCanonical } from '../canonical.ts';
import {
  verifyCertificate,
  type CertificateIdentity,
  type CertificateRole,
  type TrustAnchor,
} from '../certificates.ts';
import { SallyportError } from '../errors/index.ts';
import { parse } from '../parse.ts';
import { RECORDS, type RecordKind, type RecordPayload } from '../records/index.ts';
import { PublicJwk } from '../scalars.ts';
import { requireMember, splitCompact } from './strict.ts';

/** A private key with its certificate: what signs a record. */
export interface RecordSigner {
  readonly privateKey: CryptoKey;
  /** Standard base64 DER. */
  readonly certificate: string;
}

/** A verified record: the payload and who signed it. */
export interface VerifiedRecord<K extends RecordKind> {
  readonly kind: K;
  readonly payload: RecordPayload<K>;
  readonly signer: CertificateIdentity;
}

/** Signs a record with a certified key: compact JWS, ES256, canonical header and payload. */
export async function signRecord<K extends RecordKind>(
  kind: K,
  payload: RecordPayload<K>,
  signer: RecordSigner,
): Promise<string> {
  parse(RECORDS[kind].schema, payload);
  return sign(
    { alg: 'ES256', typ: typeOf(kind), x5c: [signer.certificate] },
    payload,
    signer.privateKey,
  );
}

/**
 * Signs a record with the very key it announces (enrolments, trust bundles, key requests): the
 * header carries the public key, trust comes from a person who compares the fingerprint.
 */
export async function selfSignRecord<K extends RecordKind>(
  kind: K,
  payload: RecordPayload<K>,
  keys: { privateKey: CryptoKey; publicKey: PublicJwk },
): Promise<string> {
  parse(RECORDS[kind].schema, payload);
  return sign({ alg: 'ES256', jwk: keys.publicKey, typ: typeOf(kind) }, payload, keys.privateKey);
}

/**
 * Verifies a record against the site's CA: strict form, certificate, role, signature, schema, in
 * that order; nothing of the payload is read before the signature holds.
 *
 * @throws SallyportError ERR_RECORD_* and ERR_CERTIFICATE_*
 */
export async function verifyRecord<K extends RecordKind>(
  kind: K,
  jws: string,
  options: { trust: TrustAnchor; roles: readonly CertificateRole[]; now: Date },
): Promise<VerifiedRecord<K>> {
  const { header, segments } = splitCompact(jws, {
    parts: 3,
    members: ['alg', 'typ', 'x5c'],
    maxBytes: RECORDS[kind].maxBytes,
  });
  requireHeader(header, kind);
  const signer = await verifyCertificate(leafOf(header['x5c']), options.trust, options.now);
  if (!options.roles.includes(signer.role)) {
    throw new SallyportError('ERR_CERTIFICATE_ROLE', { detail: { role: signer.role } });
  }
  await verifySignature(jws, signer.publicKey);
  return { kind, payload: readPayload(kind, segments), signer };
}

/**
 * Verifies a self-signed record and returns the key that signed it. Whoever calls decides by a
 * fingerprint or an earlier record whether that key means anything.
 *
 * @throws SallyportError ERR_RECORD_*
 */
export async function verifySelfSigned<K extends RecordKind>(
  kind: K,
  jws: string,
): Promise<{ payload: RecordPayload<K>; publicKey: PublicJwk }> {
  const { header, segments } = splitCompact(jws, {
    parts: 3,
    members: ['alg', 'jwk', 'typ'],
    maxBytes: RECORDS[kind].maxBytes,
  });
  requireHeader(header, kind);
  const publicKey = parse(PublicJwk, header['jwk'], 'ERR_KEY_INVALID');
  await verifySignature(jws, publicKey);
  return { payload: readPayload(kind, segments), publicKey };
}

/**
 * The kind a compact JWS claims, before anything is verified: only for choosing the verifier.
 *
 * @throws SallyportError ERR_RECORD_HEADER, ERR_RECORD_ENCODING, ERR_RECORD_NOT_CANONICAL
 */
export function peekKind(jws: string): RecordKind {
  const bytes = jws.split('.', 1)[0] ?? '';
  if (bytes.length > 16_384)
    throw new SallyportError('ERR_RECORD_TOO_LARGE', { detail: { limitBytes: 16_384 } });
  const { header } = splitCompact(`${bytes}..`, {
    parts: 3,
    members: bytes === '' ? [] : ['alg', jwkOrChain(bytes), 'typ'],
    maxBytes: 16_386,
  });
  const kind = KINDS.find((candidate) => header['typ'] === typeOf(candidate));
  if (kind === undefined)
    throw new SallyportError('ERR_RECORD_HEADER', { detail: { member: 'typ' } });
  return kind;
}

// Object.keys is typed string[]; RECORDS is a closed literal object.
const KINDS = Object.keys(RECORDS) as RecordKind[];

function jwkOrChain(encodedHeader: string): string {
  // Bytes of the link: anything may stand here, and all of it is refused with a code.
  const text = new TextDecoder().decode(fromBase64url(encodedHeader));
  return text.includes('"jwk":') ? 'jwk' : 'x5c';
}

function typeOf(kind: RecordKind): string {
  return `sallyport-${kind}+jws`;
}

async function sign(
  header: Record<string, unknown>,
  payload: unknown,
  key: CryptoKey,
): Promise<string> {
  const canonicalHeader: unknown = JSON.parse(new TextDecoder().decode(canonicalBytes(header)));
  // jose serialises the header with JSON.stringify, which keeps the canonical member order made here.
  return new CompactSign(canonicalBytes(payload))
    .setProtectedHeader(canonicalHeader as { alg: string }) // built two lines up
    .sign(key);
}

function requireHeader(header: Readonly<Record<string, unknown>>, kind: RecordKind): void {
  requireMember(header, 'alg', 'ES256');
  requireMember(header, 'typ', typeOf(kind));
}

function leafOf(chain: unknown): string {
  const leaf: unknown = Array.isArray(chain) && chain.length === 1 ? chain[0] : undefined;
  if (typeof leaf !== 'string' || leaf.length > 8192) {
    throw new SallyportError('ERR_RECORD_HEADER', { detail: { member: 'x5c' } });
  }
  return leaf;
}

async function verifySignature(jws: string, publicKey: PublicJwk): Promise<void> {
  let key: CryptoKey | Uint8Array;
  try {
    key = await importJWK({ ...publicKey }, 'ES256');
  } catch (cause) {
    throw new SallyportError('ERR_KEY_INVALID', { cause });
  }
  try {
    await compactVerify(jws, key, { algorithms: ['ES256'] });
  } catch (cause) {
    throw new SallyportError('ERR_RECORD_SIGNATURE', { cause });
  }
}

function readPayload<K extends RecordKind>(
  kind: K,
  segments: readonly Uint8Array[],
): RecordPayload<K> {
  const value = parseCanonical(segments[1] ?? new Uint8Array());
  // The schema table is indexed by the same K, which TypeScript cannot follow through Static.
  return parse(RECORDS[kind].schema, value) as RecordPayload<K>;
}
