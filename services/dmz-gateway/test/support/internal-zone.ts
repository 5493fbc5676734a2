import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  canonicalBytes,
  inspectCertificate,
  issueCertificate,
  makeCaCertificate,
  selfSignRecord,
  sha256Hex,
  signRecord,
  type CertificateRole,
  type DirectoryUpdate,
  type PublicJwk,
  type RecordKind,
  type RecordPayload,
  type RecordSigner,
} from '@sallyport/contracts';
import { SpoolSender, makeFrame, splitFile } from '@sallyport/lane';

export const newId = (): string => randomBytes(16).toString('hex');
const YEAR_MS = 365 * 24 * 3600 * 1000;
const ECDSA = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const ECDH = { name: 'ECDH', namedCurve: 'P-256' } as const;

export type InternalZone = Awaited<ReturnType<typeof createInternalZone>>;

/** The other zone as the gateway sees it: a CA, its signers, and frames in a spool folder. */
export async function createInternalZone(now: Date) {
  const siteId = newId();
  const notBefore = new Date(now.getTime() - 60_000);
  const notAfter = new Date(now.getTime() + 10 * YEAR_MS);
  const caKeys = await crypto.subtle.generateKey(ECDSA, true, ['sign', 'verify']);
  const intakeKeys = await crypto.subtle.generateKey(ECDH, true, ['deriveBits']);
  const ca = await makeCaCertificate({
    keys: caKeys,
    siteId,
    serial: randomBytes(16),
    notBefore,
    notAfter,
  });
  const trust = { ca, revoked: new Set<string>() };
  const intakeKey = { keyId: newId(), jwk: await publicJwk(intakeKeys.publicKey) };

  const certify = (
    role: Exclude<CertificateRole, 'ca'>,
    publicKey: PublicJwk,
    subjectId = newId(),
    ownerId: string = siteId,
  ): Promise<string> => {
    const serial = randomBytes(16);
    return issueCertificate({
      ca, caKey: caKeys.privateKey, publicKey, subjectId, ownerId, role, serial, notBefore, notAfter,
    }); // prettier-ignore
  };
  const signer = async (
    role: Exclude<CertificateRole, 'ca'>,
    subjectId?: string,
    ownerId?: string,
  ): Promise<RecordSigner> => {
    const { privateKey, publicKey } = await crypto.subtle.generateKey(ECDSA, true, [
      'sign',
      'verify',
    ]);
    return {
      privateKey,
      certificate: await certify(role, await publicJwk(publicKey), subjectId, ownerId),
    };
  };
  const [seal, lane, ledger] = [await signer('seal'), await signer('lane'), await signer('ledger')];
  const approvers = [
    await signer('approver', newId(), newId()),
    await signer('approver', newId(), newId()),
  ] as const;
  let seq = 0;
  let version = 0;

  /** One frame into the export lane's spool; `seq` is the next unless told. */
  const sendBody = async (
    spool: string,
    body: Uint8Array,
    options: {
      kind?: 'record' | 'package-part';
      transfer?: object;
      seq?: number;
      signer?: RecordSigner;
    } = {},
  ): Promise<void> => {
    seq = options.seq ?? seq + 1;
    const fields = {
      lane: 'export', senderId: siteId, epoch: 1, seq, bodyKind: options.kind ?? 'record',
      at: new Date().toISOString(), ...(options.transfer === undefined ? {} : { transfer: options.transfer }),
    } as Parameters<typeof makeFrame>[0]; // prettier-ignore
    await new SpoolSender(spool).send(await makeFrame(fields, body, options.signer ?? lane));
  };
  const sendJws = (spool: string, jws: string, options: { seq?: number } = {}): Promise<void> =>
    sendBody(spool, new TextEncoder().encode(jws), options);

  return {
    siteId,
    ca,
    caKeys,
    trust,
    intakeKey,
    intakePrivateKey: intakeKeys.privateKey,
    seal,
    lane,
    ledger,
    approvers,
    certify,
    signer,
    sendBody,
    sendJws,
    skip: (count: number) => void (seq += count),
    send: async <K extends RecordKind>(spool: string, kind: K, payload: RecordPayload<K>) =>
      sendJws(spool, await signRecord(kind, payload, seal)),
    sendDirectory: async (
      spool: string,
      entries: readonly { kind: string; id: string; value: unknown; version?: number }[],
    ) => {
      version += 1;
      const numbered = entries.map((entry) => ({
        version,
        ...entry,
      })) as DirectoryUpdate['entries'];
      const update = { siteId, entries: numbered, at: new Date().toISOString() };
      await sendJws(spool, await signRecord('directory-update', update, seal));
    },
    sendPackage: async (
      spool: string,
      packageId: string,
      file: string,
      options: { partSizeBytes?: number; only?: number[] } = {},
    ) => {
      for await (const { place, body } of splitFile(file, options)) {
        await sendBody(spool, body, { kind: 'package-part', transfer: { packageId, ...place } });
      }
    },
    trustBundle: async (overrides: { ca?: string } = {}) => {
      const payload = {
        zone: 'internal' as const, siteId, siteName: '시험 통합관제센터', ca, intakeKey,
        createdAt: now.toISOString(), ...overrides,
      }; // prettier-ignore
      const keys = { privateKey: caKeys.privateKey, publicKey: await publicJwk(caKeys.publicKey) };
      const jws = await selfSignRecord('trust-internal', payload, keys);
      return { jws, fingerprint: await sha256Hex(canonicalBytes(payload)) };
    },
    serialOf: async (der: string) => (await inspectCertificate(der)).serial,
    fileOf: (folder: string, packageId: string) => join(folder, `${packageId}.sallypkg`),
  };
}

export async function publicJwk(key: CryptoKey): Promise<PublicJwk> {
  const { x, y } = await crypto.subtle.exportKey('jwk', key);
  return { crv: 'P-256', kty: 'EC', x: x ?? '', y: y ?? '' };
}
