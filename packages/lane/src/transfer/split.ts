import { open } from 'node:fs/promises';
import { SallyportError } from '@sallyport/contracts';
import { MAX_BODY_BYTES } from '../frame.ts';
import { shapeOf, sizeOfPart, type PartPlace } from './shape.ts';

/** One part of a file, ready to become a frame's body. */
export interface FilePart {
  readonly place: Omit<PartPlace, 'packageId'>;
  readonly body: Uint8Array;
}

/**
 * Reads a file part by part; one part is in memory at a time. With `only`, just those indices: a
 * resend list. The file must not change meanwhile.
 *
 * @throws SallyportError ERR_LANE_PART_MISMATCH for an empty file or one that shrank, ERR_LANE_SPOOL_READ
 *
 * @example
 * for await (const { place, body } of splitFile(path)) {
 *   await sender.send(await makeFrame({ ...fields, seq, bodyKind: 'package-part', transfer: { packageId, ...place } }, body, signer));
 * }
 */
export async function* splitFile(
  path: string,
  options: { partSizeBytes?: number; only?: Iterable<number> } = {},
): AsyncGenerator<FilePart> {
  const file = await openForReading(path);
  try {
    const shape = shapeOf((await file.stat()).size, options.partSizeBytes ?? MAX_BODY_BYTES);
    const { partCount, totalSizeBytes, partSizeBytes } = shape;
    for (const partIndex of options.only ?? Array(partCount).keys()) {
      if (partIndex < 0 || partIndex >= partCount) throw mismatch('partIndex');
      const body = new Uint8Array(sizeOfPart(shape, partIndex));
      const { bytesRead } = await file.read(body, 0, body.length, partIndex * partSizeBytes);
      if (bytesRead !== body.length) throw mismatch('size');
      yield { place: { partIndex, partCount, totalSizeBytes }, body };
    }
  } finally {
    await file.close();
  }
}

async function openForReading(path: string) {
  try {
    return await open(path, 'r');
  } catch (cause) {
    throw new SallyportError('ERR_LANE_SPOOL_READ', { cause });
  }
}

function mismatch(fault: string): SallyportError {
  return new SallyportError('ERR_LANE_PART_MISMATCH', { detail: { fault } });
}
