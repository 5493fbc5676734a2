import { SallyportError, type MaskTrack } from '@sallyport/contracts';

/** Beginnings of ids that are shorter could mean another track in the next clip. */
const SHORTEST = 6;

/** Figures that stay to be seen, and why. */
export interface KeptTracks {
  /** Ids of tracks, or what they begin with. */
  readonly trackIds: readonly string[];
  readonly reason: string;
}

/**
 * Leaves tracks open with a reason.
 *
 * @throws SallyportError `ERR_MEDIA_PLAN_INVALID` for an id that no track has, or that more than one may have
 */
export function keepTracks(tracks: readonly MaskTrack[], kept: KeptTracks): MaskTrack[] {
  const ids = new Set(kept.trackIds.map((wanted) => idOf(tracks, wanted)));
  return tracks.map((track) =>
    ids.has(track.trackId) ? { ...track, decision: 'show', reason: kept.reason } : track,
  );
}

function idOf(tracks: readonly MaskTrack[], wanted: string): string {
  const found = tracks.filter(({ trackId }) => trackId.startsWith(wanted));
  const [track] = found;
  const isSure = found.length === 1 && wanted.length >= SHORTEST;
  if (track !== undefined && isSure) return track.trackId;
  const fault = track === undefined ? 'no such track' : 'may be more than one track';
  throw new SallyportError('ERR_MEDIA_PLAN_INVALID', { detail: { path: wanted, fault } });
}
