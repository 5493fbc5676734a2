import { canonicalBytes, groupFingerprint, sha256Hex, type PublicJwk } from '@sallyport/contracts';

/** A device: one pair signs (ES256), one agrees (ECDH); WebCrypto allows one use per key. */
export interface Device {
  readonly deviceId: string;
  readonly label: string;
  readonly createdAt: string;
  readonly signing: DeviceKey;
  readonly agreement: DeviceKey;
}

export interface DeviceKey {
  readonly privateKey: CryptoKey;
  readonly publicKey: PublicJwk;
}

/** Private keys as a key file holds them. */
export interface DevicePrivateKeys {
  readonly signing: JsonWebKey;
  readonly agreement: JsonWebKey;
}

const SIGNING = { name: 'ECDSA', namedCurve: 'P-256' };
const AGREEMENT = { name: 'ECDH', namedCurve: 'P-256' };

/** Makes both pairs of a new device. `deviceId` is 128 random bits from the caller. */
export async function createDevice(facts: {
  deviceId: string;
  label: string;
  now: Date;
}): Promise<{ device: Device; privateKeys: DevicePrivateKeys }> {
  const signing = await crypto.subtle.generateKey(SIGNING, true, ['sign', 'verify']);
  const agreement = await crypto.subtle.generateKey(AGREEMENT, true, ['deriveBits']);
  const privateKeys = {
    signing: await exportPrivate(signing.privateKey),
    agreement: await exportPrivate(agreement.privateKey),
  };
  const { deviceId, label, now } = facts;
  return {
    device: await importDevice({ deviceId, label, createdAt: now.toISOString() }, privateKeys),
    privateKeys,
  };
}

/** Loads the keys of a device, no longer extractable. */
export async function importDevice(
  facts: Pick<Device, 'deviceId' | 'label' | 'createdAt'>,
  { signing, agreement }: DevicePrivateKeys,
): Promise<Device> {
  return {
    ...facts,
    signing: {
      privateKey: await crypto.subtle.importKey('jwk', signing, SIGNING, false, ['sign']),
      publicKey: publicJwk(signing),
    },
    agreement: {
      privateKey: await crypto.subtle.importKey('jwk', agreement, AGREEMENT, false, ['deriveBits']),
      publicKey: publicJwk(agreement),
    },
  };
}

/** What officer and operator read to each other: 20 hex digits in groups of 4. */
export async function deviceFingerprint(device: Device): Promise<string> {
  const keys = { signingKey: device.signing.publicKey, agreementKey: device.agreement.publicKey };
  return groupFingerprint(await sha256Hex(canonicalBytes(keys)), 20);
}

async function exportPrivate(key: CryptoKey): Promise<JsonWebKey> {
  const { x = '', y = '', d = '' } = await crypto.subtle.exportKey('jwk', key);
  return { crv: 'P-256', kty: 'EC', x, y, d };
}

function publicJwk({ x = '', y = '' }: JsonWebKey): PublicJwk {
  return { crv: 'P-256', kty: 'EC', x, y };
}
