/** Seconds, start inclusive, end exclusive: one range of a SourceBuffer. */
export interface TimeRange {
  readonly start: number;
  readonly end: number;
}

export type BufferStep =
  | { readonly kind: 'append' }
  | { readonly kind: 'wait' }
  | { readonly kind: 'evict'; readonly from: number; readonly to: number }
  | { readonly kind: 'end' };

/** Seconds ahead of the picture after which the download pauses. */
export const AHEAD_S = 30;
/** Seconds behind the picture that are kept; older buffer is evicted. */
export const BEHIND_S = 30;

/** What to do next with the buffer: drop the old, stop when far ahead, else append. */
export function planBuffer(now: {
  readonly buffered: readonly TimeRange[];
  readonly currentTime: number;
  readonly atEnd: boolean;
}): BufferStep {
  const { buffered, currentTime, atEnd } = now;
  const [oldest] = buffered;
  const keepFrom = currentTime - BEHIND_S;
  // Half the margin of slack, so that eviction does not run after every frame.
  if (oldest !== undefined && oldest.start < keepFrom - BEHIND_S / 2) {
    return { kind: 'evict', from: oldest.start, to: Math.min(keepFrom, oldest.end) };
  }
  if (atEnd) return { kind: 'end' };
  return bufferedAhead(buffered, currentTime) >= AHEAD_S ? { kind: 'wait' } : { kind: 'append' };
}

/** Seconds that can be shown from `time` on without a gap. */
export function bufferedAhead(buffered: readonly TimeRange[], time: number): number {
  const range = buffered.find(({ start, end }) => time >= start - GAP_S && time < end);
  return range === undefined ? 0 : range.end - time;
}

/** Rounding between a fragment's tick and the video's clock. */
const GAP_S = 0.1;
