import { setTimeout as sleep } from 'node:timers/promises';
import {
  selfSignRecord,
  SallyportError,
  sha256Hex,
  unwrapWith,
  verifyCertificate,
  type CertificateRole,
  type PortalDevice,
} from '@sallyport/contracts';
import type { GatewayClient } from '../gateway/client.ts';
import { deviceFingerprint, type Device } from '../keys/device.ts';

/** A device the control centre has confirmed. Certificates are standard base64 DER. */
export interface EnrolledDevice extends Device {
  readonly officerId: string;
  readonly signCertificate: string;
  readonly agreeCertificate: string;
}

const VALID_MS = 7 * 86_400_000;

/** The device-enrolment record: both public keys, signed by one of them. */
export async function enrolmentRecord(
  device: Device,
  facts: { officerId: string; siteId: string; now: Date },
): Promise<string> {
  const { deviceId, label, signing, agreement } = device;
  const { officerId, siteId, now } = facts;
  const payload = {
    deviceId,
    officerId,
    siteId,
    label,
    signingKey: signing.publicKey,
    agreementKey: agreement.publicKey,
    at: now.toISOString(),
    expiresAt: new Date(now.getTime() + VALID_MS).toISOString(),
  };
  return selfSignRecord('device-enrolment', payload, signing);
}

/**
 * Answers the challenge: what only the agreement key opens, signed by the signing key.
 *
 * @throws SallyportError ERR_WRAP_FAILED, ERR_RECORD_HEADER
 */
export async function proofRecord(device: Device, challenge: string, now: Date): Promise<string> {
  const { deviceId, agreement, signing } = device;
  const binding = { purpose: 'enrolment-challenge', context: deviceId, keyId: deviceId } as const;
  const challengeSha256 = await sha256Hex(
    await unwrapWith(agreement.privateKey, challenge, binding, 8192),
  );
  return selfSignRecord(
    'enrolment-proof',
    { deviceId, challengeSha256, at: now.toISOString() },
    signing,
  );
}

/**
 * Carries one enrolment as far as it goes: posts the keys, answers the challenge, waits until the
 * operator has confirmed, checks the certificates. Safe to call again for the same device.
 *
 * @param options.ca The CA the officer trusts; the certificates must be its own.
 * @throws SallyportError ERR_STATION_ENROLMENT_REFUSED, ERR_STATION_ENROLMENT_PENDING (call again
 * later), ERR_STATION_CERTIFICATE, and whatever the gateway answers
 */
export async function enrolDevice(
  gateway: GatewayClient,
  device: Device,
  options: {
    officerId: string;
    siteId: string;
    ca: string;
    waitMs: number;
    pollMs?: number | undefined;
    clock?: (() => Date) | undefined;
    onState?: ((state: PortalDevice['state'], fingerprint: string) => void) | undefined;
  },
): Promise<EnrolledDevice> {
  const {
    officerId,
    siteId,
    ca,
    waitMs,
    pollMs = 1000,
    clock = () => new Date(),
    onState,
  } = options;
  const fingerprint = await deviceFingerprint(device);
  const until = clock().getTime() + waitMs;
  let known = await findDevice(gateway, device.deviceId);
  known ??= await gateway.enrol(await enrolmentRecord(device, { officerId, siteId, now: clock() }));
  let told: PortalDevice['state'] | null = null;
  for (;;) {
    if (known.state !== told) onState?.(known.state, fingerprint);
    told = known.state;
    if (known.state === 'confirmed')
      return certified(device, known, { officerId, ca, now: clock() });
    if (known.state === 'refused' || known.state === 'revoked') {
      throw new SallyportError('ERR_STATION_ENROLMENT_REFUSED', {
        detail: { deviceId: device.deviceId },
      });
    }
    if (known.state === 'challenged' && known.challenge !== null) {
      known = await gateway.prove(
        device.deviceId,
        await proofRecord(device, known.challenge, clock()),
      );
    }
    if (clock().getTime() >= until) {
      throw new SallyportError('ERR_STATION_ENROLMENT_PENDING', {
        detail: { state: known.state, fingerprint },
      });
    }
    await sleep(pollMs);
    known = (await findDevice(gateway, device.deviceId)) ?? known;
  }
}

/** Null when the gateway does not know the device yet. */
async function findDevice(gateway: GatewayClient, deviceId: string): Promise<PortalDevice | null> {
  const { devices } = await gateway.devices();
  return devices.find((each) => each.deviceId === deviceId) ?? null;
}

async function certified(
  device: Device,
  { signCertificate, agreeCertificate }: PortalDevice,
  { officerId, ca, now }: { officerId: string; ca: string; now: Date },
): Promise<EnrolledDevice> {
  if (signCertificate === null || agreeCertificate === null) {
    throw new SallyportError('ERR_STATION_CERTIFICATE', { detail: { fault: 'missing' } });
  }
  const enrolled = { ...device, officerId, signCertificate, agreeCertificate };
  await assertCertificates(enrolled, ca, now);
  return enrolled;
}

/**
 * Certificates must be the CA's, for these keys, this device and this officer.
 *
 * @throws SallyportError ERR_STATION_CERTIFICATE, ERR_CERTIFICATE_*
 */
export async function assertCertificates(
  device: EnrolledDevice,
  ca: string,
  now: Date,
): Promise<void> {
  const expected: readonly (readonly [string, CertificateRole, Device['signing']])[] = [
    [device.signCertificate, 'device-sign', device.signing],
    [device.agreeCertificate, 'device-agree', device.agreement],
  ];
  for (const [der, role, { publicKey }] of expected) {
    const identity = await verifyCertificate(der, { ca, revoked: new Set() }, now);
    const sameKey = identity.publicKey.x === publicKey.x && identity.publicKey.y === publicKey.y;
    const sameHolder =
      identity.subjectId === device.deviceId && identity.ownerId === device.officerId;
    if (identity.role !== role || !sameKey || !sameHolder) {
      throw new SallyportError('ERR_STATION_CERTIFICATE', { detail: { role } });
    }
  }
}
