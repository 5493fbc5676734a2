import Type, { type Static } from 'typebox';
import { Count, Id128, Line, Sha256 } from '../scalars.ts';
import {
  MASK_SHAPES,
  MASK_STYLES,
  MASK_TARGETS,
  MaskCoverage,
  MaskDoubt,
  TRACK_KINDS,
} from './mask-plan.ts';

/** Every way the released picture differs from the original besides the masks. */
export const CONVERSION_KINDS = [
  'container',
  'codec',
  'padding',
  'bit-depth',
  'chroma',
  'colour-range',
  'rotation',
  'audio-removed',
  'metadata-removed',
  'time-repaired',
  'partial',
] as const;
export type ConversionKind = (typeof CONVERSION_KINDS)[number];

export const MediaConversion = Type.Object(
  {
    kind: Type.Enum(CONVERSION_KINDS),
    from: Line(120),
    to: Line(120),
    note: Line(300),
  },
  { additionalProperties: false },
);
export type MediaConversion = Static<typeof MediaConversion>;

/** A stretch of the recording that could not be read, in milliseconds from its first frame. */
export const MediaGap = Type.Object(
  { fromMs: Count, toMs: Count },
  { additionalProperties: false },
);
export type MediaGap = Static<typeof MediaGap>;

/** What can be said of a damaged recording: how much was promised, how much came out. */
export const PartialMedia = Type.Object(
  {
    declaredMs: Count,
    readableMs: Count,
    declaredFrames: Type.Optional(Count),
    readableFrames: Count,
    gaps: Type.Array(MediaGap, { maxItems: 10_000 }),
  },
  { additionalProperties: false },
);
export type PartialMedia = Static<typeof PartialMedia>;

/** The facts of a probed recording. Sizes are of the upright picture, before padding. */
export const ProbeReport = Type.Object(
  {
    container: Type.Enum(['mov', 'matroska', 'avi']),
    codec: Type.Enum(['h264', 'hevc', 'mjpeg', 'mpeg4']),
    profile: Type.Optional(Line(60)),
    width: Count,
    height: Count,
    codedWidth: Count,
    codedHeight: Count,
    rotation: Type.Integer({ minimum: -360, maximum: 360 }),
    pixelFormat: Line(40),
    bitDepth: Type.Integer({ minimum: 1, maximum: 16 }),
    chroma: Type.Enum(['4:0:0', '4:1:0', '4:1:1', '4:2:0', '4:2:2', '4:4:0', '4:4:4', 'rgb']),
    fullRange: Type.Boolean(),
    colourSpace: Type.Optional(Line(40)),
    colourPrimaries: Type.Optional(Line(40)),
    colourTransfer: Type.Optional(Line(40)),
    sampleAspect: Type.Object(
      { numerator: Count, denominator: Count },
      { additionalProperties: false },
    ),
    averageRate: Type.Number({ minimum: 0, maximum: 1000 }),
    durationMs: Type.Optional(Count),
    declaredFrames: Type.Optional(Count),
    sizeBytes: Count,
    audioStreams: Count,
    otherStreams: Count,
  },
  { additionalProperties: false },
);
export type ProbeReport = Static<typeof ProbeReport>;

/** One line of the report: what was masked (or left to be seen), when, why, and how surely it was seen. */
export const ReportedTrack = Type.Object(
  {
    trackId: Id128,
    kind: Type.Enum(TRACK_KINDS),
    origin: Type.Enum(['detector', 'operator']),
    decision: Type.Enum(['mask', 'show']),
    reason: Line(500),
    fromMs: Count,
    toMs: Count,
    maskedFrames: Count,
    seenFrames: Count,
    interpolatedFrames: Count,
    extendedFrames: Count,
    lowestConfidence: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  },
  { additionalProperties: false },
);
export type ReportedTrack = Static<typeof ReportedTrack>;

/** What the self-check of the rendered clip found: it passes only with no fault. */
export const MaskCheck = Type.Object(
  {
    passed: Type.Boolean(),
    framesChecked: Count,
    cellsChecked: Count,
    /** Detectors run over the finished clip: what they still saw lies inside masks or is shown with a reason. */
    residual: Type.Optional(
      Type.Object(
        {
          targets: Type.Array(Type.Enum(MASK_TARGETS), { maxItems: MASK_TARGETS.length }),
          framesSearched: Count,
          seenInMasks: Count,
        },
        { additionalProperties: false },
      ),
    ),
    faults: Type.Array(
      Type.Object(
        {
          atMs: Count,
          trackId: Id128,
          fault: Type.Enum([
            'detail-visible',
            'changes-with-source',
            'not-solid',
            'frame-missing',
            'frame-extra',
          ]),
        },
        { additionalProperties: false },
      ),
      { maxItems: 100 },
    ),
  },
  { additionalProperties: false },
);
export type MaskCheck = Static<typeof MaskCheck>;

/** What was done to one clip and where the detector was unsure; travels inside the package. */
export const RedactionReport = Type.Object(
  {
    version: Type.Literal(1),
    style: Type.Enum(MASK_STYLES),
    shape: Type.Optional(Type.Enum(MASK_SHAPES)),
    targets: Type.Array(Type.Enum(MASK_TARGETS), { maxItems: MASK_TARGETS.length }),
    planVersion: Count,
    planSha256: Sha256,
    clip: Type.Object(
      {
        sha256: Sha256,
        codec: Line(40),
        width: Count,
        height: Count,
        frameCount: Count,
        durationMs: Count,
      },
      { additionalProperties: false },
    ),
    tracks: Type.Array(ReportedTrack, { maxItems: 100_000 }),
    doubts: Type.Array(MaskDoubt, { maxItems: 200_000 }),
    coverage: Type.Optional(MaskCoverage),
    conversions: Type.Array(MediaConversion, { maxItems: 40 }),
    partial: Type.Union([Type.Null(), PartialMedia]),
    models: Type.Array(
      Type.Object({ name: Line(80), sha256: Sha256 }, { additionalProperties: false }),
      { maxItems: 10 },
    ),
    check: MaskCheck,
    watermark: Type.Object(
      { kind: Type.Literal('none'), reason: Type.Literal('not built') },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
);
export type RedactionReport = Static<typeof RedactionReport>;
