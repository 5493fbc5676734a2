import {
  issueCertificate,
  makeCaCertificate,
  type CertificateRole,
  type PublicJwk,
  type RecordSigner,
  type TrustAnchor,
} from '@sallyport/contracts';

/** A certificate authority made for one test file. */
export interface TestSite {
  readonly trust: TrustAnchor;
  signer(
    role: Exclude<CertificateRole, 'ca'>,
    options?: { subjectId?: string; ownerId?: string; notAfter?: Date },
  ): Promise<RecordSigner & { publicKey: PublicJwk }>;
}

export const NOW = new Date('2026-11-21T10:00:00.000Z');
export const ID_A = 'a'.repeat(32);
export const ID_B = 'b'.repeat(32);

export async function makeTestSite(): Promise<TestSite> {
  const keys = await signingPair();
  const ca = await makeCaCertificate({
    keys,
    siteId: ID_A,
    serial: randomSerial(),
    notBefore: new Date('2026-01-01T00:00:00Z'),
    notAfter: new Date('2036-01-01T00:00:00Z'),
  });
  return {
    trust: { ca, revoked: new Set() },
    async signer(role, options = {}) {
      const pair = await signingPair();
      const publicKey = await toPublicJwk(pair.publicKey);
      const certificate = await issueCertificate({
        ca,
        caKey: keys.privateKey,
        publicKey,
        subjectId: options.subjectId ?? ID_A,
        ownerId: options.ownerId ?? ID_B,
        role,
        serial: randomSerial(),
        notBefore: new Date('2026-01-01T00:00:00Z'),
        notAfter: options.notAfter ?? new Date('2027-01-01T00:00:00Z'),
      });
      return { privateKey: pair.privateKey, publicKey, certificate };
    },
  };
}

export async function signingPair(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ]);
}

export async function agreementPair(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
}

export async function toPublicJwk(key: CryptoKey): Promise<PublicJwk> {
  const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', key);
  return { crv: 'P-256', kty: 'EC', x, y };
}

function randomSerial(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(16));
}
