import { selfSignRecord, type PublicJwk } from '@sallyport/contracts';

/** An approver's signing key as a command-line person keeps it: a JWK in a file of their own. */
export interface ApproverKeyPair {
  readonly privateKey: CryptoKey;
  readonly privateJwk: JsonWebKey;
  readonly publicKey: PublicJwk;
}

/** Makes an approver's ES256 pair. */
export async function makeApproverKey(): Promise<ApproverKeyPair> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ]);
  const privateJwk = await crypto.subtle.exportKey('jwk', pair.privateKey);
  return loadApproverKey(privateJwk);
}

/** Reads back what {@link makeApproverKey} gave as `privateJwk`. */
export async function loadApproverKey(privateJwk: JsonWebKey): Promise<ApproverKeyPair> {
  const { x = '', y = '' } = privateJwk;
  return {
    privateJwk,
    publicKey: { crv: 'P-256', kty: 'EC', x, y },
    privateKey: await crypto.subtle.importKey(
      'jwk',
      privateJwk,
      { name: 'ECDSA', namedCurve: 'P-256' },
      false,
      ['sign'],
    ),
  };
}

/** The record an approver posts so that an administrator can compare the fingerprint. */
export async function announceApproverKey(
  key: ApproverKeyPair,
  owner: { accountId: string; siteId: string; label: string },
  now: Date,
): Promise<string> {
  return selfSignRecord(
    'approver-key',
    { ...owner, publicKey: key.publicKey, at: now.toISOString() },
    key,
  );
}
