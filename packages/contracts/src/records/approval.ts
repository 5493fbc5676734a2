import Type, { type Static } from 'typebox';
import { Count, Id128, Sha256, UtcTime } from '../scalars.ts';
import { LEGAL_BASES, REASON_CODES, RequestItem } from './request.ts';
import { strictObject } from './strict-object.ts';

/** What a request approval covers. Kept inside; only its salted digest is signed and travels. */
export const RequestScope = strictObject({
  requestId: Id128,
  /** SHA-256 of the signed request's compact text. */
  requestSha256: Sha256,
  items: Type.Array(RequestItem, { minItems: 1, maxItems: 50 }),
  recipientOfficerId: Id128,
  reasonCode: Type.Enum([...REASON_CODES]),
  legalBasis: Type.Enum([...LEGAL_BASES]),
  playPeriodDays: Type.Integer({ minimum: 1, maximum: 3650 }),
  plays: Type.Integer({ minimum: 0, maximum: 100_000 }),
  thirdParty: Type.Boolean(),
});
export type RequestScope = Static<typeof RequestScope>;

/** What a release approval covers: exactly these bytes, nothing else. */
export const ReleaseScope = strictObject({
  requestId: Id128,
  exportId: Id128,
  itemId: Id128,
  /** SHA-256 of the request approval's compact text. */
  requestApprovalSha256: Sha256,
  footageSha256: Sha256,
  maskPlanVersion: Count,
  maskPlanSha256: Sha256,
  clipSha256: Sha256,
  reportSha256: Sha256,
});
export type ReleaseScope = Static<typeof ReleaseScope>;

/** A scope with the salt that keeps its digest from being guessed; canonical JSON of this is digested. */
export const SaltedRequestScope = strictObject({ salt: Id128, scope: RequestScope });
export const SaltedReleaseScope = strictObject({ salt: Id128, scope: ReleaseScope });
export type SaltedRequestScope = Static<typeof SaltedRequestScope>;
export type SaltedReleaseScope = Static<typeof SaltedReleaseScope>;

const common = {
  approvalId: Id128,
  siteId: Id128,
  requestId: Id128,
  scopeSha256: Sha256,
  at: UtcTime,
  expiresAt: UtcTime,
};

/** The first of the two approvals. */
export const RequestApproval = strictObject({ ...common });
export type RequestApproval = Static<typeof RequestApproval>;

/** The second, by another person with another certificate. */
export const ReleaseApproval = strictObject({ ...common, exportId: Id128 });
export type ReleaseApproval = Static<typeof ReleaseApproval>;
