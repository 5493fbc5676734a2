import { randomBytes } from 'node:crypto';
import {
  canonicalBytes,
  wrapFor,
  signRecord,
  type OfficerPersonal,
  type PortalRequest,
  type PortalSignUpReply,
  type PortalSite,
  type PortalStations,
  type RequestDetails,
} from '@sallyport/contracts';
import { randomPassword, type Account } from './account.ts';
import { createApiClient, type ApiClient } from './api-client.ts';
import { waitFor } from './wait-for.ts';

/** 128 random bits as the ids of the records want them. */
export function randomId(): string {
  return randomBytes(16).toString('hex');
}

/** A device's keys and certificates, as far as signing and sealing a request needs them. */
export interface RequestingDevice {
  readonly deviceId: string;
  readonly signer: { readonly privateKey: CryptoKey; readonly certificate: string };
  readonly agreement: {
    readonly publicKey: { crv: 'P-256'; kty: 'EC'; x: string; y: string };
    readonly certificateId: string;
  };
}

/** Signs an officer up, with the personal fields sealed to the inside. */
export async function signUp(
  portalUrl: string,
  wish: { login: string; stationName: string; person: OfficerPersonal },
): Promise<{ account: Account; officerId: string }> {
  const client = createApiClient(portalUrl);
  const site = await client.get<PortalSite>('/v1/site');
  const station = await waitFor(`station ${wish.stationName} in the portal`, async () => {
    const { stations } = await client.get<PortalStations>('/v1/directory/stations');
    return stations.find(({ name }) => name === wish.stationName) ?? null;
  });
  const officerId = randomId();
  const password = randomPassword();
  const reply = await client.send<PortalSignUpReply>('POST', '/v1/sign-up', {
    officerId,
    wishedLogin: wish.login,
    password,
    stationId: station.stationId,
    sealed: await wrapFor(site.intakeKey.jwk, canonicalBytes(wish.person), {
      purpose: 'personal',
      context: officerId,
      keyId: site.intakeKey.keyId,
    }),
  });
  return { account: { login: reply.login, password, totpSecret: reply.totpSecret }, officerId };
}

/** Signs and posts a request; the details leave this process only sealed. */
export async function submitRequest(
  client: ApiClient,
  requester: { officerId: string; device: RequestingDevice },
  details: RequestDetails,
  now: Date,
): Promise<PortalRequest> {
  const site = await client.get<PortalSite>('/v1/site');
  const requestId = randomId();
  const binding = { purpose: 'personal', context: requestId } as const;
  const bytes = canonicalBytes(details);
  const { device } = requester;
  const jws = await signRecord(
    'export-request',
    {
      requestId,
      siteId: site.siteId,
      officerId: requester.officerId,
      deviceId: device.deviceId,
      sealed: await wrapFor(site.intakeKey.jwk, bytes, { ...binding, keyId: site.intakeKey.keyId }),
      at: now.toISOString(),
      expiresAt: new Date(now.getTime() + 14 * 86_400_000).toISOString(),
    },
    device.signer,
  );
  const copy = await wrapFor(device.agreement.publicKey, bytes, {
    ...binding,
    keyId: device.agreement.certificateId,
  });
  return client.send<PortalRequest>('POST', '/v1/requests', { jws, copy });
}
