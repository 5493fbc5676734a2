import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  signRecord,
  toBase64url,
  verifyRecord,
  wrapFor,
  type PublicJwk,
} from '@sallyport/contracts';
import { segmentRange, verifyPackage } from '@sallyport/seal/open';
import type { PlayerGateway } from '@sallyport/player';
import type { PlayerDevice } from '@sallyport/player/internal/content.js';

export const NOW = new Date('2026-11-21T10:00:00.000Z');

interface Actor {
  readonly subjectId: string;
  readonly certificate: string;
  readonly certificateId: string;
  readonly privateKey: JsonWebKey;
}

const VECTORS = join(rootFolder(), 'tests/vectors/sealed-package');
// The site of the sealed-package vectors, whose keys are for tests only.
export const site = JSON.parse(readFileSync(join(VECTORS, 'site.json'), 'utf8')) as {
  ca: string;
  actors: Record<string, Actor>;
};

export function readVector(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(join(VECTORS, name)));
}

/** Device 1 of the vectors' officer, as a browser would hold it. */
export async function testDevice(): Promise<PlayerDevice> {
  const [sign, agree] = [actor('device-1-sign'), actor('device-1-agree')];
  return {
    keys: {
      deviceId: sign.subjectId,
      signing: { privateKey: await importKey(sign, 'ECDSA', 'sign'), publicKey: publicKey(sign) },
      agreement: {
        privateKey: await importKey(agree, 'ECDH', 'deriveBits'),
        publicKey: publicKey(agree),
      },
    },
    signCertificate: sign.certificate,
    agreeCertificateId: agree.certificateId,
  };
}

/** A gateway that serves one package file and checks each licence request. */
export async function testGateway(
  file: Uint8Array,
  licenceShare: Uint8Array,
): Promise<PlayerGateway & { asked: number[]; licences: number }> {
  const trust = { ca: site.ca, revoked: new Set<string>() };
  const { layout, headerJws, leaves, header } = await verifyPackage([file], { trust, now: NOW });
  const nonce = toBase64url(new Uint8Array(32));
  const gateway = {
    asked: [] as number[],
    licences: 0,
    header: async () => headerJws,
    leaves: async () => leaves,
    segment: async (_packageId: string, index: number) => {
      gateway.asked.push(index);
      const { start, end } = segmentRange(layout, index);
      return file.slice(start, end);
    },
    licenceNonce: async () => nonce,
    licence: async (packageId: string, jws: string) => {
      const { payload } = await verifyRecord('licence-request', jws, {
        trust,
        now: NOW,
        roles: ['device-sign'],
      });
      if (payload.nonce !== nonce || payload.gatewayId !== header.gatewayId)
        throw new Error('another nonce');
      gateway.licences += 1;
      const { certificateId } = actor('device-1-agree');
      const binding = { purpose: 'licence', context: packageId, keyId: certificateId } as const;
      const signer = {
        privateKey: await importKey(actor('gateway'), 'ECDSA', 'sign'),
        certificate: actor('gateway').certificate,
      };
      const licence = {
        licenceId: '1'.repeat(32),
        packageId,
        deviceId: payload.deviceId,
        share: await wrapFor(publicKey(actor('device-1-agree')), licenceShare, binding),
        notAfter: '2026-11-30T00:00:00.000Z',
        playsLeft: 3,
        at: NOW.toISOString(),
      };
      return signRecord('licence', licence, signer);
    },
  };
  return gateway;
}

/** The licence share of the vectors' clip.sallypkg. */
export const LICENCE_SHARE = Uint8Array.from({ length: 32 }, (_, i) => (i * 7 + 202) % 256);

function actor(name: string): Actor {
  const found = site.actors[name];
  if (found === undefined) throw new TypeError(`no actor ${name}`);
  return found;
}

async function importKey(
  { privateKey }: Actor,
  name: 'ECDSA' | 'ECDH',
  usage: KeyUsage,
): Promise<CryptoKey> {
  return crypto.subtle.importKey('jwk', privateKey, { name, namedCurve: 'P-256' }, false, [usage]);
}

function publicKey({ privateKey: { x = '', y = '' } }: Actor): PublicJwk {
  return { crv: 'P-256', kty: 'EC', x, y };
}

function rootFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'turbo.json'))) folder = dirname(folder);
  return folder;
}
