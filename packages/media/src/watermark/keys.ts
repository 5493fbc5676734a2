import { createCipheriv, createHmac } from 'node:crypto';
import { SallyportError } from '@sallyport/contracts';

/** Bytes of a master key and of every key derived from it. */
export const MARK_KEY_BYTES = 32;

/**
 * The key all exports of one tenant carry their mark under for one key epoch. Whoever holds it can read and
 * forge marks of that tenant and epoch, and of no other.
 *
 * @throws SallyportError `ERR_WATERMARK_KEY`
 */
export function deriveMarkKey(master: Uint8Array, tenant: string, keyEpoch: number): Uint8Array {
  if (master.length !== MARK_KEY_BYTES || !Number.isSafeInteger(keyEpoch) || keyEpoch < 0)
    throw new SallyportError('ERR_WATERMARK_KEY', { detail: { keyBytes: master.length } });
  return createHmac('sha256', master)
    .update(`sallyport.watermark.v1\0${keyEpoch}\0${tenant}`)
    .digest();
}

/** An endless keyed stream of bytes; every label has its own. */
export class KeyStream {
  readonly #cipher;

  constructor(key: Uint8Array, label: string) {
    this.#cipher = createCipheriv('aes-256-ctr', streamKey(key, label), new Uint8Array(16));
  }

  bytes(count: number): Uint8Array {
    return this.#cipher.update(new Uint8Array(count));
  }

  words(count: number): Uint32Array {
    const bytes = this.bytes(4 * count);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return Uint32Array.from({ length: count }, (_, at) => view.getUint32(4 * at));
  }

  /** The numbers 0…count−1 in a keyed order. */
  permutation(count: number): Uint32Array {
    const order = Uint32Array.from({ length: count }, (_, at) => at);
    const words = this.words(count);
    for (let at = count - 1; at > 0; at--) {
      const other = (words[at] ?? 0) % (at + 1);
      const kept = order[at] ?? 0;
      order[at] = order[other] ?? 0;
      order[other] = kept;
    }
    return order;
  }

  signs(count: number): Int8Array {
    return Int8Array.from(this.bytes(count), (byte) => (byte & 1) * 2 - 1);
  }
}

export function streamKey(key: Uint8Array, label: string): Uint8Array {
  return createHmac('sha256', key).update(label).digest();
}
