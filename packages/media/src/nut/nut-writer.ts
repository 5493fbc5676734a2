import {
  FILE_ID,
  FLAG_CHECKSUM,
  FLAG_CODED_PTS,
  FLAG_KEY,
  FLAG_SIZE_MSB,
  MAIN_STARTCODE,
  nutCrc,
  STREAM_STARTCODE,
  SYNCPOINT_STARTCODE,
  type TimeBase,
} from './nut-format.ts';

/** What the encoder must know of the pictures that follow. Pixels are planar 8-bit 4:2:0 (I420). */
export interface NutPicture {
  readonly width: number;
  readonly height: number;
  readonly timeBase: TimeBase;
  readonly sampleAspect: { readonly numerator: number; readonly denominator: number };
}

/** The bytes before the first frame. */
export function nutHeader(picture: NutPicture): Buffer {
  const main = [
    ...number(3),
    ...number(1),
    ...number(65_536),
    ...number(1),
    ...number(picture.timeBase.numerator),
    ...number(picture.timeBase.denominator),
    // One row for all frame codes (255: the letter N is always left out): key frame, time and size coded.
    ...number(FLAG_KEY | FLAG_CODED_PTS | FLAG_SIZE_MSB | FLAG_CHECKSUM),
    ...number(6),
    ...number(0),
    ...number(1),
    ...number(0),
    ...number(0),
    ...number(0),
    ...number(255),
    ...number(0),
  ];
  const stream = [
    ...number(0),
    ...number(0),
    ...number(4),
    ...Buffer.from('I420', 'latin1'),
    ...number(0),
    ...number(1),
    ...number(0),
    ...number(0),
    ...number(0),
    ...number(0),
    ...number(picture.width),
    ...number(picture.height),
    ...number(picture.sampleAspect.numerator),
    ...number(picture.sampleAspect.denominator),
    ...number(0),
  ];
  return Buffer.concat([
    Buffer.from(FILE_ID, 'latin1'),
    packet(MAIN_STARTCODE, main),
    packet(STREAM_STARTCODE, stream),
  ]);
}

/** The bytes before one frame's pixels: a syncpoint at its time, then the frame header. */
export function nutFrameHeader(pts: number, sizeBytes: number): Buffer {
  // msb_pts_shift is 1: coded times of 2 and above are absolute times plus 2.
  const frame = [0, ...number(pts + 2), ...number(sizeBytes)];
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(nutCrc(Uint8Array.from(frame)));
  return Buffer.concat([
    packet(SYNCPOINT_STARTCODE, [...number(pts), ...number(0)]),
    Buffer.from(frame),
    crc,
  ]);
}

function packet(startcode: bigint, payload: readonly number[]): Buffer {
  const head = Buffer.alloc(8);
  head.writeBigUInt64BE(startcode);
  const body = Buffer.from(payload);
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(nutCrc(body));
  return Buffer.concat([head, Buffer.from(number(body.length + 4)), body, crc]);
}

/** Base 128, most significant group first, high bit on all but the last byte. */
function number(value: number): number[] {
  const bytes = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128))
    bytes.unshift(128 + (rest % 128));
  return bytes;
}
