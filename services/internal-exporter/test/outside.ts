import { randomBytes } from 'node:crypto';
import {
  canonicalBytes,
  selfSignRecord,
  sha256Hex,
  signRecord,
  unwrapWith,
  wrapFor,
  type PublicJwk,
  type RequestDetails,
} from '@sallyport/contracts';
import { issueOrderedCertificates } from '@sallyport/internal-exporter/acts/certificates.js';
import { importTrust } from '@sallyport/internal-exporter/acts/trust.js';
import {
  handleInbound,
  type InboundOutcome,
} from '@sallyport/internal-exporter/intake/handle-inbound.js';
import { newId } from '@sallyport/internal-exporter/store/ids.js';
import { openCaKey } from '@sallyport/internal-exporter/store/key-files.js';
import { findInDatabase } from '@sallyport/testkit';
import { join } from 'node:path';
import type { Test } from 'tap';
import type { SiteFixture } from './site-fixture.ts';

const DAY_MS = 86_400_000;
/** One moment for every request of a run, so that asking twice is asking for the same. */
const FILMED_AT = Math.floor(Date.now() / 1000) * 1000 - 7_200_000;
const PASSPHRASE = 'a passphrase of the test';

export interface Pair {
  readonly privateKey: CryptoKey;
  readonly publicKey: PublicJwk;
}

export async function makePair(use: 'sign' | 'agree'): Promise<Pair> {
  const name = use === 'sign' ? 'ECDSA' : 'ECDH';
  const uses: KeyUsage[] = use === 'sign' ? ['sign', 'verify'] : ['deriveBits'];
  const pair = await crypto.subtle.generateKey({ name, namedCurve: 'P-256' }, true, uses);
  const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  return { privateKey: pair.privateKey, publicKey: { crv: 'P-256', kty: 'EC', x, y } };
}

/** Issues what was ordered, as role `seal` does. */
export function issueAll({ db, folder }: SiteFixture): Promise<number> {
  const open = () => openCaKey(join(folder, 'keys'), PASSPHRASE);
  return issueOrderedCertificates(db, open, { kind: 'role', name: 'seal' }, new Date());
}

/** The other zone and an officer with a device, as far as their records go. */
export async function makeOutside(fixture: SiteFixture) {
  const { db, site, personal, keys } = fixture;
  const intakeKey = await keys.openAgreementKey('intake');
  const signing = await makePair('sign');
  const agreement = await makePair('agree');
  const gatewayId = newId();
  const bundle = {
    zone: 'dmz' as const,
    gatewayId,
    signingKey: signing.publicKey,
    ledgerKey: (await makePair('sign')).publicKey,
    agreementKeys: [
      {
        epoch: 1,
        jwk: agreement.publicKey,
        notAfter: new Date(Date.now() + 90 * DAY_MS).toISOString(),
      },
    ],
    createdAt: new Date().toISOString(),
  };
  const jws = await selfSignRecord('trust-dmz', bundle, signing);
  const fingerprint = await sha256Hex(canonicalBytes(bundle));

  const deliver = (
    kind: Parameters<typeof handleInbound>[1],
    record: string,
  ): Promise<InboundOutcome> =>
    handleInbound({ db, site, fields: personal, intakeKey }, kind, record, new Date());
  const trust = async (act: { fingerprint?: string; by?: string; witness?: string } = {}) =>
    importTrust(db, personal, jws, { fingerprint, by: 'N-1', witness: 'N-2', ...act }, new Date());
  const certificateOf = async (role: string, subjectId: string): Promise<string> =>
    (await db.certificate.findFirstOrThrow({ where: { role, subjectId } })).der;
  const gatewaySigner = async () => ({
    privateKey: signing.privateKey,
    certificate: await certificateOf('gateway', gatewayId),
  });

  const signUp = async (
    officerId: string,
    stationId: string,
    staffNumber = 'P-100',
  ): Promise<string> => {
    const person = {
      name: '김경찰',
      rank: '경위',
      department: '형사과',
      staffNumber,
      phone: '010',
      email: 'a@b.c',
    };
    const binding = {
      purpose: 'personal',
      context: officerId,
      keyId: site.intakeKey.keyId,
    } as const;
    const sealed = await wrapFor(site.intakeKey.jwk, canonicalBytes(person), binding);
    const payload = {
      officerId,
      stationId,
      siteId: site.siteId,
      sealed,
      at: new Date().toISOString(),
    };
    return signRecord('officer-sign-up', payload, await gatewaySigner());
  };
  return { gatewayId, deliver, trust, certificateOf, gatewaySigner, signUp };
}
export type Outside = Awaited<ReturnType<typeof makeOutside>>;

/** A device's two pairs and the records it makes. */
export async function makeDevice(fixture: SiteFixture, officerId: string) {
  const { db, site } = fixture;
  const deviceId = newId();
  const signing = await makePair('sign');
  const agreement = await makePair('agree');
  const at = () => new Date().toISOString();

  const enrolment = () =>
    selfSignRecord(
      'device-enrolment',
      {
        ...{ deviceId, officerId, siteId: site.siteId, label: '형사과 1번' },
        ...{ signingKey: signing.publicKey, agreementKey: agreement.publicKey },
        ...{ at: at(), expiresAt: new Date(Date.now() + DAY_MS).toISOString() },
      },
      signing,
    );
  const proof = async (challenge?: Uint8Array<ArrayBuffer>): Promise<string> => {
    const opened = challenge ?? (await openChallenge());
    const payload = { deviceId, challengeSha256: await sha256Hex(opened), at: at() };
    return selfSignRecord('enrolment-proof', payload, signing);
  };
  const openChallenge = async () => {
    const row = await db.outboundRecord.findFirstOrThrow({
      where: { dedupeKey: `enrolment-challenge:${deviceId}` },
    });
    const { challenge } = JSON.parse(row.payload) as { challenge: string };
    const binding = { purpose: 'enrolment-challenge', context: deviceId, keyId: deviceId } as const;
    return unwrapWith(agreement.privateKey, challenge, binding);
  };
  const fingerprint = async (): Promise<string> =>
    (
      await sha256Hex(
        canonicalBytes({ signingKey: signing.publicKey, agreementKey: agreement.publicKey }),
      )
    ).slice(0, 20);

  const request = async (
    details: RequestDetails,
    certificate: string,
    changes: { siteId?: string; expiresAt?: string; requestId?: string; officerId?: string } = {},
  ) => {
    const requestId = changes.requestId ?? newId();
    const binding = {
      purpose: 'personal',
      context: requestId,
      keyId: site.intakeKey.keyId,
    } as const;
    const sealed = await wrapFor(site.intakeKey.jwk, canonicalBytes(details), binding);
    const expiresAt = new Date(Date.now() + 14 * DAY_MS).toISOString();
    const payload = {
      requestId,
      siteId: site.siteId,
      officerId,
      deviceId,
      sealed,
      at: at(),
      expiresAt,
      ...changes,
    };
    const jws = await signRecord('export-request', payload, {
      privateKey: signing.privateKey,
      certificate,
    });
    return { requestId, jws };
  };
  return { deviceId, signing, agreement, enrolment, proof, fingerprint, request };
}

/** Details that every check lets pass; another length makes it another request. */
export function makeDetails(
  cameraId: string,
  recipientOfficerId: string,
  changes: Partial<RequestDetails> = {},
  longerMs = 0,
): RequestDetails {
  const startsAt = new Date(FILMED_AT).toISOString();
  const endsAt = new Date(FILMED_AT + 300_000 + longerMs).toISOString();
  return {
    ...{
      kind: 'export',
      caseNumber: '2026-형-1',
      caseName: '절도',
      incidentAt: startsAt,
      incidentAddress: '중구 1',
    },
    ...{
      legalBasis: 'pipa-18-2-7-investigation',
      reasonCode: 'theft',
      reasonDetail: '수사',
      documentNumber: 'D-1',
    },
    items: [{ itemId: newId(), cameraId, startsAt, endsAt }],
    ...{
      maskTargets: ['motion'],
      recipientOfficerId,
      playPeriodDays: 30,
      plays: 10,
      thirdParty: false,
      pledgeVersion: 1,
    },
    ...changes,
  };
}

/** 32 bytes that no challenge is. */
export function wrongChallenge(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(randomBytes(32));
}

/** After an enrolment: what its officer called the device stands nowhere readable. */
export async function hidesLabels(t: Test, { db }: SiteFixture): Promise<void> {
  await t.test('a device’s label stands nowhere in the database in clear', async (t) => {
    const query = (sql: string) => db.$queryRawUnsafe<Record<string, unknown>[]>(sql);
    t.same(await findInDatabase(query, '형사과 1번'), []);
    t.ok((await findInDatabase(query, 'device-enrolment')).length > 0, 'the search finds');
  });
}
