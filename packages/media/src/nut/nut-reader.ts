import {
  FILE_ID,
  FLAG_CHECKSUM,
  FLAG_CODED,
  FLAG_CODED_PTS,
  FLAG_HEADER_INDEX,
  FLAG_INVALID,
  FLAG_MATCH_TIME,
  FLAG_RESERVED,
  FLAG_SIZE_MSB,
  FLAG_STREAM_ID,
  MAIN_STARTCODE,
  STREAM_STARTCODE,
  SYNCPOINT_STARTCODE,
  type TimeBase,
} from './nut-format.ts';
import { ByteCursor, NeedMoreBytes } from './byte-cursor.ts';

/** A raw frame as it lies in the stream: its time and how many bytes of pixels follow. */
interface NutFrame {
  readonly pts: number;
  readonly sizeBytes: number;
}

/** The stream breaks the layout drawn in nut-format.ts. */
export class NutFault extends Error {
  override readonly name = 'NutFault';
}

interface FrameCode {
  readonly flags: number;
  readonly ptsDelta: number;
  readonly sizeMultiplier: number;
  readonly sizeLow: number;
  readonly reserved: number;
}

/**
 * Reads raw video in NUT, one frame at a time, in the order written.
 *
 * @example
 * const reader = new NutReader(stdout);
 * for (let frame = await reader.next(); frame !== null; frame = await reader.next())
 *   await reader.pixels(target, frame.sizeBytes);
 */
export class NutReader {
  readonly #bytes: ByteCursor;
  #timeBases: TimeBase[] = [];
  #codes: FrameCode[] = [];
  #stream: { timeBase: TimeBase; ptsShift: number } | null = null;
  #lastPts = 0;
  #started = false;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#bytes = new ByteCursor(source);
  }

  /** Known after the first frame was announced. */
  get timeBase(): TimeBase {
    if (this.#stream === null) throw new NutFault('no stream header');
    return this.#stream.timeBase;
  }

  /**
   * The next frame's header, or null at the end of the stream. Its pixels must be taken before the next call.
   *
   * @throws NutFault when the stream is not NUT as expected or ends inside a header
   */
  async next(): Promise<NutFrame | null> {
    for (;;) {
      try {
        if (!this.#started) this.#readFileId();
        const frame = this.#step();
        this.#bytes.commit();
        if (frame !== null) return frame;
      } catch (fault) {
        if (!(fault instanceof NeedMoreBytes)) throw fault;
        this.#bytes.rewind();
        const atBoundary = this.#bytes.remaining === 0;
        if (await this.#bytes.more()) continue;
        if (atBoundary && this.#started) return null;
        throw new NutFault('stream ends inside a header');
      }
    }
  }

  /**
   * Copies the announced pixels into `target`.
   *
   * @returns false when the stream ended before all of them
   */
  pixels(target: Uint8Array, sizeBytes: number): Promise<boolean> {
    return this.#bytes.copyInto(target, sizeBytes);
  }

  #readFileId(): void {
    const id = this.#bytes.take(FILE_ID.length);
    if (Buffer.from(id).toString('latin1') !== FILE_ID) throw new NutFault('not a NUT stream');
    this.#bytes.commit();
    this.#started = true;
  }

  /** One packet or one frame header; null when it was a packet. */
  #step(): NutFrame | null {
    if (this.#bytes.peek() === 0x4e) {
      this.#readPacket();
      return null;
    }
    return this.#readFrameHeader();
  }

  #readPacket(): void {
    const startcode = this.#bytes.bigUint64();
    const length = this.#bytes.number();
    if (length > 4096) this.#bytes.take(4);
    if (length > 1 << 20) throw new NutFault('packet too large');
    const payload = new ByteCursor(null, this.#bytes.take(length));
    if (startcode === MAIN_STARTCODE) this.#readMain(payload);
    else if (startcode === STREAM_STARTCODE) this.#readStream(payload);
    else if (startcode === SYNCPOINT_STARTCODE) this.#readSyncpoint(payload);
  }

  #readMain(bytes: ByteCursor): void {
    const version = bytes.number();
    if (version > 3) bytes.number();
    if (bytes.number() !== 1) throw new NutFault('more than one stream');
    bytes.number();
    const count = bytes.number();
    if (count > 16) throw new NutFault('too many time bases');
    this.#timeBases = [];
    for (let index = 0; index < count; index++)
      this.#timeBases.push({ numerator: bytes.number(), denominator: bytes.number() });
    this.#codes = readFrameCodes(bytes);
  }

  #readStream(bytes: ByteCursor): void {
    bytes.number();
    if (bytes.number() !== 0) throw new NutFault('not a video stream');
    bytes.take(bytes.number());
    const timeBase = this.#timeBases[bytes.number()];
    if (timeBase === undefined || timeBase.numerator < 1 || timeBase.denominator < 1)
      throw new NutFault('unknown time base');
    this.#stream = { timeBase, ptsShift: bytes.number() };
  }

  #readSyncpoint(bytes: ByteCursor): void {
    const coded = bytes.number();
    const base = this.#timeBases[coded % this.#timeBases.length];
    const stream = this.#stream;
    if (base === undefined || stream === null) throw new NutFault('syncpoint before headers');
    const value = BigInt(Math.floor(coded / this.#timeBases.length));
    const up = BigInt(base.numerator) * BigInt(stream.timeBase.denominator);
    const down = BigInt(base.denominator) * BigInt(stream.timeBase.numerator);
    this.#lastPts = Number((value * up) / down);
  }

  #readFrameHeader(): NutFrame {
    const bytes = this.#bytes;
    const stream = this.#stream;
    const code = this.#codes[bytes.byte()];
    if (code === undefined || stream === null) throw new NutFault('frame before headers');
    let flags = code.flags;
    if (flags & FLAG_INVALID) throw new NutFault('invalid frame code');
    if (flags & FLAG_CODED) flags ^= bytes.number();
    if (flags & FLAG_STREAM_ID && bytes.number() !== 0) throw new NutFault('unknown stream');
    const pts =
      flags & FLAG_CODED_PTS
        ? fullPts(bytes.number(), this.#lastPts, stream.ptsShift)
        : this.#lastPts + code.ptsDelta;
    const high = flags & FLAG_SIZE_MSB ? bytes.number() : 0;
    if (flags & FLAG_MATCH_TIME) bytes.number();
    if (flags & FLAG_HEADER_INDEX && bytes.number() !== 0) throw new NutFault('elided header');
    const reserved = flags & FLAG_RESERVED ? bytes.number() : code.reserved;
    for (let index = 0; index < Math.min(reserved, 64); index++) bytes.number();
    if (flags & FLAG_CHECKSUM) bytes.take(4);
    this.#lastPts = pts;
    return { pts, sizeBytes: code.sizeMultiplier * high + code.sizeLow };
  }
}

function fullPts(coded: number, last: number, shift: number): number {
  const range = 2 ** shift;
  if (coded >= range) return coded - range;
  const low = last - Math.floor((range - 1) / 2);
  return low + ((((coded - low) % range) + range) % range);
}

function readFrameCodes(bytes: ByteCursor): FrameCode[] {
  const codes: FrameCode[] = [];
  let ptsDelta = 0;
  let sizeMultiplier = 1;
  while (codes.length < 256) {
    const flags = bytes.number();
    const fields = bytes.number();
    if (fields > 0) ptsDelta = bytes.signed();
    if (fields > 1) sizeMultiplier = bytes.number();
    if (fields > 2) bytes.number();
    const sizeLow = fields > 3 ? bytes.number() : 0;
    const reserved = fields > 4 ? bytes.number() : 0;
    const count = fields > 5 ? bytes.number() : sizeMultiplier - sizeLow;
    if (fields > 6) bytes.signed();
    for (let field = 7; field < fields; field++) bytes.number();
    if (count < 1 || count > 256) throw new NutFault('frame code table');
    for (let step = 0; step < count && codes.length < 256; step++) {
      if (codes.length === 0x4e)
        codes.push({
          flags: FLAG_INVALID,
          ptsDelta: 0,
          sizeMultiplier: 0,
          sizeLow: 0,
          reserved: 0,
        });
      codes.push({ flags, ptsDelta, sizeMultiplier, sizeLow: sizeLow + step, reserved });
    }
  }
  return codes;
}
