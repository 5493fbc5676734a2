import { randomBytes } from 'node:crypto';
import type { MaskDoubt, MaskTarget, MaskTrack } from '@sallyport/contracts';
import type { ClipSearch } from '../detect/search-clip.ts';
import { clipDoubts, doubtsOf } from './doubts.ts';
import { joinTracks } from './join-tracks.ts';
import { Linker } from './link.ts';
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
): { readonly tracks: MaskTrack[]; readonly doubts: MaskDoubt[] } {
  const linker = new Linker();
  for (const { frame, atMs, sightings } of searched) linker.add(frame, atMs, sightings);
  const tracks: MaskTrack[] = [];
  const doubts: MaskDoubt[] = clipDoubts(clip, outcome.partial, targets.includes('face'));
  for (const linked of joinTracks(linker.finish())) {
    const track = toMaskTrack(linked, randomBytes(16).toString('hex'), clip, searched);
    if (track === null) continue;
    tracks.push(track);
    doubts.push(...doubtsOf(linked, track, clip));
  }
  return { tracks, doubts: doubts.sort((one, other) => one.fromMs - other.fromMs) };
}
