import { SallyportError, type PackageEntry, type PackageHeader } from '@sallyport/contracts';
import { LEAF_BYTES, MAX_SEGMENTS, PREFIX_BYTES, TAG_BYTES } from './format.ts';

export type EntryId = PackageEntry['id'];

/** Where everything stands in one package; computable from the header alone. */
export interface PackageLayout {
  readonly segmentSizeBytes: number;
  readonly segmentCount: number;
  readonly entries: readonly EntryLayout[];
  /** Offset of the first segment. */
  readonly segmentsOffset: number;
  readonly leafTableOffset: number;
  readonly leafTableBytes: number;
  /** Size of the whole file. */
  readonly sizeBytes: number;
}

/** One entry: a run of segments. */
export interface EntryLayout {
  readonly id: EntryId;
  readonly index: number;
  readonly sizeBytes: number;
  readonly firstSegment: number;
  readonly segmentCount: number;
  /** Offset of its first segment in the file. */
  readonly offset: number;
}

/** One segment's place in the file and in its entry. */
export interface SegmentPlace {
  readonly index: number;
  readonly entry: EntryLayout;
  /** True for the last segment of its entry. */
  readonly final: boolean;
  /** Offset in the file, and the offset after its last byte. */
  readonly start: number;
  readonly end: number;
  readonly sealedBytes: number;
  readonly plainBytes: number;
  /** Offset of its plaintext within the entry. */
  readonly plainOffset: number;
}

/** The four entries of a package in order, each with the media types it may have. */
const ENTRY_ORDER: readonly (readonly Pick<PackageEntry, 'id' | 'mediaType'>[])[] = [
  [{ id: 'manifest.json', mediaType: 'application/json' }],
  [
    { id: 'clip.mp4', mediaType: 'video/mp4' },
    { id: 'still.jpg', mediaType: 'image/jpeg' },
  ],
  [{ id: 'redaction-report.json', mediaType: 'application/json' }],
  [{ id: 'custody.json', mediaType: 'application/json' }],
];

/** Segments an entry of that size takes. */
export function segmentCountOf(sizeBytes: number, segmentSizeBytes: number): number {
  return Math.ceil(sizeBytes / segmentSizeBytes);
}

/**
 * Computes the layout and refuses an entry table that lies.
 *
 * @throws SallyportError ERR_SEAL_LAYOUT
 */
export function layoutOf(
  header: Pick<PackageHeader, 'entries' | 'segmentSizeBytes'>,
  headerBytes: number,
): PackageLayout {
  const { segmentSizeBytes } = header;
  const segmentsOffset = PREFIX_BYTES + headerBytes;
  const entries: EntryLayout[] = [];
  let [firstSegment, offset] = [0, segmentsOffset];
  for (const [index, entry] of header.entries.entries()) {
    requireEntry(entry, index, segmentSizeBytes);
    const { id, sizeBytes, segmentCount } = entry;
    entries.push({ id, index, sizeBytes, firstSegment, segmentCount, offset });
    firstSegment += segmentCount;
    offset += sizeBytes + segmentCount * TAG_BYTES;
  }
  if (entries.length !== ENTRY_ORDER.length) throw layoutError('entry count');
  if (firstSegment > MAX_SEGMENTS) throw layoutError('too many segments');
  const leafTableBytes = firstSegment * LEAF_BYTES;
  return {
    segmentSizeBytes,
    segmentCount: firstSegment,
    entries,
    segmentsOffset,
    leafTableOffset: offset,
    leafTableBytes,
    sizeBytes: offset + leafTableBytes,
  };
}

/**
 * Where segment `index` stands.
 *
 * @throws SallyportError ERR_SEAL_LAYOUT when the package has no such segment
 */
export function segmentRange(layout: PackageLayout, index: number): SegmentPlace {
  const entry = layout.entries.find(
    ({ firstSegment, segmentCount }) =>
      index >= firstSegment && index < firstSegment + segmentCount,
  );
  if (entry === undefined || !Number.isInteger(index)) throw layoutError('no such segment');
  const within = index - entry.firstSegment;
  const final = within === entry.segmentCount - 1;
  const plainOffset = within * layout.segmentSizeBytes;
  const plainBytes = final ? entry.sizeBytes - plainOffset : layout.segmentSizeBytes;
  const start = entry.offset + within * (layout.segmentSizeBytes + TAG_BYTES);
  const sealedBytes = plainBytes + TAG_BYTES;
  return {
    index,
    entry,
    final,
    start,
    end: start + sealedBytes,
    sealedBytes,
    plainBytes,
    plainOffset,
  };
}

/**
 * The run of segments that carries one entry.
 *
 * @throws SallyportError ERR_SEAL_LAYOUT when the package has no such entry
 */
export function segmentsOfEntry(layout: PackageLayout, id: EntryId): EntryLayout {
  const entry = layout.entries.find((candidate) => candidate.id === id);
  if (entry === undefined) throw layoutError('no such entry');
  return entry;
}

function requireEntry(entry: PackageEntry, index: number, segmentSizeBytes: number): void {
  const allowed = ENTRY_ORDER[index] ?? [];
  if (!allowed.some(({ id, mediaType }) => id === entry.id && mediaType === entry.mediaType)) {
    throw layoutError('entry order');
  }
  if (entry.sizeBytes === 0) throw layoutError('empty entry');
  if (entry.segmentCount !== segmentCountOf(entry.sizeBytes, segmentSizeBytes))
    throw layoutError('segment count');
}

function layoutError(fault: string): SallyportError {
  return new SallyportError('ERR_SEAL_LAYOUT', { detail: { fault } });
}
