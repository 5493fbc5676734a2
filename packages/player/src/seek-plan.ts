/** A fragment whose place is known: byte offset in the clip and its time. */
export interface KnownFragment {
  readonly offset: number;
  readonly time: number;
}

/** Close enough to start reading: the fragment before the target is at most this far. */
const CLOSE_S = 12;

/**
 * Where in the clip to read next to reach `target` seconds. Between the nearest known fragments the
 * rate is taken as even; `settled` means the offset is a fragment at or before the target, and near.
 */
export function planSeek(
  known: readonly KnownFragment[],
  target: number,
  clip: { readonly sizeBytes: number; readonly durationS: number },
): { readonly offset: number; readonly settled: boolean } {
  const before = known.filter(({ time }) => time <= target).reduce(later, { offset: 0, time: 0 });
  const after = known
    .filter(({ time }) => time > target)
    .reduce(earlier, { offset: clip.sizeBytes, time: Math.max(clip.durationS, target) });
  const nothingBetween = after.offset - before.offset <= SMALL_BYTES;
  if (target - before.time <= CLOSE_S || nothingBetween)
    return { offset: before.offset, settled: true };
  const share = (target - before.time) / Math.max(after.time - before.time, 1e-6);
  // A little early: reading forward is cheap, starting after the target is not.
  const guess = before.offset + (after.offset - before.offset) * Math.max(share - EARLY, 0);
  return { offset: Math.floor(guess), settled: false };
}

const EARLY = 0.02;
const SMALL_BYTES = 524_288;

function later(a: KnownFragment, b: KnownFragment): KnownFragment {
  return b.time >= a.time ? b : a;
}

function earlier(a: KnownFragment, b: KnownFragment): KnownFragment {
  return b.time < a.time ? b : a;
}
