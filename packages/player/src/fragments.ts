// The little of ISO BMFF that seeking needs. A fragment starts with
//
//   u32 size │ "moof" │ u32 16 │ "mfhd" │ … traf … │ u32 size │ "tfdt" │ u8 version │ u24 flags │ u32 or u64 time
//
// and the track's ticks per second stand in moov/trak/mdia/mdhd.

/** A fragment's start in the bytes given and its decode time, in ticks. */
export interface Fragment {
  readonly offset: number;
  readonly ticks: number;
}

const MOOF = ascii('moof\0\0\0\x10mfhd');
const TFDT = ascii('tfdt');
const MDHD = ascii('mdhd');
/** Within a moof of one track the tfdt stands near the front. */
const TFDT_REACH = 256;

/** Fragments that start in these bytes and whose time is in them too. */
export function findFragments(bytes: Uint8Array): readonly Fragment[] {
  const found: Fragment[] = [];
  for (let at = indexOf(bytes, MOOF, 0); at >= 4; at = indexOf(bytes, MOOF, at + MOOF.length)) {
    const tfdt = indexOf(bytes.subarray(0, at + TFDT_REACH), TFDT, at);
    const ticks = tfdt < 0 ? null : timeAt(bytes, tfdt + TFDT.length);
    if (ticks !== null) found.push({ offset: at - 4, ticks });
  }
  return found;
}

/** Ticks per second from an initialisation segment, or null when these bytes do not hold it. */
export function readTimescale(bytes: Uint8Array): number | null {
  const mdhd = indexOf(bytes, MDHD, 0);
  if (mdhd < 0) return null;
  const view = viewOf(bytes);
  const body = mdhd + MDHD.length;
  const at = bytes[body] === 1 ? body + 20 : body + 12;
  return at + 4 <= bytes.length ? view.getUint32(at) : null;
}

function timeAt(bytes: Uint8Array, body: number): number | null {
  const view = viewOf(bytes);
  const wide = bytes[body] === 1;
  if (body + (wide ? 12 : 8) > bytes.length) return null;
  return wide ? Number(view.getBigUint64(body + 4)) : view.getUint32(body + 4);
}

function indexOf(bytes: Uint8Array, pattern: Uint8Array, from: number): number {
  const [first = 0] = pattern;
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (pattern.every((byte, i) => bytes[at + i] === byte)) return at;
  }
  return -1;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
