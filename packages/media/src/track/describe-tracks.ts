import { createHash } from 'node:crypto';
import type { MaskCoverage, MaskDoubt, MaskTarget, MaskTrack } from '@sallyport/contracts';
import type { ClipSearch } from '../detect/search-clip.ts';
import { clipDoubts, doubtsOf, riskiestFirst } from './doubts.ts';
import { joinTracks } from './join-tracks.ts';
import { Linker, type LinkedTrack } from './link.ts';
import { toMaskTrack, type ClipFacts } from './to-mask-track.ts';

/**
 * What was seen in single frames as tracks through the clip, and where a person should look.
 *
 *   sightings ─► link, forward ─► join, forward and backward ─► steady, fill, extend ─► tracks, doubts
 */
export function describeTracks(
  { searched, outcome }: ClipSearch,
  clip: ClipFacts,
  targets: readonly MaskTarget[],
): {
  readonly tracks: MaskTrack[];
  readonly doubts: MaskDoubt[];
  readonly coverage: MaskCoverage;
} {
  const linker = new Linker();
  for (const { frame, atMs, sightings } of searched) linker.add(frame, atMs, sightings);
  const tracks: MaskTrack[] = [];
  const doubts: MaskDoubt[] = clipDoubts(clip, outcome.partial, targets.includes('face'));
  for (const linked of joinTracks(linker.finish())) {
    const track = toMaskTrack(linked, trackIdOf(linked), clip, searched);
    if (track === null) continue;
    tracks.push(track);
    doubts.push(...doubtsOf(linked, track, clip));
  }
  const sum = (count: (track: MaskTrack) => number) =>
    tracks.reduce((total, track) => total + count(track), 0);
  const coverage = {
    frameCount: outcome.frames,
    searchedFrames: searched.length,
    seenFrames: sum(({ seenFrames }) => seenFrames),
    interpolatedFrames: sum(({ interpolatedFrames }) => interpolatedFrames),
    extendedFrames: sum(({ extendedFrames }) => extendedFrames),
    doubtCount: doubts.length,
  };
  return { tracks, doubts: riskiestFirst(doubts), coverage };
}

/** The same clip searched in the same way gives its tracks the same ids: a figure can be named from run to run. */
function trackIdOf({ kind, sightings }: LinkedTrack): string {
  const hash = createHash('sha256').update(kind);
  for (const { frame, left, top, right, bottom } of sightings)
    hash.update(`;${frame},${left},${top},${right},${bottom}`);
  return hash.digest('hex').slice(0, 32);
}
