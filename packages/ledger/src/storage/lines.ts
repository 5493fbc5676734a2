import type { FileHandle } from 'node:fs/promises';

/** Longest entry in bytes, line feed excluded. */
export const MAX_ENTRY_BYTES = 16_384;

const CHUNK_BYTES = 1 << 20;
const LINE_FEED = 10;

/** One line of the entries file. `isWhole` is false for a tail without its line feed or beyond the limit. */
export interface LogLine {
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly isWhole: boolean;
}

/** Reads lines from `offset` up to `end` bytes, in bounded memory. */
export async function* readLines(
  file: FileHandle,
  offset: number,
  end: number,
): AsyncGenerator<LogLine> {
  let rest: Uint8Array = new Uint8Array();
  let lineStart = offset;
  for (let position = offset; position < end;) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, end - position));
    const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
    if (bytesRead === 0) break;
    position += bytesRead;
    const bytes = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
    let from = 0;
    for (
      let feed = bytes.indexOf(LINE_FEED, from);
      feed !== -1;
      feed = bytes.indexOf(LINE_FEED, from)
    ) {
      const line = bytes.subarray(from, feed);
      yield { offset: lineStart, bytes: line, isWhole: line.length <= MAX_ENTRY_BYTES };
      lineStart += line.length + 1;
      from = feed + 1;
    }
    rest = bytes.subarray(from);
    if (rest.length > MAX_ENTRY_BYTES) break;
  }
  if (rest.length > 0) yield { offset: lineStart, bytes: rest, isWhole: false };
}
