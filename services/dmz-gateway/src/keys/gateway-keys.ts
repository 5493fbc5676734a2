import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  Id128,
  SallyportError,
  canonicalize,
  parse,
  strictObject,
  type PublicJwk,
} from '@sallyport/contracts';
import { FieldCipher, readKeyFile, writeFileDurably, writeKeyFile } from '@sallyport/runtime';
import type { GatewayConfig } from '../config/environment.ts';
import { makeFolders, pathsOf } from '../config/paths.ts';
import { publicKeysFile } from './public-keys.ts';
import {
  deriveSecret,
  importPrivateKey,
  makeKeyPair,
  makeSecretJwk,
  publicHalf,
  secretOf,
  type PrivateJwk,
} from './key-pairs.ts';

const Identity = strictObject({ gatewayId: Id128 });

/** What `send` and `api` sign with. */
export interface SigningKey {
  readonly privateKey: CryptoKey;
  readonly publicKey: PublicJwk;
}

/** Keys of personal fields and look-ups; held by `api` and the commands. */
export interface FieldKeys {
  readonly cipher: FieldCipher;
  /** For rows on their way inside, which `send` must read and nobody else. */
  readonly outbound: FieldCipher;
  readonly lookupKey: Uint8Array;
}

/**
 * Makes the keys of a new gateway. The id is written last: a set-up that was cut short is repeated.
 *
 * @throws SallyportError ERR_GATEWAY_INITIALISED
 */
export async function createGateway(config: GatewayConfig, gatewayId: string): Promise<void> {
  const paths = pathsOf(config.dataDir);
  if (await exists(paths.identity)) throw new SallyportError('ERR_GATEWAY_INITIALISED');
  await makeFolders(paths);
  const gateway = await makeKeyPair('sign');
  const ledger = await makeKeyPair('sign');
  const files: readonly (readonly [string, PrivateJwk])[] = [
    ['gateway', gateway.privateJwk],
    ['ledger', ledger.privateJwk],
    ['field', makeSecretJwk()],
    ['session', makeSecretJwk()],
    ['outbound', makeSecretJwk()],
  ];
  for (const [name, jwk] of files) {
    await writeKeyFile(keyFile(config, name), jwk, config.passphrase, {
      ...keyOptions(config),
      replace: true,
    });
  }
  const publicKeys = { gateway: gateway.publicJwk, ledger: ledger.publicJwk };
  await writeFileDurably(publicKeysFile(config), `${canonicalize(publicKeys)}\n`);
  await writeFileDurably(paths.identity, `${canonicalize({ gatewayId })}\n`, { exclusive: true });
}

/** @throws SallyportError ERR_GATEWAY_NOT_INITIALISED */
export async function readGatewayId(config: GatewayConfig): Promise<string> {
  const { identity } = pathsOf(config.dataDir);
  if (!(await exists(identity))) throw new SallyportError('ERR_GATEWAY_NOT_INITIALISED');
  const value: unknown = JSON.parse(await readFile(identity, 'utf8'));
  return parse(Identity, value, 'ERR_GATEWAY_NOT_INITIALISED').gatewayId;
}

/** @throws SallyportError ERR_KEY_FILE_PASSPHRASE, ERR_KEY_FILE_PERMISSIONS, ERR_KEY_FILE_INVALID */
export async function openSigningKey(
  config: GatewayConfig,
  name: 'gateway' | 'ledger',
): Promise<SigningKey> {
  const jwk = await readKeyFile(keyFile(config, name), config.passphrase);
  return { privateKey: await importPrivateKey(jwk, 'sign'), publicKey: publicHalf(jwk) };
}

/** @throws SallyportError ERR_KEY_FILE_PASSPHRASE, ERR_KEY_FILE_PERMISSIONS, ERR_KEY_FILE_INVALID */
export async function openFieldKeys(config: GatewayConfig): Promise<FieldKeys> {
  const secret = secretOf(await readKeyFile(keyFile(config, 'field'), config.passphrase));
  const key = deriveSecret(secret, 'fields');
  return {
    cipher: new FieldCipher({ keyId: 'field-1', key }),
    outbound: await openOutboundCipher(config),
    lookupKey: deriveSecret(secret, 'look-ups'),
  };
}

/** @throws SallyportError ERR_KEY_FILE_PASSPHRASE, ERR_KEY_FILE_PERMISSIONS, ERR_KEY_FILE_INVALID */
export async function openOutboundCipher(config: GatewayConfig): Promise<FieldCipher> {
  const secret = secretOf(await readKeyFile(keyFile(config, 'outbound'), config.passphrase));
  return new FieldCipher({ keyId: 'outbound-1', key: deriveSecret(secret, 'outbound') });
}

/** @throws SallyportError ERR_KEY_FILE_PASSPHRASE, ERR_KEY_FILE_PERMISSIONS, ERR_KEY_FILE_INVALID */
export async function openSessionKey(config: GatewayConfig): Promise<Uint8Array> {
  return secretOf(await readKeyFile(keyFile(config, 'session'), config.passphrase));
}

/** Rounds for key files, where a test asks for fewer. */
export function keyOptions(config: GatewayConfig): { iterations?: number } {
  return config.keyIterations === undefined ? {} : { iterations: config.keyIterations };
}

function keyFile(config: GatewayConfig, name: string): string {
  return join(pathsOf(config.dataDir).keys, `${name}.key`);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
