import { SallyportError, type LaneFrameHeader } from '@sallyport/contracts';
import { MAX_BODY_BYTES } from '../frame.ts';

/** Body kinds that travel as parts: the package file and its leaf table. */
export type PartKind = Exclude<LaneFrameHeader['bodyKind'], 'record'>;

/** Where one part stands in its file: the `transfer` member of a frame header. */
export type PartPlace = NonNullable<LaneFrameHeader['transfer']>;

/** How a file is cut. Every part has `partSizeBytes` but the last, which has the rest. */
export interface TransferShape {
  readonly partCount: number;
  readonly partSizeBytes: number;
  readonly totalSizeBytes: number;
}

/** Plans the parts of a file. An empty file has no parts and cannot be sent. */
export function shapeOf(
  totalSizeBytes: number,
  partSizeBytes: number = MAX_BODY_BYTES,
): TransferShape {
  const isPossible = totalSizeBytes >= 1 && partSizeBytes >= 1 && partSizeBytes <= MAX_BODY_BYTES;
  if (!isPossible) throw mismatch('size');
  return {
    partCount: Math.ceil(totalSizeBytes / partSizeBytes),
    partSizeBytes: Math.min(partSizeBytes, totalSizeBytes),
    totalSizeBytes,
  };
}

/**
 * Recovers the whole plan from any single part: the size of the last one gives away the others.
 *
 * @throws SallyportError ERR_LANE_PART_MISMATCH when no plan has such a part
 */
export function shapeFromPart(place: PartPlace, bodySizeBytes: number): TransferShape {
  const { partIndex, partCount, totalSizeBytes } = place;
  if (partIndex >= partCount) throw mismatch('partIndex');
  const isLast = partIndex === partCount - 1;
  const partSizeBytes =
    isLast && partCount > 1 ? (totalSizeBytes - bodySizeBytes) / (partCount - 1) : bodySizeBytes;
  if (!Number.isSafeInteger(partSizeBytes) || partSizeBytes < 1) throw mismatch('size');
  const shape = shapeOf(totalSizeBytes, partSizeBytes);
  if (shape.partCount !== partCount || sizeOfPart(shape, partIndex) !== bodySizeBytes)
    throw mismatch('size');
  return shape;
}

/** Bytes of one part. */
export function sizeOfPart(shape: TransferShape, partIndex: number): number {
  return partIndex === shape.partCount - 1
    ? shape.totalSizeBytes - partIndex * shape.partSizeBytes
    : shape.partSizeBytes;
}

function mismatch(fault: string): SallyportError {
  return new SallyportError('ERR_LANE_PART_MISMATCH', { detail: { fault } });
}
