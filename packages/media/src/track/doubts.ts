import type { MaskDoubt, MaskTrack, PartialMedia } from '@sallyport/contracts';
import type { LinkedTrack } from './link.ts';
import type { ClipFacts } from './to-mask-track.ts';

const SURE = 0.5;
const LONG_GAP_MS = 500;
/** A figure that is last seen this near the border has left the picture. */
const BORDER_SHARE = 0.06;
/** Detection pixels below which a face is seldom found. */
const SMALLEST_FACE = 10;
const WHOLE_PICTURE = 0.9;

/** From what most likely left somebody open to what hardly can. */
const BY_RISK: readonly MaskDoubt['kind'][] = [
  'unreadable-part',
  'detectors-disagree',
  'lost-inside-picture',
  'long-gap',
  'seen-once',
  'stopped-moving',
  'low-confidence',
  'small-figure-limit',
  'whole-picture-changed',
];

/** In the order in which a reviewer should go through them; what is of one kind, in order of time. */
export function riskiestFirst(doubts: readonly MaskDoubt[]): MaskDoubt[] {
  return [...doubts].sort(
    (one, other) =>
      BY_RISK.indexOf(one.kind) - BY_RISK.indexOf(other.kind) || one.fromMs - other.fromMs,
  );
}

/** Where a person should look: everything about one track that the detector was not sure of. */
export function doubtsOf(linked: LinkedTrack, track: MaskTrack, clip: ClipFacts): MaskDoubt[] {
  const { trackId } = track;
  const doubts: MaskDoubt[] = [];
  const first = linked.sightings[0];
  const last = linked.sightings.at(-1);
  if (first === undefined || last === undefined) return doubts;
  if (isWholePicture(track, clip))
    return [
      {
        kind: 'whole-picture-changed',
        trackId,
        fromMs: track.fromMs,
        toMs: track.toMs,
        note: 'light or camera changed: the whole picture is masked',
      },
    ];
  const unsure = linked.sightings.filter((sighting) => sighting.confidence < SURE);
  if (unsure.length > 0)
    doubts.push({
      kind: 'low-confidence',
      trackId,
      fromMs: unsure[0]?.atMs ?? first.atMs,
      toMs: unsure.at(-1)?.atMs ?? last.atMs,
      note: `${unsure.length} of ${linked.sightings.length} sightings below ${SURE}`,
    });
  const disputed = linked.sightings.filter((sighting) => sighting.disputed === true);
  if (disputed.length > 0)
    doubts.push({
      kind: 'detectors-disagree',
      trackId,
      fromMs: disputed[0]?.atMs ?? first.atMs,
      toMs: disputed.at(-1)?.atMs ?? last.atMs,
      note: 'seen by the second detector only: look for others like it',
    });
  if (linked.sightings.length === 1)
    doubts.push({
      kind: 'seen-once',
      trackId,
      fromMs: track.fromMs,
      toMs: track.toMs,
      note: 'seen in one frame only',
    });
  for (const [index, sighting] of linked.sightings.entries()) {
    const next = linked.sightings[index + 1];
    if (next !== undefined && next.atMs - sighting.atMs > LONG_GAP_MS)
      doubts.push({
        kind: 'long-gap',
        trackId,
        fromMs: sighting.atMs,
        toMs: next.atMs,
        note: 'not seen in between: the union of both places is masked',
      });
  }
  if (track.toMs < clip.durationMs && isInside(last, clip)) doubts.push(lost(track, last.atMs));
  return doubts;
}

/** What the clip as a whole leaves open. */
export function clipDoubts(
  clip: ClipFacts,
  partial: PartialMedia | null,
  looksForFaces: boolean,
): MaskDoubt[] {
  const doubts: MaskDoubt[] = [];
  if (looksForFaces && clip.scaleX > 1.01)
    doubts.push({
      kind: 'small-figure-limit',
      fromMs: 0,
      toMs: clip.durationMs,
      note: `faces below ${Math.ceil(SMALLEST_FACE * clip.scaleX)} pixels may be missed: the picture is searched at a smaller size`,
    });
  for (const gap of partial?.gaps ?? [])
    doubts.push({
      kind: 'unreadable-part',
      ...gap,
      note: 'this part of the recording cannot be read',
    });
  return doubts;
}

function lost(track: MaskTrack, atMs: number): MaskDoubt {
  const kind = track.kind === 'motion' ? 'stopped-moving' : 'lost-inside-picture';
  const note =
    track.kind === 'motion'
      ? 'stopped moving inside the picture: it may still be there, unmasked'
      : 'last seen inside the picture: it may have turned away, or was missed';
  return { kind, trackId: track.trackId, fromMs: atMs, toMs: track.toMs, note };
}

function isInside(
  box: { left: number; top: number; right: number; bottom: number },
  clip: ClipFacts,
): boolean {
  const width = clip.width / clip.scaleX;
  const height = clip.height / clip.scaleY;
  return (
    box.left > BORDER_SHARE * width &&
    box.top > BORDER_SHARE * height &&
    box.right < (1 - BORDER_SHARE) * width &&
    box.bottom < (1 - BORDER_SHARE) * height
  );
}

function isWholePicture(track: MaskTrack, clip: ClipFacts): boolean {
  return (
    track.kind === 'motion' &&
    track.keyframes.some((key) => key.width * key.height > WHOLE_PICTURE * clip.width * clip.height)
  );
}
