import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  certificateId,
  inspectCertificate,
  issueCertificate,
  makeCaCertificate,
  type CertificateRole,
  type PublicJwk,
  type RecordSigner,
  type TrustAnchor,
} from '@sallyport/contracts';
import { VECTORS } from './repository.ts';

/** A key with its certificate, as site.json keeps it. The keys are for tests only. */
export interface Actor {
  readonly subjectId: string;
  readonly ownerId: string;
  readonly role: CertificateRole;
  readonly certificate: string;
  readonly certificateId: string;
  readonly privateKey: JsonWebKey;
}

export interface Site {
  readonly comment: string;
  readonly siteId: string;
  readonly gatewayId: string;
  readonly ca: string;
  readonly revoked: readonly string[];
  readonly actors: Readonly<Record<string, Actor>>;
}

/** The moment tests happen at, unless they say otherwise. */
export const NOW = new Date('2026-11-21T10:00:00.000Z');

/** The site the vectors were made at; its keys never change. */
export function loadSite(): Site {
  // A file of this repository, written by createSite.
  return JSON.parse(readFileSync(join(VECTORS, 'site.json'), 'utf8')) as Site;
}

export function trustOf(site: Site, extraRevoked: readonly string[] = []): TrustAnchor {
  return { ca: site.ca, revoked: new Set([...site.revoked, ...extraRevoked]) };
}

export function actorOf(site: Site, name: string): Actor {
  const actor = site.actors[name];
  if (actor === undefined) throw new TypeError(`no actor ${name}`);
  return actor;
}

export async function signerOf(site: Site, name: string): Promise<RecordSigner> {
  const { privateKey, certificate } = actorOf(site, name);
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  return {
    privateKey: await crypto.subtle.importKey('jwk', privateKey, algorithm, false, ['sign']),
    certificate,
  };
}

export async function deviceOf(site: Site, name: string) {
  const { privateKey, subjectId, certificateId: agreeCertificateId } = actorOf(site, name);
  const algorithm = { name: 'ECDH', namedCurve: 'P-256' };
  const agreementKey = await crypto.subtle.importKey('jwk', privateKey, algorithm, false, [
    'deriveBits',
  ]);
  return { deviceId: subjectId, agreeCertificateId, agreementKey };
}

const OFFICER = id('0f');
const DEVICES = [id('d1'), id('d2'), id('d3')] as const;
const LONG = ['2026-01-01T00:00:00.000Z', '2046-01-01T00:00:00.000Z'] as const;

const ROLES: Readonly<
  Record<string, { role: Exclude<CertificateRole, 'ca'>; subjectId: string; ownerId: string }>
> = {
  seal: { role: 'seal', subjectId: id('5e'), ownerId: id('51') },
  'seal-expired': { role: 'seal', subjectId: id('5f'), ownerId: id('51') },
  'seal-revoked': { role: 'seal', subjectId: id('60'), ownerId: id('51') },
  lane: { role: 'lane', subjectId: id('61'), ownerId: id('51') },
  gateway: { role: 'gateway', subjectId: id('6a'), ownerId: id('6a') },
  'approver-1': { role: 'approver', subjectId: id('a1'), ownerId: id('b1') },
  'approver-1-again': { role: 'approver', subjectId: id('a3'), ownerId: id('b1') },
  'approver-2': { role: 'approver', subjectId: id('a2'), ownerId: id('b2') },
  'device-1-sign': { role: 'device-sign', subjectId: DEVICES[0], ownerId: OFFICER },
  'device-1-agree': { role: 'device-agree', subjectId: DEVICES[0], ownerId: OFFICER },
  'device-2-sign': { role: 'device-sign', subjectId: DEVICES[1], ownerId: OFFICER },
  'device-2-agree': { role: 'device-agree', subjectId: DEVICES[1], ownerId: OFFICER },
  'other-sign': { role: 'device-sign', subjectId: DEVICES[2], ownerId: id('0e') },
  'other-agree': { role: 'device-agree', subjectId: DEVICES[2], ownerId: id('0e') },
};

/** Makes the site anew: only when site.json does not exist, since every vector hangs on its keys. */
export async function createSite(): Promise<Site> {
  const siteId = id('51');
  const own = await authority(siteId);
  const foreign = await authority(id('99'));
  const actors: Record<string, Actor> = {};
  for (const [name, subject] of Object.entries(ROLES)) {
    actors[name] = await own.issue(
      subject,
      name === 'seal-expired' ? [LONG[0], '2026-06-01T00:00:00.000Z'] : LONG,
    );
  }
  actors['stranger-seal'] = await foreign.issue(
    { role: 'seal', subjectId: id('5e'), ownerId: siteId },
    LONG,
  );
  const revoked = [await serialOf(actors['seal-revoked']?.certificate ?? '')];
  return {
    comment: 'Keys for tests only.',
    siteId,
    gatewayId: id('6a'),
    ca: own.ca,
    revoked,
    actors,
  };
}

async function authority(siteId: string) {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const [notBefore, notAfter] = LONG.map((at) => new Date(at));
  const times = { notBefore: notBefore ?? NOW, notAfter: notAfter ?? NOW };
  const ca = await makeCaCertificate({ keys, siteId, serial: randomBytes(16), ...times });
  return {
    ca,
    async issue(
      subject: { role: Exclude<CertificateRole, 'ca'>; subjectId: string; ownerId: string },
      [from, to]: readonly [string, string],
    ): Promise<Actor> {
      const pair = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
      const jwk = await crypto.subtle.exportKey('jwk', pair.privateKey);
      const publicKey: PublicJwk = { crv: 'P-256', kty: 'EC', x: jwk.x ?? '', y: jwk.y ?? '' };
      const certificate = await issueCertificate({
        ca,
        caKey: keys.privateKey,
        publicKey,
        ...subject,
        serial: randomBytes(16),
        notBefore: new Date(from),
        notAfter: new Date(to),
      });
      const privateKey = { ...publicKey, d: jwk.d ?? '' };
      return {
        ...subject,
        certificate,
        certificateId: await certificateId(certificate),
        privateKey,
      };
    },
  };
}

async function serialOf(certificate: string): Promise<string> {
  return (await inspectCertificate(certificate)).serial;
}

/** A recognisable 128-bit id: one byte, repeated. */
export function id(byte: string): string {
  return byte.repeat(16);
}

/** Bytes that count upward from a start, for payloads whose damage is easy to see. */
export function ramp(length: number, start = 0): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, i) => (i * 7 + start) % 256);
}
