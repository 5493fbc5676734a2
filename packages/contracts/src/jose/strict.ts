import { fromBase64url } from '../bytes.ts';
import { canonicalize } from '../canonical.ts';
import { SallyportError } from '../errors/index.ts';

/** The decoded parts of one compact JWS or JWE; the payload is still unverified. */
export interface CompactParts {
  readonly header: Readonly<Record<string, unknown>>;
  readonly segments: readonly Uint8Array<ArrayBuffer>[];
}

/**
 * The strict front of every JOSE operation. JOSE libraries accept several spellings of one token;
 * this accepts one: base64url that re-encodes identically, a protected header whose bytes equal
 * `spelling` of their own parse (so no duplicate members), exactly the expected members, a bounded
 * size. `spelling` is canonical JSON unless the caller says otherwise.
 *
 * @throws SallyportError ERR_RECORD_TOO_LARGE, ERR_RECORD_ENCODING, ERR_RECORD_NOT_CANONICAL,
 * ERR_RECORD_HEADER
 */
export function splitCompact(
  compact: string,
  rules: {
    parts: 3 | 5;
    members: readonly string[];
    maxBytes: number;
    spelling?: (header: unknown) => string;
  },
): CompactParts {
  if (compact.length > rules.maxBytes) {
    throw new SallyportError('ERR_RECORD_TOO_LARGE', { detail: { limitBytes: rules.maxBytes } });
  }
  const pieces = compact.split('.');
  if (pieces.length !== rules.parts)
    throw new SallyportError('ERR_RECORD_ENCODING', { detail: { form: 'compact' } });
  const segments = pieces.map(fromBase64url);
  const header = parseHeader(segments[0] ?? new Uint8Array(), rules.spelling ?? canonicalize);
  if (!isPlainObject(header))
    throw new SallyportError('ERR_RECORD_HEADER', { detail: { member: '/' } });
  const unexpected = Object.keys(header).find((member) => !rules.members.includes(member));
  const missing = rules.members.find((member) => !Object.hasOwn(header, member));
  // An unknown `crit` is refused like any other unexpected member.
  if (unexpected !== undefined || missing !== undefined) {
    throw new SallyportError('ERR_RECORD_HEADER', {
      detail: { member: unexpected ?? missing ?? '' },
    });
  }
  return { header, segments };
}

/** @throws SallyportError ERR_RECORD_HEADER when a header member has another value */
export function requireMember(
  header: CompactParts['header'],
  member: string,
  expected: string,
): void {
  if (header[member] !== expected)
    throw new SallyportError('ERR_RECORD_HEADER', { detail: { member } });
}

function parseHeader(bytes: Uint8Array, spelling: (header: unknown) => string): unknown {
  const text = new TextDecoder().decode(bytes);
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch (cause) {
    throw new SallyportError('ERR_RECORD_NOT_CANONICAL', { cause });
  }
  if (spelling(header) !== text) throw new SallyportError('ERR_RECORD_NOT_CANONICAL');
  return header;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
