import { open } from 'node:fs/promises';
import { SallyportError } from '@sallyport/contracts';

const HEAD_BYTES = 64 * 1024;
/** Bytes before the child boxes of the containers on the way to avcC. */
const PATH = [
  ['moov', 0],
  ['trak', 0],
  ['mdia', 0],
  ['minf', 0],
  ['stbl', 0],
  ['stsd', 8],
  ['avc1', 78],
  ['avcC', 0],
] as const;

/**
 * The codec string of a fragmented MP4, read from its avcC box: `avc1.` and profile, constraints, level in hex.
 *
 * @throws SallyportError `ERR_MEDIA_ENCODE_FAILED` when the file does not begin with such a header
 */
export async function readCodecString(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    let box: Buffer = buffer.subarray(0, bytesRead);
    for (const [type, skip] of PATH) box = childBox(box, type).subarray(skip);
    if (box.length < 4) throw headerFault('avcC');
    return `avc1.${box.toString('hex', 1, 4)}`;
  } finally {
    await handle.close();
  }
}

function childBox(parent: Buffer, type: string): Buffer {
  let at = 0;
  while (at + 8 <= parent.length) {
    const size = parent.readUInt32BE(at);
    if (size < 8) break;
    if (parent.toString('latin1', at + 4, at + 8) === type)
      return parent.subarray(at + 8, at + size);
    at += size;
  }
  throw headerFault(type);
}

function headerFault(box: string): SallyportError {
  return new SallyportError('ERR_MEDIA_ENCODE_FAILED', { detail: { fault: `no ${box} box` } });
}
