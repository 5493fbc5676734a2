import {
  canonicalBytes,
  certificateId,
  signRecord,
  wrapFor,
  type OfficerPersonal,
  type PlaybackReceipt,
  type PortalRequestBody,
  type PortalSignUpBody,
  type PortalSite,
  type RecordSigner,
  type RequestDetails,
} from '@sallyport/contracts';
import type { GatewayClient } from '../gateway/client.ts';
import type { EnrolledDevice } from './enrolment.ts';

/** A sign-up whose personal fields only the internal zone can read. */
export async function signUpBody(options: {
  site: PortalSite;
  officerId: string;
  stationId: string;
  wishedLogin: string;
  password: string;
  personal: OfficerPersonal;
}): Promise<PortalSignUpBody> {
  const { site, officerId, stationId, wishedLogin, password, personal } = options;
  const binding = { purpose: 'personal', context: officerId, keyId: site.intakeKey.keyId } as const;
  const sealed = await wrapFor(site.intakeKey.jwk, canonicalBytes(personal), binding);
  return { officerId, stationId, wishedLogin, password, sealed };
}

/** A signed request: details under the internal zone's key, and a copy under the device's own. */
export async function requestBody(options: {
  site: PortalSite;
  device: EnrolledDevice;
  requestId: string;
  details: RequestDetails;
  now: Date;
  validMs: number;
}): Promise<PortalRequestBody> {
  const { site, device, requestId, details, now, validMs } = options;
  const plain = canonicalBytes(details);
  const inside = { purpose: 'personal', context: requestId, keyId: site.intakeKey.keyId } as const;
  const own = { ...inside, keyId: await certificateId(device.agreeCertificate) };
  const jws = await signRecord(
    'export-request',
    {
      requestId,
      siteId: site.siteId,
      officerId: device.officerId,
      deviceId: device.deviceId,
      sealed: await wrapFor(site.intakeKey.jwk, plain, inside),
      at: now.toISOString(),
      expiresAt: new Date(now.getTime() + validMs).toISOString(),
    },
    signerOf(device),
  );
  return { jws, copy: await wrapFor(device.agreement.publicKey, plain, own) };
}

/**
 * Asks the gateway for a licence: one nonce, one signed request.
 *
 * @returns the licence record
 */
export async function requestLicence(
  gateway: GatewayClient,
  options: { packageId: string; gatewayId: string; device: EnrolledDevice; now: Date },
): Promise<string> {
  const { packageId, gatewayId, device, now } = options;
  const { nonce } = await gateway.licenceNonce(packageId, device.deviceId);
  const payload = { packageId, deviceId: device.deviceId, gatewayId, nonce, at: now.toISOString() };
  return gateway.licence(packageId, await signRecord('licence-request', payload, signerOf(device)));
}

/** Says that playback began or ended. */
export async function playbackReceipt(
  device: EnrolledDevice,
  facts: Pick<PlaybackReceipt, 'packageId' | 'licenceId' | 'event'> & { now: Date },
): Promise<string> {
  const { packageId, licenceId, event, now } = facts;
  const payload = { packageId, licenceId, event, deviceId: device.deviceId, at: now.toISOString() };
  return signRecord('playback-receipt', payload, signerOf(device));
}

/** Says that the recipient destroyed every copy. */
export async function destructionReceipt(
  device: EnrolledDevice,
  packageId: string,
  now: Date,
): Promise<string> {
  const payload = { packageId, deviceId: device.deviceId, at: now.toISOString() };
  return signRecord('destruction-receipt', payload, signerOf(device));
}

function signerOf({ signing, signCertificate }: EnrolledDevice): RecordSigner {
  return { privateKey: signing.privateKey, certificate: signCertificate };
}
