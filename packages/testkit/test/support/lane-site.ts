import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  issueCertificate,
  makeCaCertificate,
  toHex,
  type CertificateRole,
  type PublicJwk,
  type RecordSigner,
  type TrustAnchor,
} from '@sallyport/contracts';
import { makeFrame, type FrameFields, type SealedFrame } from '@sallyport/lane';

export const NOW = new Date('2026-11-21T10:00:00.000Z');
const VALID = {
  notBefore: new Date('2026-01-01T00:00:00Z'),
  notAfter: new Date('2030-01-01T00:00:00Z'),
};

/** A CA with one signer per lane role. */
export interface LaneSite {
  readonly trust: TrustAnchor;
  readonly lane: RecordSigner;
  readonly gateway: RecordSigner;
}

export const SENDER = 'ab'.repeat(16);

export function randomId(): string {
  return toHex(randomBytes(16));
}

export async function makeSite(): Promise<LaneSite> {
  const keys = await keyPair();
  const ca = await makeCaCertificate({
    keys,
    siteId: randomId(),
    serial: randomBytes(16),
    ...VALID,
  });
  const signer = async (role: Exclude<CertificateRole, 'ca'>): Promise<RecordSigner> => {
    const pair = await keyPair();
    const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', pair.publicKey);
    const publicKey: PublicJwk = { crv: 'P-256', kty: 'EC', x, y };
    const certificate = await issueCertificate({
      ca,
      caKey: keys.privateKey,
      publicKey,
      subjectId: randomId(),
      ownerId: randomId(),
      role,
      serial: randomBytes(16),
      ...VALID,
    });
    return { privateKey: pair.privateKey, certificate };
  };
  const [lane, gateway] = await Promise.all([signer('lane'), signer('gateway')]);
  return { trust: { ca, revoked: new Set() }, lane, gateway };
}

export function fields(seq: number, more: Partial<FrameFields> = {}): FrameFields {
  return {
    lane: 'export',
    senderId: SENDER,
    epoch: 1,
    seq,
    bodyKind: 'record',
    at: NOW.toISOString(),
    ...more,
  };
}

export async function recordFrame(
  site: LaneSite,
  seq: number,
  more: Partial<FrameFields> = {},
): Promise<SealedFrame> {
  return makeFrame(fields(seq, more), new TextEncoder().encode(`record ${String(seq)}`), site.lane);
}

/** A temporary folder that ends with its test. */
export async function folderFor(t: { teardown(act: () => Promise<void>): void }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-lane-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function keyPair(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ]);
}
