import Type from 'typebox';
import { CompactEncrypt, compactDecrypt } from 'jose';
import {
  canonicalBytes,
  Compact,
  Id128,
  Line,
  parse,
  parseCanonical,
  PublicJwk,
  SallyportError,
  strictObject,
  UtcTime,
} from '@sallyport/contracts';
import { importDevice, type Device, type DevicePrivateKeys } from './device.ts';

// A key file is JSON: the public facts in the clear, the private keys in one JWE.
//
//   { version, deviceId, label, createdAt, sealed }
//   sealed = PBES2-HS512+A256KW (210,000 rounds), A256GCM, over canonical { signing, agreement }

const ROUNDS = 210_000;
const ALGORITHM = { alg: 'PBES2-HS512+A256KW', enc: 'A256GCM' } as const;

const KeyFile = strictObject({
  version: Type.Literal(1),
  deviceId: Id128,
  label: Line(80),
  createdAt: UtcTime,
  sealed: Compact,
});
const Scalar = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' });
const PrivateJwk = strictObject({ ...PublicJwk.properties, d: Scalar });
const PrivateKeys = strictObject({ signing: PrivateJwk, agreement: PrivateJwk });

/** The text of a key file; the private keys in it open with the passphrase alone. */
export async function sealKeyFile(
  device: Device,
  keys: DevicePrivateKeys,
  passphrase: string,
): Promise<string> {
  const sealed = await new CompactEncrypt(canonicalBytes(keys))
    .setProtectedHeader(ALGORITHM)
    .setKeyManagementParameters({ p2c: ROUNDS })
    .encrypt(passphraseBytes(passphrase));
  const { deviceId, label, createdAt } = device;
  return `${JSON.stringify({ version: 1, deviceId, label, createdAt, sealed }, null, 2)}\n`;
}

/**
 * Opens a key file.
 *
 * @throws SallyportError ERR_STATION_KEY_FILE, ERR_STATION_PASSPHRASE
 */
export async function openKeyFile(text: string, passphrase: string): Promise<Device> {
  const file = parse(KeyFile, parseJson(text), 'ERR_STATION_KEY_FILE');
  let plaintext: Uint8Array;
  try {
    ({ plaintext } = await compactDecrypt(file.sealed, passphraseBytes(passphrase), {
      keyManagementAlgorithms: [ALGORITHM.alg],
      contentEncryptionAlgorithms: [ALGORITHM.enc],
      maxPBES2Count: ROUNDS,
    }));
  } catch (cause) {
    throw new SallyportError('ERR_STATION_PASSPHRASE', { cause });
  }
  const keys = parse(PrivateKeys, parseCanonical(plaintext), 'ERR_STATION_KEY_FILE');
  return importDevice(file, keys);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SallyportError('ERR_STATION_KEY_FILE', { cause });
  }
}

/** NFC: the same Korean passphrase typed on another system gives the same bytes. */
function passphraseBytes(passphrase: string): Uint8Array {
  return new TextEncoder().encode(passphrase.normalize('NFC'));
}
