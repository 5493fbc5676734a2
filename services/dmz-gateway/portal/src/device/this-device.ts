import {
  canonicalBytes,
  certificateId,
  groupFingerprint,
  selfSignRecord,
  sha256Hex,
  unwrapWith,
  type PortalDevice,
  type PortalDevices,
  type PortalSession,
  type PortalSite,
} from '@sallyport/contracts';
import {
  createDeviceKeys,
  deleteDeviceKeys,
  loadDeviceKeys,
  type DeviceKeys,
} from '@sallyport/player';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, useRoute } from '../api.ts';

const ENROLMENT_VALID_MS = 7 * 86_400_000;

/** This browser's keys for one officer, with what the gateway says about them. */
export interface ThisDevice {
  readonly keys: DeviceKeys;
  /** Null when the gateway does not know these keys. */
  readonly record: PortalDevice | null;
}

/** A device whose certificates are here: it can sign and open. */
export interface CertifiedDevice {
  readonly keys: DeviceKeys;
  readonly signCertificate: string;
  readonly agreeCertificate: string;
  /** Id of the agreement certificate: the key id of everything sealed to this device. */
  readonly agreeCertificateId: string;
}

const keysQuery = (officerId: string) => ({
  queryKey: ['device-keys', officerId],
  queryFn: () => loadDeviceKeys(officerId),
});

/** The keys of this browser for an officer; `null` once it is known that there are none. */
export function useThisDevice(officerId: string): {
  device: ThisDevice | null;
  devices: readonly PortalDevice[];
  loading: boolean;
  problem: unknown;
  changed: () => Promise<void>;
} {
  const queries = useQueryClient();
  const keys = useQuery(keysQuery(officerId));
  const { value, problem, changed } = useRoute<PortalDevices>('/v1/devices');
  const devices = value?.devices ?? [];
  const own = keys.data ?? null;
  return {
    device:
      own === null
        ? null
        : { keys: own, record: devices.find(({ deviceId }) => deviceId === own.deviceId) ?? null },
    devices,
    loading: keys.isPending || (value === null && problem === null),
    problem: keys.error ?? problem,
    changed: async () => {
      await queries.invalidateQueries({ queryKey: ['device-keys'] });
      await changed();
    },
  };
}

/** This browser as a device that can sign and open; null until it is certified. */
export function useCertifiedDevice(officerId: string): {
  device: CertifiedDevice | null;
  loading: boolean;
} {
  const { device, loading } = useThisDevice(officerId);
  const record = device?.record ?? null;
  const ready = record?.state === 'confirmed' ? record.agreeCertificate : null;
  const id = useQuery({
    queryKey: ['certificate-id', ready],
    queryFn: () => certificateId(ready ?? ''),
    enabled: ready !== null,
    staleTime: Infinity,
  });
  if (device === null || record === null || ready === null || record.signCertificate === null) {
    return { device: null, loading };
  }
  if (id.data === undefined) return { device: null, loading: true };
  const { keys } = device;
  const { signCertificate } = record;
  const certified = { keys, signCertificate, agreeCertificate: ready, agreeCertificateId: id.data };
  return { device: certified, loading: false };
}

/** Makes this browser's keys, or takes those the gateway does not know yet, and asks the control centre to certify them. */
export async function enrolThisDevice(
  site: PortalSite,
  officerId: string,
  label: string,
  known: PortalDevice | null,
): Promise<void> {
  // Keys that were refused or revoked are of no use any more.
  if (known !== null) await deleteDeviceKeys(officerId);
  const keys = (await loadDeviceKeys(officerId)) ?? (await createDeviceKeys(officerId));
  const now = Date.now();
  const jws = await selfSignRecord(
    'device-enrolment',
    {
      deviceId: keys.deviceId,
      officerId,
      siteId: site.siteId,
      label,
      signingKey: keys.signing.publicKey,
      agreementKey: keys.agreement.publicKey,
      at: new Date(now).toISOString(),
      expiresAt: new Date(now + ENROLMENT_VALID_MS).toISOString(),
    },
    keys.signing,
  );
  await api.send<PortalDevice>('POST', '/v1/devices', { jws });
}

/** The fingerprint of this browser's own keys, computed here: what the officer reads aloud. */
export async function fingerprintOf(keys: DeviceKeys): Promise<string> {
  const both = { agreementKey: keys.agreement.publicKey, signingKey: keys.signing.publicKey };
  return groupFingerprint(await sha256Hex(canonicalBytes(both)), 20);
}

/** Answers a challenge as soon as it is there, whichever page is open: proof that the agreement key is here. */
export function useChallengeAnswer(session: PortalSession | null): void {
  const officerId = session?.account.officer?.officerId ?? null;
  const queries = useQueryClient();
  const { data } = useQuery({
    queryKey: ['challenge', officerId],
    enabled: officerId !== null,
    queryFn: () => answerChallenge(officerId ?? ''),
    refetchInterval: 5000,
  });
  useEffect(() => {
    if (data === true) void queries.invalidateQueries({ queryKey: ['route'] });
  }, [data, queries]);
}

/** @returns true when a challenge was answered just now */
async function answerChallenge(officerId: string): Promise<boolean> {
  const keys = await loadDeviceKeys(officerId);
  if (keys === null) return false;
  const { devices } = await api.get<PortalDevices>('/v1/devices');
  const { deviceId } = keys;
  const challenge = devices.find((device) => device.deviceId === deviceId)?.challenge ?? null;
  if (challenge === null) return false;
  const opened = await unwrapWith(keys.agreement.privateKey, challenge, {
    purpose: 'enrolment-challenge',
    context: deviceId,
    keyId: deviceId,
  });
  const jws = await selfSignRecord(
    'enrolment-proof',
    { deviceId, challengeSha256: await sha256Hex(opened), at: new Date().toISOString() },
    keys.signing,
  );
  await api.send('POST', `/v1/devices/${deviceId}/proof`, { jws });
  return true;
}
