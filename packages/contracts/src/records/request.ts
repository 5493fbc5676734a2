import Type, { type Static } from 'typebox';
import { MASK_TARGETS } from '../media/mask-plan.ts';
import { Compact, Coordinates, Count, Id128, Line, Text, UtcTime } from '../scalars.ts';
import { REQUEST_STATES, STEP_PROGRESS } from '../states.ts';
import { strictObject } from './strict-object.ts';

export const REQUEST_KINDS = ['view', 'export', 'emergency', 'still'] as const;
/** 개인정보 보호법 18조 2항 각 호와 그 밖의 근거. */
export const LEGAL_BASES = [
  'pipa-18-2-1-consent',
  'pipa-18-2-2-statute',
  'pipa-18-2-3-urgent',
  'pipa-18-2-7-investigation',
  'pipa-18-2-8-trial',
  'warrant',
  'voluntary-submission',
] as const;
export const REASON_CODES = [
  'investigation',
  'traffic-accident',
  'missing-person',
  'theft',
  'violence',
  'disaster',
  'other',
] as const;

export const RequestItem = strictObject({
  itemId: Id128,
  cameraId: Id128,
  startsAt: UtcTime,
  endsAt: UtcTime,
});
export type RequestItem = Static<typeof RequestItem>;

/** Everything a requester says; rests in the DMZ only under the internal zone's key. */
export const RequestDetails = strictObject({
  kind: Type.Enum([...REQUEST_KINDS]),
  caseNumber: Line(60),
  caseName: Line(120),
  incidentAt: UtcTime,
  incidentAddress: Line(200),
  incidentCoordinates: Type.Optional(Coordinates),
  legalBasis: Type.Enum([...LEGAL_BASES]),
  legalArticle: Type.Optional(Line(120)),
  reasonCode: Type.Enum([...REASON_CODES]),
  reasonDetail: Text(2000),
  /** 전자문서번호; required unless the kind is `emergency`. */
  documentNumber: Type.Optional(Line(60)),
  items: Type.Array(RequestItem, { minItems: 1, maxItems: 50 }),
  maskTargets: Type.Array(Type.Enum([...MASK_TARGETS]), {
    minItems: 1,
    maxItems: MASK_TARGETS.length,
  }),
  maskExemption: Type.Optional(Text(1000)),
  recipientOfficerId: Id128,
  playPeriodDays: Type.Integer({ minimum: 1, maximum: 3650 }),
  plays: Type.Integer({ minimum: 0, maximum: 100_000 }),
  thirdParty: Type.Boolean(),
  pledgeVersion: Count,
});
export type RequestDetails = Static<typeof RequestDetails>;

/** A request as it crosses the DMZ: ids and times; the rest is sealed; the device signs all of it. */
export const ExportRequest = strictObject({
  requestId: Id128,
  siteId: Id128,
  officerId: Id128,
  deviceId: Id128,
  /** {@link RequestDetails} as canonical JSON, wrapped (purpose `personal`, context `requestId`). */
  sealed: Compact,
  at: UtcTime,
  expiresAt: UtcTime,
});
export type ExportRequest = Static<typeof ExportRequest>;

/** One export of a request, as its requester may see it. */
export const ExportStatus = strictObject({
  exportId: Id128,
  itemId: Id128,
  state: Type.Enum([...REQUEST_STATES]),
  progress: Type.Enum([...STEP_PROGRESS]),
  percent: Type.Integer({ minimum: 0, maximum: 100 }),
  /** Error code of a failed step. */
  failure: Type.Optional(Type.String({ pattern: '^ERR_[A-Z0-9_]{1,60}$' })),
  packageId: Type.Optional(Id128),
});
export type ExportStatus = Static<typeof ExportStatus>;

/** The state of a request, told outward; the highest version wins. */
export const RequestStatus = strictObject({
  requestId: Id128,
  version: Count,
  state: Type.Enum([...REQUEST_STATES]),
  receiptNumber: Type.Optional(Line(24)),
  /** Error code of a refusal at admission. */
  failure: Type.Optional(Type.String({ pattern: '^ERR_[A-Z0-9_]{1,60}$' })),
  exports: Type.Array(ExportStatus, { maxItems: 50 }),
  /** A person's words (a rejection's reason), wrapped to each device (purpose `personal`, context `requestId`). */
  notes: Type.Array(
    strictObject({ keyId: Type.String({ pattern: '^[0-9a-f]{64}$' }), sealed: Compact }),
    { maxItems: 8 },
  ),
  history: Type.Array(strictObject({ state: Type.Enum([...REQUEST_STATES]), at: UtcTime }), {
    maxItems: 100,
  }),
  at: UtcTime,
});
export type RequestStatus = Static<typeof RequestStatus>;
