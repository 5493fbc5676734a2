import { CompactEncrypt, compactDecrypt, type JWK } from 'jose';
import { basename } from 'node:path';
import { SallyportError } from '@sallyport/contracts';
import { writeFileDurably } from './durable-file.ts';
import { readSecretFile } from './secret-file.ts';

/** PBKDF2-HMAC-SHA512 rounds: the OWASP Password Storage Cheat Sheet's figure (2023). */
const ITERATIONS = 210_000;
/** A hostile file must not be able to ask for minutes of hashing. */
const MOST_ITERATIONS = 2_000_000;
const CONTENT_TYPE = 'jwk+json';

export interface KeyFileOptions {
  /** Replace an existing key file; refused unless true. */
  readonly replace?: boolean;
  /** PBKDF2 rounds, {@link ITERATIONS} unless told; only tests lower it. */
  readonly iterations?: number;
}

/**
 * Writes a private or symmetric key as a passphrase-protected file, mode 0600:
 * one compact JWE (PBES2-HS512+A256KW, A256GCM) around the JWK.
 *
 * @throws SallyportError ERR_FILE_EXISTS unless `replace` is set.
 */
export async function writeKeyFile(
  path: string,
  key: JWK,
  passphrase: string,
  options: KeyFileOptions = {},
): Promise<void> {
  const jwe = await new CompactEncrypt(new TextEncoder().encode(JSON.stringify(key)))
    .setProtectedHeader({ alg: 'PBES2-HS512+A256KW', enc: 'A256GCM', cty: CONTENT_TYPE })
    .setKeyManagementParameters({ p2c: options.iterations ?? ITERATIONS })
    .encrypt(new TextEncoder().encode(passphrase.normalize('NFC')));
  await writeFileDurably(path, `${jwe}\n`, { mode: 0o600, exclusive: options.replace !== true });
}

/**
 * Opens a key file written by {@link writeKeyFile}.
 *
 * @throws SallyportError ERR_KEY_FILE_PERMISSIONS when others may read it: treat that key as exposed.
 * @throws SallyportError ERR_KEY_FILE_PASSPHRASE when it does not open.
 * @throws SallyportError ERR_KEY_FILE_INVALID when it opens but holds no JWK.
 */
export async function readKeyFile(path: string, passphrase: string): Promise<JWK> {
  const jwe = readSecretFile(path).toString('utf8').trim();
  if (jwe.split('.').length !== 5) {
    throw new SallyportError('ERR_KEY_FILE_INVALID', { detail: { file: basename(path) } });
  }
  return parseJwk(await openJwe(jwe, passphrase, path), path);
}

async function openJwe(jwe: string, passphrase: string, path: string): Promise<Uint8Array> {
  try {
    const { plaintext } = await compactDecrypt(
      jwe,
      new TextEncoder().encode(passphrase.normalize('NFC')),
      {
        keyManagementAlgorithms: ['PBES2-HS512+A256KW'],
        contentEncryptionAlgorithms: ['A256GCM'],
        maxPBES2Count: MOST_ITERATIONS,
      },
    );
    return plaintext;
  } catch (cause) {
    throw new SallyportError('ERR_KEY_FILE_PASSPHRASE', {
      detail: { file: basename(path) },
      cause,
    });
  }
}

function parseJwk(bytes: Uint8Array, path: string): JWK {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new SallyportError('ERR_KEY_FILE_INVALID', { detail: { file: basename(path) }, cause });
  }
  if (!isJwk(value))
    throw new SallyportError('ERR_KEY_FILE_INVALID', { detail: { file: basename(path) } });
  return value;
}

function isJwk(value: unknown): value is JWK {
  return (
    typeof value === 'object' && value !== null && 'kty' in value && typeof value.kty === 'string'
  );
}
