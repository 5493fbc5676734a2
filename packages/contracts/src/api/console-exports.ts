// Bodies and replies of the footage and export routes:
//
//   GET    /v1/footage                    FootageQuery → ConsoleFootageList           operator
//   POST   /v1/footage                    multipart: cameraId, startsAt, [name], file → 201 ConsoleFootage
//   POST   /v1/exports/:id/footage        FootageChoiceBody → ConsoleExport           operator (the preparer)
//   GET    /v1/exports/:id                ConsoleExport                               operator, approver
//   GET    /v1/exports/:id/tracks         ConsoleTracks, ETag "<version>"             operator, approver
//   GET    /v1/exports/:id/frames/:n      image/jpeg, n counts from 0                 operator, approver
//   PUT    /v1/exports/:id/mask-plan      MaskPlanBody, If-Match "<version>" → MaskPlanReply   operator
//   POST   /v1/exports/:id/review         ReviewBody → ConsoleExport                  operator
//   GET    /v1/exports/:id/report         RedactionReport                             operator, approver
//   GET    /v1/exports/:id/clip           video/mp4, the masked clip                  operator, approver
//   GET    /v1/exports/:id/release-draft  ReleaseApprovalDraft                        approver
//   POST   /v1/exports/:id/approvals      ReleaseApprovalBody → ApprovalReply         approver
//   POST   /v1/exports/:id/retry          ConsoleExport                               operator
//   POST   /v1/exports/:id/reseal         ResealBody → ConsoleExport                  operator
import Type, { type Static } from 'typebox';
import { MASK_STYLES, MASK_TARGETS, MaskKeyframe, MaskPlan } from '../media/mask-plan.ts';
import { ProbeReport } from '../media/redaction-report.ts';
import { strictObject } from '../records/strict-object.ts';
import { Count, Id128, Line, Sha256, UtcTime } from '../scalars.ts';
import { ConsoleExportRow } from './console-requests.ts';
import { orNull, pageOf, PageQuery } from './paging.ts';

export { ApprovalBody as ReleaseApprovalBody } from './console-requests.ts';

const Failure = Type.String({ pattern: '^ERR_[A-Z0-9_]{1,60}$' });

/** `stored`: taken in, not looked at yet; `usable`: read as a video; `refused`: not one. */
export const FOOTAGE_STATES = ['stored', 'usable', 'refused', 'destroyed'] as const;
export type FootageState = (typeof FOOTAGE_STATES)[number];
export const FOOTAGE_SOURCES = ['upload', 'watch-folder', 'command'] as const;
export type FootageSource = (typeof FOOTAGE_SOURCES)[number];

export const ConsoleFootage = strictObject({
  footageId: Id128,
  cameraId: Id128,
  /** First moment of the recording. */
  startsAt: UtcTime,
  /** Known once it has been read. */
  endsAt: orNull(UtcTime),
  /** As the person or the file called it: shown, never used as a path. */
  name: orNull(Line(120)),
  sha256: Sha256,
  sizeBytes: Count,
  source: Type.Enum([...FOOTAGE_SOURCES]),
  state: Type.Enum([...FOOTAGE_STATES]),
  /** Why it was refused. */
  failure: orNull(Failure),
  probe: orNull(ProbeReport),
  importedAt: UtcTime,
});
export type ConsoleFootage = Static<typeof ConsoleFootage>;
export const FootageQuery = strictObject({
  ...PageQuery.properties,
  cameraId: Type.Optional(Id128),
});
export const ConsoleFootageList = pageOf(ConsoleFootage);
export type ConsoleFootageList = Static<typeof ConsoleFootageList>;

/** The operator who chooses the footage is the preparer, and may not give the release approval. */
export const FootageChoiceBody = strictObject({
  footageId: Id128,
  style: Type.Optional(Type.Enum([...MASK_STYLES])),
  /** What to look for; the request's own targets unless told. */
  targets: Type.Optional(
    Type.Array(Type.Enum([...MASK_TARGETS]), { minItems: 1, maxItems: MASK_TARGETS.length }),
  ),
});
export type FootageChoiceBody = Static<typeof FootageChoiceBody>;

/** What became of one package of an export; `sent` is not `received`. */
export const CONSOLE_PACKAGE_STATES = [
  'sealing',
  'sealed',
  'sent',
  'received',
  'quarantined',
  'superseded',
] as const;
export const ConsolePackage = strictObject({
  packageId: Id128,
  supersedes: orNull(Id128),
  state: Type.Enum([...CONSOLE_PACKAGE_STATES]),
  failure: orNull(Failure),
  deviceCount: Count,
  sizeBytes: orNull(Count),
  root: orNull(Sha256),
  expiresAt: UtcTime,
  sealedAt: orNull(UtcTime),
  sentAt: orNull(UtcTime),
  receivedAt: orNull(UtcTime),
});
export type ConsolePackage = Static<typeof ConsolePackage>;

/** Facts of a failure, by name: times in milliseconds, places in pixels, counts. */
export const FailureDetail = Type.Record(
  Type.String({ pattern: '^[A-Za-z][A-Za-z0-9]{0,39}$' }),
  Type.Union([Type.String({ maxLength: 400 }), Type.Number(), Type.Boolean()]),
);
export type FailureDetail = Static<typeof FailureDetail>;

export const ConsoleExport = strictObject({
  ...ConsoleExportRow.properties,
  /** What helps to mend `failure`, where something does. */
  failureDetail: orNull(FailureDetail),
  requestId: Id128,
  footageId: orNull(Id128),
  footageSha256: orNull(Sha256),
  preparedAt: orNull(UtcTime),
  style: Type.Enum([...MASK_STYLES]),
  targets: Type.Array(Type.Enum([...MASK_TARGETS])),
  /** Newest mask plan, and the one that was reviewed; null before there is one. */
  planVersion: orNull(Count),
  reviewedVersion: orNull(Count),
  previewCount: Count,
  clipSha256: orNull(Sha256),
  clipSizeBytes: orNull(Count),
  reportSha256: orNull(Sha256),
  watermark: strictObject({ kind: Type.Literal('none'), reason: Type.Literal('not built') }),
  packages: Type.Array(ConsolePackage),
});
export type ConsoleExport = Static<typeof ConsoleExport>;

/** The newest mask plan and the pictures to judge it by. */
export const ConsoleTracks = strictObject({
  version: Count,
  planSha256: Sha256,
  plan: MaskPlan,
  /** `n` of `GET …/frames/:n` is the place in this list. */
  previews: Type.Array(strictObject({ atMs: Count }), { maxItems: 10_000 }),
});
export type ConsoleTracks = Static<typeof ConsoleTracks>;

const reason = Line(500);
const keyframes = Type.Array(MaskKeyframe, { minItems: 1, maxItems: 10_000 });
/** One change of an operator. Masks that the detector found are never removed, only shown with a reason. */
export const MaskEdit = Type.Union([
  strictObject({
    kind: Type.Literal('add'),
    trackKind: Type.Enum(['manual', 'region']),
    reason,
    fromMs: Count,
    toMs: Count,
    keyframes,
  }),
  strictObject({
    kind: Type.Literal('change'),
    trackId: Id128,
    fromMs: Count,
    toMs: Count,
    keyframes,
  }),
  strictObject({ kind: Type.Literal('remove'), trackId: Id128 }),
  strictObject({ kind: Type.Literal('show'), trackId: Id128, reason }),
  strictObject({ kind: Type.Literal('mask'), trackId: Id128, reason }),
]);
export type MaskEdit = Static<typeof MaskEdit>;

export const MaskPlanBody = strictObject({
  edits: Type.Array(MaskEdit, { minItems: 1, maxItems: 1000 }),
});
export type MaskPlanBody = Static<typeof MaskPlanBody>;
export const MaskPlanReply = strictObject({ version: Count, planSha256: Sha256 });
export type MaskPlanReply = Static<typeof MaskPlanReply>;

/** The version the operator looked at; refused when a newer one exists. */
export const ReviewBody = strictObject({ version: Count });
export type ReviewBody = Static<typeof ReviewBody>;

/** Names the package that the new one replaces. */
export const ResealBody = strictObject({ supersedes: Id128 });
export type ResealBody = Static<typeof ResealBody>;

export const FrameParams = strictObject({
  id: Id128,
  n: Type.Integer({ minimum: 0, maximum: 10_000 }),
});
