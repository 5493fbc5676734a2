import { createHmac } from 'node:crypto';
import {
  Base64url,
  Sha256,
  UtcTime,
  canonicalBytes,
  fromBase64url,
  parse,
  strictObject,
  type LedgerEntry,
} from '@sallyport/contracts';
import Type, { type Static } from 'typebox';

/** Bytes of the salt that makes a digest of a short value unguessable. Destroying it erases the name. */
export const SALT_BYTES = 32;

/**
 * One row of the erasable table as it is exported for an offline check, one JSON object per line: the
 * value with its salt, or the mark that remains when both were erased under retention.
 */
export const NameRow = Type.Union([
  strictObject({ digest: Sha256, salt: Base64url, value: Type.String({ maxLength: 1024 }) }),
  strictObject({ digest: Sha256, erasedAt: UtcTime }),
]);
export type NameRow = Static<typeof NameRow>;

/** The digest that stands in a ledger entry for a value that names a person: HMAC-SHA-256 keyed by the salt. */
export function saltedDigest(value: string, salt: Uint8Array): string {
  return createHmac('sha256', salt).update(canonicalBytes(value)).digest('hex');
}

/** Answers whether a row that still has its value belongs to its digest; an erased row has nothing to compare. */
export function isNameSound(row: NameRow): boolean {
  return 'erasedAt' in row || saltedDigest(row.value, fromBase64url(row.salt)) === row.digest;
}

/** @throws SallyportError ERR_RECORD_INVALID */
export function parseNameRow(value: unknown): NameRow {
  return parse(NameRow, value);
}

/** The digests in an entry that stand for personal values. */
export function nameDigests(entry: LedgerEntry): string[] {
  const digests = entry.actor.kind === 'command' ? [entry.actor.digest] : [];
  return entry.event.kind === 'trust.imported' ? [...digests, entry.event.witnessDigest] : digests;
}
