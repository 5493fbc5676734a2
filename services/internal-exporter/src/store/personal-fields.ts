import { createHmac } from 'node:crypto';
import { blindIndex, type FieldCipher, type FieldPlace } from '@sallyport/runtime';

/** What keeps persons out of the database's files: encryption, keyed look-ups, pseudonyms. */
export interface PersonalFields {
  readonly encrypt: (value: string, place: FieldPlace) => Uint8Array<ArrayBuffer>;
  readonly decrypt: (bytes: Uint8Array, place: FieldPlace) => string;
  /** Keyed digest for equality; equal values of two purposes differ. */
  readonly lookup: (purpose: 'login' | 'staff-number' | 'document-number', value: string) => string;
  /** The person behind a staff number: two accounts of one number share it. */
  readonly personIdOf: (staffNumber: string) => string;
}

/** @param keys 32 bytes each: for look-ups and for pseudonyms */
export function createPersonalFields(
  cipher: FieldCipher,
  keys: { readonly lookup: Uint8Array; readonly person: Uint8Array },
): PersonalFields {
  const normal = (value: string) => value.trim().toUpperCase();
  return {
    encrypt: (value, place) => cipher.encrypt(value, place),
    decrypt: (bytes, place) => cipher.decrypt(bytes, place),
    lookup: (purpose, value) => blindIndex(keys.lookup, purpose, normal(value)),
    personIdOf: (staffNumber) =>
      createHmac('sha256', keys.person)
        .update(`person\0${normal(staffNumber)}`, 'utf8')
        .digest('hex')
        .slice(0, 32),
  };
}
