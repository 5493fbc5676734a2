import { hkdfSync } from 'node:crypto';
import { join } from 'node:path';
import {
  fromBase64url,
  isSallyportError,
  PublicJwk,
  SallyportError,
  parse,
  toBase64url,
} from '@sallyport/contracts';
import { FieldCipher, readKeyFile, writeKeyFile } from '@sallyport/runtime';
import { createPersonalFields, type PersonalFields } from './personal-fields.ts';

/** Keys that sign (ECDSA P-256). */
export const SIGNING_KEYS = ['ca', 'seal', 'lane', 'ledger'] as const;
/** Keys that others encrypt to (ECDH P-256). */
export const AGREEMENT_KEYS = ['intake', 'at-rest', 'preview'] as const;
/** 32 secret bytes each: personal fields, session tokens. */
export const SECRET_KEYS = ['personal', 'session'] as const;

export type SigningKeyName = (typeof SIGNING_KEYS)[number];
export type AgreementKeyName = (typeof AGREEMENT_KEYS)[number];
export type SecretKeyName = (typeof SECRET_KEYS)[number];

/** The folder of passphrase-protected key files: one file per key, so that each role's user may read its own only. */
export interface KeyFiles {
  readonly openSigningKey: (name: Exclude<SigningKeyName, 'ca'>) => Promise<CryptoKey>;
  readonly openAgreementKey: (name: AgreementKeyName) => Promise<CryptoKey>;
  readonly openSecret: (name: SecretKeyName) => Promise<Uint8Array>;
}

/** Opens key files when asked, never before. */
export function keyFilesIn(folder: string, passphrase: string): KeyFiles {
  return {
    openSigningKey: (name) => openEcKey(folder, name, passphrase, 'ECDSA'),
    openAgreementKey: (name) => openEcKey(folder, name, passphrase, 'ECDH'),
    openSecret: async (name) => {
      const { k } = await readKeyFile(pathOf(folder, name), passphrase);
      if (typeof k !== 'string')
        throw new SallyportError('ERR_KEY_FILE_INVALID', { detail: { file: `${name}.key` } });
      return fromBase64url(k);
    },
  };
}

/** The CA's key has a passphrase of its own; hold it no longer than an issue takes. */
export function openCaKey(folder: string, caPassphrase: string): Promise<CryptoKey> {
  return openEcKey(folder, 'ca', caPassphrase, 'ECDSA');
}

/** The keys of personal fields, derived from one file; none of them can be computed from another. */
export async function openPersonalFields(keys: KeyFiles): Promise<PersonalFields> {
  const master = await keys.openSecret('personal');
  const derive = (use: string) =>
    new Uint8Array(hkdfSync('sha256', master, new Uint8Array(), `sallyport exporter ${use}`, 32));
  return createPersonalFields(new FieldCipher({ keyId: 'personal-1', key: derive('fields') }), {
    lookup: derive('lookup'),
    person: derive('person'),
  });
}

/** A key pair as it was found or made. */
export interface KeyPairFile {
  readonly privateKey: CryptoKey;
  readonly publicJwk: PublicJwk;
}

/** Opens a key pair's file, or makes it: an interrupted set-up goes on where it stopped. */
export async function findOrMakeKeyPair(
  folder: string,
  name: SigningKeyName | AgreementKeyName,
  passphrase: string,
  iterations?: number,
): Promise<KeyPairFile> {
  const algorithm = AGREEMENT_KEYS.some((known) => known === name) ? 'ECDH' : 'ECDSA';
  const path = pathOf(folder, name);
  try {
    return await readPair(path, passphrase, algorithm);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  const uses: KeyUsage[] = algorithm === 'ECDSA' ? ['sign', 'verify'] : ['deriveBits'];
  const { privateKey } = await crypto.subtle.generateKey(
    { name: algorithm, namedCurve: 'P-256' },
    true,
    uses,
  );
  const jwk = await crypto.subtle.exportKey('jwk', privateKey);
  const { crv = '', kty = '', x = '', y = '', d = '' } = jwk;
  await writeKeyFile(
    path,
    { crv, kty, x, y, d },
    passphrase,
    iterations === undefined ? {} : { iterations },
  );
  return readPair(path, passphrase, algorithm);
}

/** Makes a file of 32 secret bytes unless it is there. */
export async function makeSecretIfMissing(
  folder: string,
  name: SecretKeyName,
  passphrase: string,
  secret: Uint8Array,
  iterations?: number,
): Promise<void> {
  const jwk = { kty: 'oct', k: toBase64url(secret) };
  try {
    await writeKeyFile(
      pathOf(folder, name),
      jwk,
      passphrase,
      iterations === undefined ? {} : { iterations },
    );
  } catch (error) {
    if (!isSallyportError(error, 'ERR_FILE_EXISTS')) throw error;
  }
}

function pathOf(folder: string, name: string): string {
  return join(folder, `${name}.key`);
}

async function openEcKey(
  folder: string,
  name: SigningKeyName | AgreementKeyName,
  passphrase: string,
  algorithm: 'ECDSA' | 'ECDH',
): Promise<CryptoKey> {
  return (await readPair(pathOf(folder, name), passphrase, algorithm)).privateKey;
}

async function readPair(
  path: string,
  passphrase: string,
  algorithm: 'ECDSA' | 'ECDH',
): Promise<KeyPairFile> {
  const jwk = await readKeyFile(path, passphrase);
  const { crv, kty, x, y } = jwk;
  const publicJwk = parse(PublicJwk, { crv, kty, x, y }, 'ERR_KEY_FILE_INVALID');
  const uses: KeyUsage[] = algorithm === 'ECDSA' ? ['sign'] : ['deriveBits'];
  const imported = { ...publicJwk, d: jwk.d ?? '' };
  const privateKey = await crypto.subtle.importKey(
    'jwk',
    imported,
    { name: algorithm, namedCurve: 'P-256' },
    false,
    uses,
  );
  return { privateKey, publicJwk };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
