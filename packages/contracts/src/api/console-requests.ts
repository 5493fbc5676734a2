import Type, { type Static } from 'typebox';
import { SaltedReleaseScope, SaltedRequestScope } from '../records/approval.ts';
import { ExportStatus, REQUEST_KINDS, RequestDetails } from '../records/request.ts';
import { strictObject } from '../records/strict-object.ts';
import { Compact, Count, Id128, Line, Sha256, Text, UtcTime } from '../scalars.ts';
import { REQUEST_STATES } from '../states.ts';
import { orNull, pageOf, PageQuery } from './paging.ts';

/** Facts an approver should see before deciding; none of them refuses the request. */
export const REQUEST_WARNINGS = [
  'longer-than-recommended',
  'document-number-used-before',
  'document-number-missing-emergency',
  'recipient-differs-from-requester',
  'retention-ends-soon',
  'mask-exemption-asked',
] as const;
export type RequestWarning = (typeof REQUEST_WARNINGS)[number];

export const ConsoleRequestRow = strictObject({
  requestId: Id128,
  receiptNumber: Line(24),
  kind: orNull(Type.Enum([...REQUEST_KINDS])),
  state: Type.Enum([...REQUEST_STATES]),
  requesterName: Line(60),
  stationName: orNull(Line(80)),
  caseNumber: orNull(Line(60)),
  itemCount: Count,
  warnings: Type.Array(Type.Enum([...REQUEST_WARNINGS])),
  at: UtcTime,
  expiresAt: UtcTime,
});
export type ConsoleRequestRow = Static<typeof ConsoleRequestRow>;
export const RequestQuery = strictObject({
  ...PageQuery.properties,
  state: Type.Optional(Type.Enum([...REQUEST_STATES])),
});
export const ConsoleRequests = pageOf(ConsoleRequestRow);
export type ConsoleRequests = Static<typeof ConsoleRequests>;

export const ConsoleExportRow = strictObject({
  ...ExportStatus.properties,
  cameraId: Id128,
  cameraName: Line(80),
  startsAt: UtcTime,
  endsAt: UtcTime,
});
export type ConsoleExportRow = Static<typeof ConsoleExportRow>;

export const ConsoleRequest = strictObject({
  ...ConsoleRequestRow.properties,
  /** Null when the request was refused before it could be opened. */
  details: orNull(RequestDetails),
  /** Camera names of `details.items`, same order. */
  cameraNames: Type.Array(Line(80)),
  recipientName: orNull(Line(60)),
  requesterId: Id128,
  failure: orNull(Line(64)),
  rejection: orNull(Text(2000)),
  exports: Type.Array(ConsoleExportRow),
  history: Type.Array(
    strictObject({ state: Type.Enum([...REQUEST_STATES]), at: UtcTime, by: orNull(Line(60)) }),
  ),
  approvals: Type.Array(
    strictObject({
      approvalId: Id128,
      kind: Type.Enum(['request', 'release']),
      exportId: orNull(Id128),
      by: Line(60),
      at: UtcTime,
    }),
  ),
});
export type ConsoleRequest = Static<typeof ConsoleRequest>;

const draft = {
  approvalId: Id128,
  siteId: Id128,
  requestId: Id128,
  /** The client recomputes this from `scope` before it signs. */
  scopeSha256: Sha256,
  expiresAt: UtcTime,
};

/** What the approver's client shows, digests and signs as a `request-approval` record. */
export const RequestApprovalDraft = strictObject({ ...draft, scope: SaltedRequestScope });
export type RequestApprovalDraft = Static<typeof RequestApprovalDraft>;
/** The same for a `release-approval` record. */
export const ReleaseApprovalDraft = strictObject({
  ...draft,
  exportId: Id128,
  scope: SaltedReleaseScope,
});
export type ReleaseApprovalDraft = Static<typeof ReleaseApprovalDraft>;

export const ApprovalBody = strictObject({ jws: Compact });
export type ApprovalBody = Static<typeof ApprovalBody>;
export const ApprovalReply = strictObject({
  approvalId: Id128,
  approvalSha256: Sha256,
  state: Type.Enum([...REQUEST_STATES]),
});
export type ApprovalReply = Static<typeof ApprovalReply>;

export const RejectionBody = strictObject({ reason: Line(1000) });
export type RejectionBody = Static<typeof RejectionBody>;
