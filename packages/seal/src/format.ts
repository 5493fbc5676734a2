import { concatBytes, SallyportError } from '@sallyport/contracts';

// A sealed package, version 1. All integers are big-endian.
//
//   0        8     9          13              13+H
//   ┌────────┬─────┬──────────┬───────────────┬─────────────┬────────────┐
//   │SALLYPKG│ u8  │ u32      │ H bytes       │ segments    │ leaf table │ end of file
//   │ magic  │ 1   │ H ≤ 64Ki │ header JWS    │ 0 1 2 … n−1 │ 32 × n     │
//   └────────┴─────┴──────────┴───────────────┴─────────────┴────────────┘
//
//   segment i   = ciphertext (≤ segmentSizeBytes) ‖ tag (16)
//                 full, but for the last of each entry; i runs through the whole package
//   nonce i     = nonceBase XOR (u32 0 ‖ u64 i)
//   aad i       = package id (16) ‖ u32 entry ‖ u64 i ‖ u8 1 if last of its entry, else 0
//   leaf i      = SHA-256(0x00 ‖ u64 i ‖ segment i)
//   node        = SHA-256(0x01 ‖ left ‖ right), tree shape of RFC 6962
//   key ‖ commitment (32 + 32)
//               = HKDF-SHA-256(recipientShare ‖ licenceShare, salt = package id,
//                              info = u8 suite ‖ SHA-256(canonical header core))

export const PACKAGE_VERSION = 1;
export const DEFAULT_SEGMENT_SIZE_BYTES = 262_144;
export const MAX_HEADER_BYTES = 65_536;
/** 1 TiB at the default segment size; keeps a leaf table at 128 MiB or less. */
export const MAX_SEGMENTS = 4_194_304;
export const PREFIX_BYTES = 13;
export const TAG_BYTES = 16;
export const LEAF_BYTES = 32;

const MAGIC = new TextEncoder().encode('SALLYPKG');

/** Magic, version and header length: the 13 bytes before the header. */
export function encodePrefix(headerBytes: number): Uint8Array<ArrayBuffer> {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, headerBytes);
  return concatBytes(MAGIC, Uint8Array.of(PACKAGE_VERSION), length);
}

/**
 * Reads the length of the header from the first 13 bytes of a package.
 *
 * @throws SallyportError ERR_SEAL_TRUNCATED, ERR_SEAL_MAGIC, ERR_SEAL_VERSION, ERR_SEAL_HEADER_LENGTH
 */
export function parsePrefix(prefix: Uint8Array): number {
  const version = prefix[MAGIC.length];
  if (MAGIC.some((byte, i) => i < prefix.length && prefix[i] !== byte))
    throw new SallyportError('ERR_SEAL_MAGIC');
  if (prefix.length < PREFIX_BYTES)
    throw new SallyportError('ERR_SEAL_TRUNCATED', { detail: { part: 'prefix' } });
  if (version !== PACKAGE_VERSION) {
    throw new SallyportError('ERR_SEAL_VERSION', {
      detail: { version: version ?? 0, known: PACKAGE_VERSION },
    });
  }
  const view = new DataView(prefix.buffer, prefix.byteOffset, prefix.byteLength);
  const headerBytes = view.getUint32(MAGIC.length + 1);
  if (headerBytes === 0 || headerBytes > MAX_HEADER_BYTES) {
    throw new SallyportError('ERR_SEAL_HEADER_LENGTH', { detail: { headerBytes } });
  }
  return headerBytes;
}

/** u64 big-endian. */
export function encodeU64(value: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}
