import { toHex } from '@sallyport/contracts';

/** 128 random bits as the ids of the records want them. */
export function randomId(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(16)));
}
