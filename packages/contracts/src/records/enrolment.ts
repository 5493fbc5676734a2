import Type, { type Static } from 'typebox';
import { Compact, Id128, Line, PublicJwk, Sha256, UtcTime } from '../scalars.ts';
import { strictObject } from './strict-object.ts';

/** A sign-up: ids in the clear, the person only under the internal zone's key. */
export const OfficerSignUp = strictObject({
  officerId: Id128,
  stationId: Id128,
  siteId: Id128,
  /** {@link OfficerPersonal}, wrapped (purpose `personal`, context `officerId`). */
  sealed: Compact,
  at: UtcTime,
});
export type OfficerSignUp = Static<typeof OfficerSignUp>;

/** What a sign-up says about the person; canonical JSON inside {@link OfficerSignUp}'s `sealed`. */
export const OfficerPersonal = strictObject({
  name: Line(60),
  rank: Line(40),
  department: Line(80),
  staffNumber: Line(40),
  phone: Line(40),
  email: Line(120),
});
export type OfficerPersonal = Static<typeof OfficerPersonal>;

/** The two public keys of a device; the signing key signs this record itself. */
export const DeviceEnrolment = strictObject({
  deviceId: Id128,
  officerId: Id128,
  siteId: Id128,
  label: Line(80),
  signingKey: PublicJwk,
  agreementKey: PublicJwk,
  at: UtcTime,
  expiresAt: UtcTime,
});
export type DeviceEnrolment = Static<typeof DeviceEnrolment>;

/** 32 random bytes only the agreement key opens (purpose `enrolment-challenge`, context and key id = device id). */
export const EnrolmentChallenge = strictObject({
  deviceId: Id128,
  challenge: Compact,
  at: UtcTime,
});
export type EnrolmentChallenge = Static<typeof EnrolmentChallenge>;

/** The answer, signed by the device's signing key. */
export const EnrolmentProof = strictObject({
  deviceId: Id128,
  challengeSha256: Sha256,
  at: UtcTime,
});
export type EnrolmentProof = Static<typeof EnrolmentProof>;

/** A refused enrolment, told outward so that the officer learns why. */
export const EnrolmentOutcome = strictObject({
  deviceId: Id128,
  outcome: Type.Enum(['confirmed', 'refused']),
  at: UtcTime,
});
export type EnrolmentOutcome = Static<typeof EnrolmentOutcome>;
