import { randomBytes } from 'node:crypto';

/** 128 random bits, lowercase hex. */
export function newId(): string {
  return randomBytes(16).toString('hex');
}
