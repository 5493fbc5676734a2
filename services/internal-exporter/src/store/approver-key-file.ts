import { parse, PublicJwk } from '@sallyport/contracts';
import { readKeyFile, writeKeyFile } from '@sallyport/runtime';
import type { KeyPairFile } from './key-files.ts';

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const;

/**
 * Makes an approver's ES256 key in a file of their own, under a passphrase only they know.
 *
 * @throws SallyportError ERR_FILE_EXISTS: a key is never written over
 */
export async function makeApproverKeyFile(path: string, passphrase: string): Promise<KeyPairFile> {
  const { privateKey } = await crypto.subtle.generateKey(CURVE, true, ['sign', 'verify']);
  const {
    crv = '',
    kty = '',
    x = '',
    y = '',
    d = '',
  } = await crypto.subtle.exportKey('jwk', privateKey);
  await writeKeyFile(path, { crv, kty, x, y, d }, passphrase);
  return openApproverKeyFile(path, passphrase);
}

/** @throws SallyportError ERR_KEY_FILE_* */
export async function openApproverKeyFile(path: string, passphrase: string): Promise<KeyPairFile> {
  const { crv, kty, x, y, d = '' } = await readKeyFile(path, passphrase);
  const publicJwk = parse(PublicJwk, { crv, kty, x, y }, 'ERR_KEY_FILE_INVALID');
  const privateKey = await crypto.subtle.importKey('jwk', { ...publicJwk, d }, CURVE, false, [
    'sign',
  ]);
  return { privateKey, publicJwk };
}
