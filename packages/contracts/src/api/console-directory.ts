import Type, { type Static } from 'typebox';
import { MASK_STYLES, MASK_TARGETS } from '../media/mask-plan.ts';
import { PolicyEntry } from '../records/directory.ts';
import { OfficerPersonal } from '../records/enrolment.ts';
import { strictObject } from '../records/strict-object.ts';
import { Coordinates, Count, Id128, Line, UtcTime } from '../scalars.ts';
import { orNull, pageOf, PageQuery } from './paging.ts';

export const NewStation = strictObject({ name: Line(80) });
export type NewStation = Static<typeof NewStation>;
export const ConsoleStation = strictObject({
  stationId: Id128,
  name: Line(80),
  createdAt: UtcTime,
});
export type ConsoleStation = Static<typeof ConsoleStation>;
export const ConsoleStations = strictObject({ stations: Type.Array(ConsoleStation) });
export type ConsoleStations = Static<typeof ConsoleStations>;

/** Minutes of the day in Korean time; `from > to` runs over midnight. */
const MinuteOfDay = Type.Integer({ minimum: 0, maximum: 1440 });
/** 반출제외: never released, or not within these hours. */
export const CameraExclusion = Type.Union([
  strictObject({ kind: Type.Literal('none') }),
  strictObject({ kind: Type.Literal('always') }),
  strictObject({ kind: Type.Literal('hours'), fromMinute: MinuteOfDay, toMinute: MinuteOfDay }),
]);
export type CameraExclusion = Static<typeof CameraExclusion>;

export const CAMERA_TYPES = ['fixed', 'ptz', 'dome', 'vehicle', 'body', 'other'] as const;

const cameraFields = {
  name: Line(80),
  location: Line(160),
  type: Type.Enum([...CAMERA_TYPES]),
  district: Line(80),
  retentionDays: Type.Integer({ minimum: 1, maximum: 3650 }),
  exclusion: CameraExclusion,
};

/** Without `retentionDays` the policy's footage retention holds; without `exclusion`, none. */
export const NewCamera = strictObject({
  name: cameraFields.name,
  location: cameraFields.location,
  type: cameraFields.type,
  district: cameraFields.district,
  retentionDays: Type.Optional(cameraFields.retentionDays),
  exclusion: Type.Optional(CameraExclusion),
  coordinates: Type.Optional(Coordinates),
});
export type NewCamera = Static<typeof NewCamera>;

/** What changes; `removed` takes the camera out of the directory for good. */
export const CameraChange = Type.Object(
  {
    ...Type.Partial(strictObject({ ...cameraFields, coordinates: Coordinates })).properties,
    removed: Type.Optional(Type.Literal(true)),
  },
  { additionalProperties: false, minProperties: 1 },
);
export type CameraChange = Static<typeof CameraChange>;

export const ConsoleCamera = strictObject({
  cameraId: Id128,
  ...cameraFields,
  coordinates: orNull(Coordinates),
  version: Count,
  registrant: orNull(Line(60)),
  registeredAt: UtcTime,
  removedAt: orNull(UtcTime),
});
export type ConsoleCamera = Static<typeof ConsoleCamera>;
export const CameraQuery = strictObject({
  ...PageQuery.properties,
  search: Type.Optional(Line(80)),
});
export const ConsoleCameras = pageOf(ConsoleCamera);
export type ConsoleCameras = Static<typeof ConsoleCameras>;

export const OFFICER_STATES = ['pending', 'confirmed', 'refused', 'suspended'] as const;
export const ConsoleOfficer = strictObject({
  officerId: Id128,
  stationId: Id128,
  stationName: orNull(Line(80)),
  ...OfficerPersonal.properties,
  state: Type.Enum([...OFFICER_STATES]),
  signedUpAt: UtcTime,
  decidedAt: orNull(UtcTime),
  /** Another officer carries the same staff number: look before confirming. */
  sameStaffNumber: Type.Boolean(),
});
export type ConsoleOfficer = Static<typeof ConsoleOfficer>;
export const ConsoleOfficers = strictObject({ officers: Type.Array(ConsoleOfficer) });
export type ConsoleOfficers = Static<typeof ConsoleOfficers>;

/** `challenged`: the answer is awaited · `proved`: an operator compares the fingerprint · `confirmed`: certificates ordered or issued. */
export const DEVICE_STATES = ['challenged', 'proved', 'confirmed', 'refused', 'revoked'] as const;
export const ConsoleEnrolment = strictObject({
  deviceId: Id128,
  officerId: Id128,
  officerName: Line(60),
  stationName: orNull(Line(80)),
  label: Line(80),
  /** First 20 hex digits of SHA-256 over the canonical two public keys, in groups of four. */
  fingerprint: Line(40),
  state: Type.Enum([...DEVICE_STATES]),
  receivedAt: UtcTime,
  decidedAt: orNull(UtcTime),
  certified: Type.Boolean(),
});
export type ConsoleEnrolment = Static<typeof ConsoleEnrolment>;
export const ConsoleEnrolments = strictObject({ enrolments: Type.Array(ConsoleEnrolment) });
export type ConsoleEnrolments = Static<typeof ConsoleEnrolments>;

export const REVOCATION_REASONS = ['lost', 'replaced', 'left', 'misused', 'other'] as const;
export const RevocationBody = strictObject({ reason: Type.Enum([...REVOCATION_REASONS]) });
export type RevocationBody = Static<typeof RevocationBody>;

/** `two-person-site`: whoever prepared an export may give its request approval; the manifest says so. */
export const APPROVAL_POLICIES = ['three-person', 'two-person-site'] as const;

/** The site's rules: what requesters see, and what only the inside needs. */
export const SitePolicy = strictObject({
  ...PolicyEntry.properties,
  approvalPolicy: Type.Enum([...APPROVAL_POLICIES]),
  footageRetentionDays: Type.Integer({ minimum: 1, maximum: 3650 }),
  /** Kept this long after the play period ends. */
  keepDaysAfterPlay: Type.Integer({ minimum: 0, maximum: 3650 }),
  /** An approval's JWS must be used within this time. */
  approvalValidDays: Type.Integer({ minimum: 1, maximum: 365 }),
  maskStyle: Type.Enum([...MASK_STYLES]),
  /** Detected in every export besides what the request asks for. */
  maskTargets: Type.Array(Type.Enum([...MASK_TARGETS]), { maxItems: MASK_TARGETS.length }),
});
export type SitePolicy = Static<typeof SitePolicy>;
export const ConsolePolicy = strictObject({ version: Count, at: UtcTime, policy: SitePolicy });
export type ConsolePolicy = Static<typeof ConsolePolicy>;
