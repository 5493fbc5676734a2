import { SallyportError } from '@sallyport/contracts';

type Bytes = Uint8Array<ArrayBuffer>;

/** A content key bound to its cipher. Sealed bytes are ciphertext ‖ 16-byte tag. */
export interface SegmentCipher {
  seal(nonce: Bytes, associated: Bytes, plain: Bytes): Promise<Bytes>;
  /** Rejects when the tag does not match; never returns unauthenticated bytes. */
  open(nonce: Bytes, associated: Bytes, sealed: Bytes): Promise<Bytes>;
}

/** A cipher suite, as the signed header names it by number. Never negotiated. */
export interface CipherSuite {
  readonly id: number;
  readonly name: string;
  /** `key` is 32 bytes; the caller wipes them afterwards. */
  cipherFor(key: Bytes): Promise<SegmentCipher>;
}

/** Suite 1: AES-256-GCM by WebCrypto, under a non-extractable key. */
export const AES_256_GCM: CipherSuite = {
  id: 1,
  name: 'AES-256-GCM',
  async cipherFor(key) {
    const imported = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, [
      'encrypt',
      'decrypt',
    ]);
    const algorithm = (iv: Bytes, additionalData: Bytes) => ({
      name: 'AES-GCM',
      iv,
      additionalData,
      tagLength: 128,
    });
    return {
      seal: async (nonce, associated, plain) =>
        new Uint8Array(await crypto.subtle.encrypt(algorithm(nonce, associated), imported, plain)),
      open: async (nonce, associated, sealed) =>
        new Uint8Array(await crypto.subtle.decrypt(algorithm(nonce, associated), imported, sealed)),
    };
  },
};

/**
 * Finds the suite a header names among those this environment has.
 *
 * @throws SallyportError ERR_SEAL_SUITE_UNAVAILABLE (a browser has no ARIA: use the station command)
 */
export function suiteOf(id: number, available: readonly CipherSuite[]): CipherSuite {
  const suite = available.find((candidate) => candidate.id === id);
  if (suite === undefined)
    throw new SallyportError('ERR_SEAL_SUITE_UNAVAILABLE', { detail: { suite: id } });
  return suite;
}
