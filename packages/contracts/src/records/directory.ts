import Type, { type Static } from 'typebox';
import { CERTIFICATE_ROLES } from '../certificates.ts';
import {
  CertificateText,
  Coordinates,
  Count,
  Id128,
  Line,
  Serial,
  Text,
  UtcTime,
} from '../scalars.ts';
import { strictObject } from './strict-object.ts';

/** A camera as the request form needs it. */
export const CameraEntry = strictObject({
  name: Line(80),
  district: Line(80),
  location: Line(160),
  retentionDays: Type.Integer({ minimum: 1, maximum: 3650 }),
  coordinates: Type.Optional(Coordinates),
  /** 반출제외: requests for it are refused. */
  excluded: Type.Boolean(),
});
export type CameraEntry = Static<typeof CameraEntry>;

export const StationEntry = strictObject({ name: Line(80) });
export const OFFICER_STATUSES = ['confirmed', 'refused', 'suspended'] as const;
export const OfficerEntry = strictObject({
  stationId: Id128,
  status: Type.Enum([...OFFICER_STATUSES]),
});
export const CertificateEntry = strictObject({
  role: Type.Enum([...CERTIFICATE_ROLES]),
  der: CertificateText,
});
export const RevocationEntry = strictObject({
  serial: Serial,
  reason: Type.Enum(['lost', 'replaced', 'left', 'misused', 'other']),
  at: UtcTime,
});

/** The site's rules as far as a requester must know them. */
export const PolicyEntry = strictObject({
  recommendedClipMinutes: Type.Integer({ minimum: 1, maximum: 1440 }),
  maximumClipMinutes: Type.Integer({ minimum: 1, maximum: 1440 }),
  requestValidDays: Type.Integer({ minimum: 1, maximum: 365 }),
  playPeriodDays: Type.Integer({ minimum: 1, maximum: 3650 }),
  thirdPartyPlayPeriodDays: Type.Integer({ minimum: 1, maximum: 3650 }),
  plays: Type.Integer({ minimum: 0, maximum: 100_000 }),
  pledgeVersion: Count,
  pledgeText: Text(4000),
});
export type PolicyEntry = Static<typeof PolicyEntry>;

const versioned = { id: Type.String({ pattern: '^[0-9a-f]{2,64}$' }), version: Count };
const entry = <K extends string, V extends ReturnType<typeof strictObject>>(kind: K, value: V) =>
  strictObject({ kind: Type.Literal(kind), ...versioned, value: Type.Union([value, Type.Null()]) });

/** One row of the directory. `value: null` is a tombstone; it outlives what it buried. */
export const DirectoryEntry = Type.Union([
  entry('camera', CameraEntry),
  entry('station', StationEntry),
  entry('officer', OfficerEntry),
  entry('certificate', CertificateEntry),
  entry('revocation', RevocationEntry),
  entry('policy', PolicyEntry),
]);
export type DirectoryEntry = Static<typeof DirectoryEntry>;

/** Directory rows with rising versions: an older version than the one known is ignored. */
export const DirectoryUpdate = strictObject({
  siteId: Id128,
  entries: Type.Array(DirectoryEntry, { minItems: 1, maxItems: 100 }),
  at: UtcTime,
});
export type DirectoryUpdate = Static<typeof DirectoryUpdate>;
