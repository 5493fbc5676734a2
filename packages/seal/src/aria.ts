import { createCipheriv, createDecipheriv } from 'node:crypto';
import { concatBytes } from '@sallyport/contracts';
import { TAG_BYTES } from './format.ts';
import type { CipherSuite } from './suite.ts';

// OpenSSL's ARIA behaves as its AES in GCM; the types know the AES names only.
const NAME = 'aria-256-gcm' as 'aes-256-gcm';

/** Suite 2: ARIA-256-GCM (RFC 5794, RFC 6209) by OpenSSL; Node only, so it is never in the browser bundle. */
export const ARIA_256_GCM: CipherSuite = {
  id: 2,
  name: 'ARIA-256-GCM',
  async cipherFor(key) {
    const secret = new Uint8Array(key); // the caller wipes its own copy
    return {
      async seal(nonce, associated, plain) {
        const cipher = createCipheriv(NAME, secret, nonce, { authTagLength: TAG_BYTES });
        cipher.setAAD(associated);
        return concatBytes(cipher.update(plain), cipher.final(), cipher.getAuthTag());
      },
      async open(nonce, associated, sealed) {
        const decipher = createDecipheriv(NAME, secret, nonce, { authTagLength: TAG_BYTES });
        decipher.setAAD(associated);
        decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
        // final() throws on a wrong tag, before anything is returned.
        return concatBytes(
          decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES)),
          decipher.final(),
        );
      },
    };
  },
};
