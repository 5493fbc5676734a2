import { randomInt } from 'node:crypto';
import { blindIndex } from '@sallyport/runtime';
import type { FieldKeys } from '../keys/gateway-keys.ts';

/** The look-up value of a login name. */
export function loginLookup(fields: FieldKeys, login: string): string {
  return blindIndex(fields.lookupKey, 'account.login', login.toLowerCase());
}

/** A wished name with six random digits: nobody learns from it which names exist. */
export function numberedLogin(wished: string): string {
  return `${wished}-${randomInt(100_000, 1_000_000)}`;
}

/** Reads a stored login name. */
export function openLogin(
  fields: FieldKeys,
  account: { readonly id: string; readonly loginEncrypted: Uint8Array },
): string {
  return fields.cipher.decrypt(account.loginEncrypted, loginPlace(account.id));
}

/** Where an account's login name lives. */
export const loginPlace = (rowId: string) => ({ table: 'account', column: 'login', rowId });
/** Where an account's TOTP secret lives. */
export const totpPlace = (rowId: string) => ({ table: 'account', column: 'totp', rowId });
/** Where the name of a gateway-side account's holder lives. */
export const namePlace = (rowId: string) => ({ table: 'account', column: 'name', rowId });
