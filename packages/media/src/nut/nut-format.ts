/**
 * The part of the NUT container (version 3) that raw video needs. All numbers are big-endian base 128.
 *
 *   "nut/multimedia container\0"
 *   packet  = startcode u64 | forward_ptr v | [crc u32 if forward_ptr > 4096] | payload | crc u32
 *             main: time bases, table of 256 frame codes      stream: codec, time base, picture size
 *             syncpoint: absolute time, resets the clock      info, index: skipped
 *   frame   = frame_code u8 | flags, pts, size as the table says | [crc u32] | pixels
 */
export const FILE_ID = 'nut/multimedia container\0';
export const MAIN_STARTCODE = 0x4e4d7a561f5f04adn;
export const STREAM_STARTCODE = 0x4e5311405bf2f9dbn;
export const SYNCPOINT_STARTCODE = 0x4e4be4adeeca4569n;

export const FLAG_KEY = 1;
export const FLAG_CODED_PTS = 8;
export const FLAG_STREAM_ID = 16;
export const FLAG_SIZE_MSB = 32;
export const FLAG_CHECKSUM = 64;
export const FLAG_RESERVED = 128;
export const FLAG_HEADER_INDEX = 1024;
export const FLAG_MATCH_TIME = 2048;
export const FLAG_CODED = 4096;
export const FLAG_INVALID = 8192;

/** Seconds per tick of a presentation time, as a fraction. */
export interface TimeBase {
  readonly numerator: number;
  readonly denominator: number;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit++)
    value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value >>> 0;
});

/** CRC-32 of NUT: polynomial 0x04C11DB7, not reflected, starting from zero. */
export function nutCrc(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = ((crc << 8) ^ (TABLE[((crc >>> 24) ^ byte) & 255] ?? 0)) >>> 0;
  return crc;
}
