import Type, { type Static } from 'typebox';
import { SallyportError } from '../errors/index.ts';
import { parse } from '../parse.ts';
import { Count, Id128, Line } from '../scalars.ts';

/** What a detector can look for; `motion` needs no model. */
export const MASK_TARGETS = ['face', 'motion', 'plate', 'person', 'vehicle'] as const;
export type MaskTarget = (typeof MASK_TARGETS)[number];

/** What a mask covers: a detector's target, a figure boxed by hand, or a fixed part of the picture. */
export const TRACK_KINDS = [...MASK_TARGETS, 'manual', 'region'] as const;
export type TrackKind = (typeof TRACK_KINDS)[number];

/** How masked pixels look. All are irreversible: a blur is drawn from as few colours as a mosaic. */
export const MASK_STYLES = ['mosaic', 'blur', 'solid'] as const;
export type MaskStyle = (typeof MASK_STYLES)[number];

/** What of a detected figure's box is masked: all of it, or an ellipse around what was seen. */
export const MASK_SHAPES = ['box', 'ellipse'] as const;
export type MaskShape = (typeof MASK_SHAPES)[number];

const Pixel = Type.Integer({ minimum: 0, maximum: 16_384 });

/** Pixels of the upright picture (rotation applied, padding not counted), origin top left. */
const BOX = { x: Pixel, y: Pixel, width: Pixel, height: Pixel };
export const MaskBox = Type.Object(BOX, { additionalProperties: false });
export type MaskBox = Static<typeof MaskBox>;

/**
 * Where a mask stands at one moment, in milliseconds from the first frame of the export.
 * `seen`: a detector or a person placed it; `interpolated`: between two sightings that lie far apart; `extended`:
 * held before the first or after the last sighting.
 */
export const MaskKeyframe = Type.Object(
  {
    atMs: Count,
    ...BOX,
    origin: Type.Enum(['seen', 'interpolated', 'extended']),
    confidence: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  },
  { additionalProperties: false },
);
export type MaskKeyframe = Static<typeof MaskKeyframe>;

/**
 * One figure through the whole clip. Between two keyframes of a detected track the union of both boxes is
 * masked; a hand-placed track moves in a straight line between its keyframes.
 */
export const MaskTrack = Type.Object(
  {
    trackId: Id128,
    kind: Type.Enum(TRACK_KINDS),
    origin: Type.Enum(['detector', 'operator']),
    decision: Type.Enum(['mask', 'show']),
    /** Why the track exists, or, where the decision is `show`, why it may be seen. */
    reason: Line(500),
    fromMs: Count,
    toMs: Count,
    keyframes: Type.Array(MaskKeyframe, { minItems: 1, maxItems: 2_000_000 }),
    seenFrames: Count,
    interpolatedFrames: Count,
    extendedFrames: Count,
    lowestConfidence: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  },
  { additionalProperties: false },
);
export type MaskTrack = Static<typeof MaskTrack>;

/** Why a person should look at this place before the clip is released. */
export const DOUBT_KINDS = [
  'low-confidence',
  'long-gap',
  'seen-once',
  'detectors-disagree',
  'lost-inside-picture',
  'stopped-moving',
  'whole-picture-changed',
  'small-figure-limit',
  'unreadable-part',
] as const;

export const MaskDoubt = Type.Object(
  {
    kind: Type.Enum(DOUBT_KINDS),
    fromMs: Count,
    toMs: Count,
    trackId: Type.Optional(Id128),
    note: Line(500),
  },
  { additionalProperties: false },
);
export type MaskDoubt = Static<typeof MaskDoubt>;

/** How much of a clip was searched, and how the frames of its tracks came about: what the masking can be trusted for. */
export const MaskCoverage = Type.Object(
  {
    frameCount: Count,
    /** A detector looked at them, or they do not differ from one it looked at; what lies between is interpolated. */
    searchedFrames: Count,
    seenFrames: Count,
    interpolatedFrames: Count,
    extendedFrames: Count,
    doubtCount: Count,
  },
  { additionalProperties: false },
);
export type MaskCoverage = Static<typeof MaskCoverage>;

/** Everything the media pass needs to mask one clip; its digest is what a release approval signs. */
export const MaskPlan = Type.Object(
  {
    version: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
    width: Pixel,
    height: Pixel,
    durationMs: Count,
    style: Type.Enum(MASK_STYLES),
    /** Missing in plans made before there was a choice: `box`. */
    shape: Type.Optional(Type.Enum(MASK_SHAPES)),
    targets: Type.Array(Type.Enum(MASK_TARGETS), { maxItems: MASK_TARGETS.length }),
    tracks: Type.Array(MaskTrack, { maxItems: 100_000 }),
    /** The riskiest first. */
    doubts: Type.Array(MaskDoubt, { maxItems: 200_000 }),
    coverage: Type.Optional(MaskCoverage),
    watermark: Type.Object(
      { kind: Type.Literal('none'), reason: Type.Literal('not built') },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
);
export type MaskPlan = Static<typeof MaskPlan>;

/** How the reason of every track that a detector made begins. */
export const DETECTED = 'detected: ';

/**
 * Reads a mask plan and checks what a schema cannot say: keyframes in order and inside their track,
 * boxes inside the picture.
 *
 * @throws SallyportError `ERR_MEDIA_PLAN_INVALID`
 */
export function parseMaskPlan(value: unknown): MaskPlan {
  const plan = parse(MaskPlan, value, 'ERR_MEDIA_PLAN_INVALID');
  for (const track of plan.tracks) assertTrack(track, plan);
  return plan;
}

/**
 * Checks one track against the picture it belongs to.
 *
 * @throws SallyportError `ERR_MEDIA_PLAN_INVALID` naming the track and the fault
 */
export function assertTrack(track: MaskTrack, picture: { width: number; height: number }): void {
  const fault = trackFault(track, picture);
  if (fault !== null)
    throw new SallyportError('ERR_MEDIA_PLAN_INVALID', { detail: { path: track.trackId, fault } });
}

function trackFault(track: MaskTrack, picture: { width: number; height: number }): string | null {
  if (track.fromMs > track.toMs) return 'ends before it begins';
  // A person who unmasks a figure says why; the detector's own words are not a reason to show it.
  if (track.decision === 'show' && track.reason.startsWith(DETECTED))
    return 'shown without a reason';
  let last = -1;
  for (const key of track.keyframes) {
    if (key.atMs <= last) return 'keyframes out of order';
    last = key.atMs;
    if (key.width < 1 || key.height < 1) return 'empty box';
    if (key.x + key.width > picture.width || key.y + key.height > picture.height)
      return 'box outside the picture';
  }
  return null;
}

/** A file of hand-placed tracks, as `exporter redact --tracks FILE` takes it. */
export const MaskTrackFile = Type.Object(
  { tracks: Type.Array(MaskTrack, { maxItems: 100_000 }) },
  { additionalProperties: false },
);

/** A file of parts of the picture that are always masked, as `exporter redact --regions FILE` takes it. */
export const MaskRegionFile = Type.Object(
  {
    regions: Type.Array(
      Type.Object(
        {
          ...BOX,
          /** Why it is masked. */
          reason: Line(500),
          /** Missing: from the first frame, to the last. */
          fromMs: Type.Optional(Count),
          toMs: Type.Optional(Count),
        },
        { additionalProperties: false },
      ),
      { maxItems: 10_000 },
    ),
  },
  { additionalProperties: false },
);
export type MaskRegionFile = Static<typeof MaskRegionFile>;
