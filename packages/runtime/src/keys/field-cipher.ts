import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { SallyportError } from '@sallyport/contracts';

/*
 * An encrypted field:
 *
 *   version 1 (u8) | key id length (u8) | key id (utf-8) | nonce (12) | ciphertext | tag (16)
 *
 * AES-256-GCM; associated data = head bytes before the nonce, then "table.column.rowId".
 */
const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

export interface FieldKey {
  readonly keyId: string;
  /** 32 bytes. */
  readonly key: Uint8Array;
}

/** Where a value lives: a ciphertext moved to another row, column or table does not open. */
export interface FieldPlace {
  readonly table: string;
  readonly column: string;
  readonly rowId: string;
}

/** Encrypts personal fields before they reach the database, so that dumps and backups hold none. */
export class FieldCipher {
  readonly #current: FieldKey;
  readonly #keys: ReadonlyMap<string, Uint8Array>;

  /**
   * @param current encrypts and decrypts
   * @param older only decrypt, after a change of keys
   * @throws SallyportError ERR_KEY_FILE_INVALID for a key that is not 32 bytes.
   */
  constructor(current: FieldKey, older: readonly FieldKey[] = []) {
    for (const { key, keyId } of [current, ...older]) {
      if (key.length === KEY_BYTES && keyId.length > 0 && Buffer.byteLength(keyId) < 256) continue;
      throw new SallyportError('ERR_KEY_FILE_INVALID', { detail: { keyId } });
    }
    this.#current = current;
    this.#keys = new Map([...older, current].map(({ keyId, key }) => [keyId, key]));
  }

  encrypt(value: string, place: FieldPlace): Uint8Array<ArrayBuffer> {
    const keyId = Buffer.from(this.#current.keyId, 'utf8');
    const head = Buffer.concat([Buffer.from([VERSION, keyId.length]), keyId]);
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#current.key, nonce).setAAD(
      associated(head, place),
    );
    const body = [cipher.update(value, 'utf8'), cipher.final()];
    return Uint8Array.from(Buffer.concat([head, nonce, ...body, cipher.getAuthTag()]));
  }

  /**
   * @throws SallyportError ERR_FIELD_KEY_UNKNOWN when the key of that id was not given.
   * @throws SallyportError ERR_FIELD_TAMPERED when the bytes were altered or belong elsewhere.
   */
  decrypt(bytes: Uint8Array, place: FieldPlace): string {
    const detail = { table: place.table, column: place.column };
    const keyIdBytes = bytes[1] ?? 0;
    const nonceAt = 2 + keyIdBytes;
    if (
      bytes[0] !== VERSION ||
      keyIdBytes === 0 ||
      bytes.length < nonceAt + NONCE_BYTES + TAG_BYTES
    ) {
      throw new SallyportError('ERR_FIELD_TAMPERED', { detail });
    }
    const key = this.#keys.get(Buffer.from(bytes.subarray(2, nonceAt)).toString('utf8'));
    if (key === undefined) throw new SallyportError('ERR_FIELD_KEY_UNKNOWN', { detail });
    const nonce = bytes.subarray(nonceAt, nonceAt + NONCE_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
      .setAAD(associated(bytes.subarray(0, nonceAt), place))
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    try {
      const plain = [
        decipher.update(bytes.subarray(nonceAt + NONCE_BYTES, -TAG_BYTES)),
        decipher.final(),
      ];
      return Buffer.concat(plain).toString('utf8');
    } catch (cause) {
      throw new SallyportError('ERR_FIELD_TAMPERED', { detail, cause });
    }
  }
}

/**
 * A keyed digest for looking up an encrypted column by equality, hex. `purpose` separates columns,
 * so that equal values in two columns do not show as equal.
 */
export function blindIndex(key: Uint8Array, purpose: string, value: string): string {
  return createHmac('sha256', key)
    .update(`${purpose}\0${value.normalize('NFC')}`, 'utf8')
    .digest('hex');
}

function associated(head: Uint8Array, { table, column, rowId }: FieldPlace): Uint8Array {
  return Buffer.concat([head, Buffer.from(`${table}.${column}.${rowId}`, 'utf8')]);
}
