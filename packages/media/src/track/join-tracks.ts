import type { LinkedTrack, SeenAt } from './link.ts';
import { distance, longSide, shifted, speedAtEnd, speedAtStart } from './path.ts';

/** A figure may be lost for this long and still be the same one, when both ends of the gap point to each other. */
const MAX_GAP_MS = 3000;
const LIKE_SIZE = 1.8;
/** How far the two predictions for the middle of the gap may lie apart, in sides of the figure. */
const MEETING = 1;
/** In neighbouring searches a fast figure may be this many of its sides away, with nothing to predict it from. */
const FAST_REACH = 4;
const FAST_GAP_MS = 250;
/** What a second of gap costs, in sides of the figure: of two that fit alike the nearer in time is taken. */
const PER_SECOND = 0.5;

/**
 * The second pass: with the whole clip known, an end of one track and the beginning of a later one are joined when
 * the one moved forward and the other moved backward in time meet. The best match is taken first; neighbouring
 * searches before longer gaps, which need to know how fast the figure was.
 */
export function joinTracks(tracks: readonly LinkedTrack[]): LinkedTrack[] {
  return joinWithin(MAX_GAP_MS, joinWithin(FAST_GAP_MS, tracks));
}

function joinWithin(mostMs: number, tracks: readonly LinkedTrack[]): LinkedTrack[] {
  const followers = new Map<LinkedTrack, LinkedTrack>();
  const led = new Set<LinkedTrack>();
  for (const { before, after } of matches(tracks, mostMs)) {
    if (followers.has(before) || led.has(after)) continue;
    followers.set(before, after);
    led.add(after);
  }
  return tracks
    .filter((track) => !led.has(track))
    .map((track) => {
      const sightings = [...track.sightings];
      let last = track;
      for (let next = followers.get(last); next !== undefined; next = followers.get(last)) {
        sightings.push(...next.sightings);
        last = next;
      }
      return { ...last, sightings };
    });
}

/** Pairs that may be one figure, best first. Tracks come in order of their first sighting. */
function matches(tracks: readonly LinkedTrack[], mostMs: number) {
  const pairs: { before: LinkedTrack; after: LinkedTrack; apart: number }[] = [];
  for (const before of tracks) {
    const end = before.sightings.at(-1);
    if (end === undefined) continue;
    for (let at = firstAfter(tracks, end.atMs); at < tracks.length; at++) {
      const after = tracks[at];
      const start = after?.sightings[0];
      if (after === undefined || start === undefined) continue;
      const gapMs = start.atMs - end.atMs;
      if (gapMs > mostMs) break;
      const apart = after.kind === before.kind ? apartness(before, end, after, start) : Infinity;
      if (apart < Infinity)
        pairs.push({ before, after, apart: apart + (PER_SECOND * gapMs) / 1000 });
    }
  }
  return pairs.sort((one, other) => one.apart - other.apart);
}

/** How badly two ends fit, in sides of the figure; infinite when they are not one figure. */
function apartness(before: LinkedTrack, end: SeenAt, after: LinkedTrack, start: SeenAt): number {
  const side = Math.max(longSide(end), longSide(start));
  if (side > LIKE_SIZE * Math.min(longSide(end), longSide(start))) return Infinity;
  const gapMs = start.atMs - end.atMs;
  const ahead = shifted(end, speedAtEnd(before.sightings), gapMs / 2);
  const back = shifted(start, speedAtStart(after.sightings), -gapMs / 2);
  const meeting = distance(ahead, back) / side;
  if (meeting <= MEETING) return meeting;
  const direct = distance(end, start) / side;
  if (direct <= MEETING) return direct;
  return gapMs <= FAST_GAP_MS && direct <= FAST_REACH ? MEETING + direct : Infinity;
}

/** Index of the first track that begins later than `atMs`. */
function firstAfter(tracks: readonly LinkedTrack[], atMs: number): number {
  let low = 0;
  let high = tracks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tracks[middle]?.sightings[0]?.atMs ?? Infinity) <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
