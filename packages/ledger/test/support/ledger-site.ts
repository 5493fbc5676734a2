import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  issueCertificate,
  makeCaCertificate,
  toHex,
  type CertificateRole,
  type LedgerEntry,
  type PublicJwk,
  type RecordSigner,
} from '@sallyport/contracts';

export const NOW = new Date('2026-11-21T10:00:00.000Z');
export const ORIGIN = 'ab'.repeat(16);
export const IDENTITY = { origin: ORIGIN, zone: 'internal' } as const;
const VALID = {
  notBefore: new Date('2026-01-01T00:00:00Z'),
  notAfter: new Date('2030-01-01T00:00:00Z'),
};

/** A CA and a key that signs checkpoints. */
export async function makeSigner(
  role: Exclude<CertificateRole, 'ca'> = 'ledger',
): Promise<{ ca: string; signer: RecordSigner }> {
  const [keys, pair] = await Promise.all([keyPair(), keyPair()]);
  const ca = await makeCaCertificate({ keys, siteId: ORIGIN, serial: randomBytes(16), ...VALID });
  const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  const publicKey: PublicJwk = { crv: 'P-256', kty: 'EC', x, y };
  const certificate = await issueCertificate({
    ca,
    caKey: keys.privateKey,
    publicKey,
    subjectId: randomId(),
    ownerId: ORIGIN,
    role,
    serial: randomBytes(16),
    ...VALID,
  });
  return { ca, signer: { privateKey: pair.privateKey, certificate } };
}

/** Entry number `n`, always the same. */
export function entry(n: number, more: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    entryId: n.toString(16).padStart(32, '0'),
    zone: 'internal',
    at: NOW.toISOString(),
    actor: { kind: 'role', name: 'intake' },
    event: { kind: 'export-request.admitted', requestId: n.toString(16).padStart(32, 'c') },
    ...more,
  };
}

export function entries(from: number, to: number): LedgerEntry[] {
  return Array.from({ length: to - from }, (_, i) => entry(from + i));
}

export function randomId(): string {
  return toHex(randomBytes(16));
}

/** A temporary folder that ends with its test. */
export async function folderFor(t: { teardown(act: () => Promise<void>): void }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-ledger-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function keyPair(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ]);
}
