import Type, { type Static } from 'typebox';

/** Reusable scalar schemas. Every string is bounded; every format is a pattern, checked without eval. */

/** 128 random bits, lowercase hex. */
export const Id128 = Type.String({ pattern: '^[0-9a-f]{32}$' });
/** SHA-256, lowercase hex. */
export const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });
/** UTC, milliseconds: 2026-11-21T10:00:00.000Z. */
export const UtcTime = Type.String({
  pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$',
});
/** A count or version that JSON numbers carry exactly. */
export const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
/** base64url without padding, up to 96 KiB of text. */
export const Base64url = Type.String({ pattern: '^[A-Za-z0-9_-]+$', maxLength: 98_304 });
/** Compact JWS or JWE text. */
export const Compact = Type.String({
  pattern: '^[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]*){2,4}$',
  maxLength: 98_304,
});
/** One line of text a person typed: no control or bidirectional-override characters. */
export const Line = (maxLength: number) =>
  Type.String({
    minLength: 1,
    maxLength,
    pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]+$',
  });
/** Several lines of text: line feeds allowed. */
export const Text = (maxLength: number) =>
  Type.String({
    maxLength,
    pattern:
      '^[^\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]*$',
  });
/** Public half of a P-256 key (RFC 7517/7518), nothing else in it. */
export const PublicJwk = Type.Object(
  {
    crv: Type.Literal('P-256'),
    kty: Type.Literal('EC'),
    x: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
    y: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
  },
  { additionalProperties: false },
);
export type PublicJwk = Static<typeof PublicJwk>;
/** DER certificate in standard base64. */
export const CertificateText = Type.String({ pattern: '^[A-Za-z0-9+/]+={0,2}$', maxLength: 8192 });
/** Serial number of a certificate, lowercase hex. */
export const Serial = Type.String({ pattern: '^[0-9a-f]{2,40}$' });
/** A geographic point, degrees (WGS 84). */
export const Coordinates = Type.Object(
  {
    latitude: Type.Number({ minimum: -90, maximum: 90 }),
    longitude: Type.Number({ minimum: -180, maximum: 180 }),
  },
  { additionalProperties: false },
);
