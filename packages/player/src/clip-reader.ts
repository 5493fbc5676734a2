import { segmentsOfEntry } from '@sallyport/seal/open';
import type { Content } from './content.ts';
import { findFragments, readTimescale } from './fragments.ts';
import { planSeek, type KnownFragment } from './seek-plan.ts';

/** Reads a clip's bytes in order, one segment ahead, and finds its way to a time. */
export interface ClipReader {
  /** The next bytes in order, or null at the end of the clip. */
  next(): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Moves to a fragment at or before `time` seconds; the next bytes start with it. */
  seek(time: number): Promise<void>;
  /** Every byte up to the end was read since the last seek. */
  atEnd(): boolean;
}

/** Tries before a seek settles for what it has found: each narrows the range by about half. */
const MOST_PROBES = 12;

export function createClipReader(content: Content, signal: AbortSignal): ClipReader {
  const { view, manifest } = content;
  const { firstSegment, segmentCount, sizeBytes } = segmentsOfEntry(
    view.layout,
    manifest.clip.entry,
  );
  const { segmentSizeBytes } = view.layout;
  const clip = { sizeBytes, durationS: manifest.clip.durationMs / 1000 };
  const known = new Map<number, KnownFragment>();
  let timescale: number | null = null;
  let position = 0;
  let ahead: { segment: number; bytes: Promise<Uint8Array<ArrayBuffer>> } | null = null;

  return {
    async next() {
      if (position >= sizeBytes) return null;
      const segment = Math.floor(position / segmentSizeBytes);
      const bytes = await load(segment);
      const part = bytes.subarray(position - segment * segmentSizeBytes);
      position = (segment + 1) * segmentSizeBytes;
      if (segment + 1 < segmentCount) prefetch(segment + 1);
      return part;
    },
    async seek(time) {
      for (let probe = 0; probe < MOST_PROBES; probe += 1) {
        const { offset, settled } = planSeek([...known.values()], time, clip);
        position = offset;
        if (settled) return;
        const before = known.size;
        await load(Math.floor(offset / segmentSizeBytes));
        if (known.size === before) break; // nothing new here: read on from the best that is known
      }
      const best = [...known.values()]
        .filter((fragment) => fragment.time <= time)
        .map(({ offset }) => offset);
      position = Math.max(0, ...best);
    },
    atEnd: () => position >= sizeBytes,
  };

  async function load(segment: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await (ahead?.segment === segment
      ? ahead.bytes
      : content.read(firstSegment + segment, signal));
    learn(segment, bytes);
    return bytes;
  }

  function prefetch(segment: number): void {
    const bytes = content.read(firstSegment + segment, signal);
    bytes.catch(() => undefined); // reported by the load that awaits it
    ahead = { segment, bytes };
  }

  function learn(segment: number, bytes: Uint8Array): void {
    timescale ??= segment === 0 ? readTimescale(bytes) : null;
    if (timescale === null) return;
    for (const { offset, ticks } of findFragments(bytes)) {
      const place = segment * segmentSizeBytes + offset;
      known.set(place, { offset: place, time: ticks / timescale });
    }
  }
}
