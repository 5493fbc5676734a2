/** Thrown by a cursor that ran out of buffered bytes; the reader fetches more and tries the header again. */
export class NeedMoreBytes extends Error {}

/** Reads numbers from a stream of chunks; a header that straddles two chunks is read again from its start. */
export class ByteCursor {
  readonly #source: AsyncIterator<Uint8Array> | null;
  #chunk: Buffer;
  #start = 0;
  #at = 0;

  constructor(source: AsyncIterable<Uint8Array> | null, initial: Uint8Array = Buffer.alloc(0)) {
    this.#source = source === null ? null : source[Symbol.asyncIterator]();
    this.#chunk = view(initial);
  }

  get remaining(): number {
    return this.#chunk.length - this.#start;
  }

  /** What was read so far will not be read again. */
  commit(): void {
    this.#start = this.#at;
  }

  rewind(): void {
    this.#at = this.#start;
  }

  /** Appends the next chunk; false at the end of the source. */
  async more(): Promise<boolean> {
    const next = await this.#source?.next();
    if (next === undefined || next.done === true) return false;
    const rest = this.#chunk.subarray(this.#start);
    this.#chunk = rest.length === 0 ? view(next.value) : Buffer.concat([rest, next.value]);
    this.#at -= this.#start;
    this.#start = 0;
    return true;
  }

  async copyInto(target: Uint8Array, length: number): Promise<boolean> {
    let done = 0;
    while (done < length) {
      const take = Math.min(length - done, this.#chunk.length - this.#at);
      target.set(this.#chunk.subarray(this.#at, this.#at + take), done);
      done += take;
      this.#at += take;
      this.commit();
      if (done < length && !(await this.more())) return false;
    }
    return true;
  }

  peek(): number {
    const value = this.#chunk[this.#at];
    if (value === undefined) throw new NeedMoreBytes();
    return value;
  }

  byte(): number {
    const value = this.peek();
    this.#at += 1;
    return value;
  }

  take(length: number): Buffer {
    if (this.#at + length > this.#chunk.length) throw new NeedMoreBytes();
    this.#at += length;
    return this.#chunk.subarray(this.#at - length, this.#at);
  }

  bigUint64(): bigint {
    return this.take(8).readBigUInt64BE();
  }

  /** Base 128; values a double cannot hold exactly are refused. */
  number(): number {
    let value = 0;
    for (;;) {
      const byte = this.byte();
      value = value * 128 + (byte & 127);
      if (value > Number.MAX_SAFE_INTEGER) throw new RangeError('number too large');
      if (byte < 128) return value;
    }
  }

  signed(): number {
    const coded = this.number() + 1;
    return coded % 2 === 1 ? -(coded - 1) / 2 : coded / 2;
  }
}

function view(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
