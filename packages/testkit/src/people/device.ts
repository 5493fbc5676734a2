import {
  canonicalBytes,
  certificateId,
  groupFingerprint,
  selfSignRecord,
  sha256Hex,
  signRecord,
  unwrapWith,
  type ConsoleEnrolments,
  type PortalDevice,
  type PortalDevices,
  type PortalNonce,
  type PortalRecordBody,
  type PortalSite,
  type PublicJwk,
} from '@sallyport/contracts';
import {
  openContentKey,
  openEntry,
  openLicence,
  readManifest,
  verifyHeader,
  verifyLeaves,
} from '@sallyport/seal/open';
import type { ApiClient } from './api-client.ts';
import { randomId, type RequestingDevice } from './officer.ts';
import { waitFor } from './wait-for.ts';

/** An enrolled device of a scripted officer: what signs requests and opens packages. */
export interface EnrolledDevice extends RequestingDevice {
  readonly fingerprint: string;
  readonly agreementKey: CryptoKey;
}

interface DeviceOwner {
  readonly officerId: string;
  readonly client: ApiClient;
}

/** Makes keys, enrols them, has the operator compare the fingerprint, and fetches the certificates. */
export async function enrolDevice(
  owner: DeviceOwner,
  operator: ApiClient,
  label: string,
): Promise<EnrolledDevice> {
  const { client, officerId } = owner;
  const [signing, agreement] = await Promise.all([
    crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']),
    crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits']),
  ]);
  const [signingKey, agreementKey] = await Promise.all([
    toJwk(signing.publicKey),
    toJwk(agreement.publicKey),
  ]);
  const fingerprint = groupFingerprint(
    await sha256Hex(canonicalBytes({ signingKey, agreementKey })),
    20,
  );
  const { siteId } = await client.get<PortalSite>('/v1/site');
  const deviceId = randomId();
  const now = new Date();
  const keys = { privateKey: signing.privateKey, publicKey: signingKey };
  const expiresAt = new Date(now.getTime() + 14 * 86_400_000).toISOString();
  const enrolment = {
    deviceId,
    officerId,
    siteId,
    label,
    signingKey,
    agreementKey,
    at: now.toISOString(),
    expiresAt,
  };
  await client.send('POST', '/v1/devices', {
    jws: await selfSignRecord('device-enrolment', enrolment, keys),
  });

  const challenge = await waitFor(
    'the challenge',
    async () => (await ownDevice(client, deviceId)).challenge,
  );
  const opened = await unwrapWith(agreement.privateKey, challenge, {
    purpose: 'enrolment-challenge',
    context: deviceId,
    keyId: deviceId,
  });
  const proof = {
    deviceId,
    challengeSha256: await sha256Hex(opened),
    at: new Date().toISOString(),
  };
  await client.send('POST', `/v1/devices/${deviceId}/proof`, {
    jws: await selfSignRecord('enrolment-proof', proof, keys),
  });

  await waitFor('the proof inside', async () => {
    const { enrolments } = await operator.get<ConsoleEnrolments>('/v1/enrolments');
    return enrolments.find((each) => each.deviceId === deviceId && each.state === 'proved') ?? null;
  });
  // The operator types what the officer reads out, not what the console shows.
  await operator.send('POST', `/v1/enrolments/${deviceId}/confirm`, { fingerprint });
  const { signCertificate, agreeCertificate } = await waitFor('the certificates', async () => {
    const device = await ownDevice(client, deviceId);
    return device.signCertificate !== null && device.agreeCertificate !== null
      ? { signCertificate: device.signCertificate, agreeCertificate: device.agreeCertificate }
      : null;
  });
  return {
    deviceId,
    fingerprint,
    agreementKey: agreement.privateKey,
    signer: { privateKey: signing.privateKey, certificate: signCertificate },
    agreement: { publicKey: agreementKey, certificateId: await certificateId(agreeCertificate) },
  };
}

/** What a scripted player saw. */
export interface Played {
  readonly sizeBytes: number;
  readonly contentType: string;
  readonly clip: Uint8Array<ArrayBuffer>;
  readonly licenceId: string;
}

/**
 * Asks for the licence, downloads every segment, verifies, decrypts, compares the clip with the
 * manifest, and reports playback. The clip is held in memory: test clips are small.
 *
 * @throws SallyportError ERR_SEAL_*, ERR_RECORD_*; ApiRefusal when the gateway refuses
 */
export async function playPackage(
  owner: DeviceOwner,
  device: EnrolledDevice,
  packageId: string,
): Promise<Played> {
  const { client } = owner;
  const base = `/v1/packages/${packageId}`;
  const site = await client.get<PortalSite>('/v1/site');
  const trust = { ca: site.ca, revoked: new Set<string>() };
  const { jws: headerJws } = await client.get<PortalRecordBody>(`${base}/header`);
  const view = await verifyHeader(headerJws, { trust, now: new Date() });
  const leaves = await verifyLeaves(view, await client.bytes(`${base}/leaves`));
  const { licence, licenceShare } = await openLicence(
    await askLicence(client, device, packageId, site.gatewayId),
    {
      header: view.header,
      device: agreementOf(device),
      trust,
      now: new Date(),
    },
  );
  const opened = await openContentKey(view, {
    device: agreementOf(device),
    licenceShare,
    now: new Date(),
  });
  const readSegment = (index: number): Promise<Uint8Array> =>
    client.bytes(`${base}/segments/${index}`);
  const manifest = await readManifest(opened, leaves, readSegment);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const part of openEntry(opened, leaves, manifest.clip.entry, readSegment))
    parts.push(part);
  const clip = new Uint8Array(await new Blob(parts).arrayBuffer());
  if ((await sha256Hex(clip)) !== manifest.clip.sha256)
    throw new Error('the clip is not the one the manifest names');
  for (const event of ['opened', 'ended'] as const) {
    const receipt = {
      packageId,
      licenceId: licence.licenceId,
      deviceId: device.deviceId,
      event,
      at: new Date().toISOString(),
    };
    await client.send('POST', '/v1/receipts', {
      jws: await signRecord('playback-receipt', receipt, device.signer),
    });
  }
  return {
    sizeBytes: clip.length,
    contentType: manifest.clip.contentType,
    clip,
    licenceId: licence.licenceId,
  };
}

/** Nonce, signed request, licence: one play. */
export async function askLicence(
  client: ApiClient,
  device: EnrolledDevice,
  packageId: string,
  gatewayId: string,
): Promise<string> {
  const base = `/v1/packages/${packageId}`;
  const { nonce } = await client.send<PortalNonce>('POST', `${base}/licence-nonce`, {
    deviceId: device.deviceId,
  });
  const request = {
    packageId,
    deviceId: device.deviceId,
    gatewayId,
    nonce,
    at: new Date().toISOString(),
  };
  const jws = await signRecord('licence-request', request, device.signer);
  return (await client.send<PortalRecordBody>('POST', `${base}/licence`, { jws })).jws;
}

function agreementOf(device: EnrolledDevice): {
  deviceId: string;
  agreeCertificateId: string;
  agreementKey: CryptoKey;
} {
  return {
    deviceId: device.deviceId,
    agreeCertificateId: device.agreement.certificateId,
    agreementKey: device.agreementKey,
  };
}

async function ownDevice(client: ApiClient, deviceId: string): Promise<PortalDevice> {
  const { devices } = await client.get<PortalDevices>('/v1/devices');
  const device = devices.find((each) => each.deviceId === deviceId);
  if (device === undefined) throw new Error('the gateway does not know this device');
  return device;
}

async function toJwk(key: CryptoKey): Promise<PublicJwk> {
  const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', key);
  return { crv: 'P-256', kty: 'EC', x, y };
}
