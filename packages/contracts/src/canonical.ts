import { SallyportError } from './errors/index.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * JSON with one spelling per value (RFC 8785): members sorted by UTF-16 code units, no spaces.
 * Every signed byte of the product comes from here.
 *
 * @throws SallyportError ERR_CANONICAL_VALUE on undefined, NaN, infinities, lone surrogates,
 * unsafe integers, and objects that are not plain
 */
export function canonicalize(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return canonicalString(value);
  if (typeof value === 'number') return canonicalNumber(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalize(item)).join(',')}]`;
  if (typeof value === 'object') return canonicalObject(value);
  throw new SallyportError('ERR_CANONICAL_VALUE', { detail: { type: typeof value } });
}

/** UTF-8 bytes of {@link canonicalize}. */
export function canonicalBytes(value: unknown): Uint8Array<ArrayBuffer> {
  return encoder.encode(canonicalize(value));
}

/**
 * Parses bytes that must already be canonical: duplicate members, spaces, other number spellings
 * and invalid UTF-8 all fail the byte comparison.
 *
 * @throws SallyportError ERR_RECORD_NOT_CANONICAL
 */
export function parseCanonical(bytes: Uint8Array): unknown {
  let value: unknown;
  let text: string;
  try {
    text = decoder.decode(bytes);
    value = JSON.parse(text);
  } catch (cause) {
    throw new SallyportError('ERR_RECORD_NOT_CANONICAL', { cause });
  }
  if (canonicalize(value) !== text) throw new SallyportError('ERR_RECORD_NOT_CANONICAL');
  return value;
}

function canonicalString(value: string): string {
  if (!value.isWellFormed())
    throw new SallyportError('ERR_CANONICAL_VALUE', { detail: { type: 'lone surrogate' } });
  return JSON.stringify(value);
}

function canonicalNumber(value: number): string {
  const unsafeInteger = Number.isInteger(value) && !Number.isSafeInteger(value);
  if (!Number.isFinite(value) || unsafeInteger) {
    throw new SallyportError('ERR_CANONICAL_VALUE', { detail: { type: 'number' } });
  }
  return JSON.stringify(value);
}

function canonicalObject(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new SallyportError('ERR_CANONICAL_VALUE', { detail: { type: 'object' } });
  }
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${members.map(([name, item]) => `${canonicalString(name)}:${canonicalize(item)}`).join(',')}}`;
}
