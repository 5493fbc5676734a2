import Type, { type Static } from 'typebox';
import { CameraEntry, PolicyEntry, StationEntry } from '../records/directory.ts';
import { ExportStatus, RequestStatus } from '../records/request.ts';
import { strictObject } from '../records/strict-object.ts';
import {
  CertificateText,
  Compact,
  Count,
  Id128,
  Line,
  PublicJwk,
  Sha256,
  UtcTime,
} from '../scalars.ts';
import { REQUEST_STATES } from '../states.ts';
import { LaneGap } from './lane-gap.ts';

/*
 * The portal's API: every route of the gateway, its body and its reply. Errors are problem+json.
 * State-changing calls after log-in repeat the session's `csrf` in the header `x-sallyport-csrf`.
 *
 *   GET    /v1/site                            PortalSite                                    public
 *   GET    /v1/directory/stations              PortalStations                                public
 *   POST   /v1/sign-up                         PortalSignUpBody → 201 PortalSignUpReply      public
 *   POST   /v1/activation                      PortalActivationBody → PortalActivationReply  public
 *   POST   /v1/activation/confirm              PortalActivationConfirmBody → 204             public
 *   POST   /v1/session                         PortalLoginBody → PortalSession + cookie      public
 *   GET    /v1/session                         PortalSession                                 any session
 *   DELETE /v1/session                         204                                           any session
 *   GET    /v1/directory/cameras               PortalCameras                                 officer
 *   GET    /v1/directory/policy                PortalPolicy                                  officer
 *   GET    /v1/devices                         PortalDevices                                 officer
 *   POST   /v1/devices                         PortalRecordBody (device-enrolment) → 201 PortalDevice      officer
 *   POST   /v1/devices/:deviceId/proof         PortalRecordBody (enrolment-proof) → 202 PortalDevice       officer
 *   GET    /v1/requests                        PortalRequests                                officer
 *   POST   /v1/requests                        PortalRequestBody → 202 PortalRequest         officer, confirmed
 *   GET    /v1/requests/:requestId             PortalRequest                                 officer
 *   GET    /v1/packages                        PortalPackages (addressed to me)              officer
 *   GET    /v1/packages/:packageId             PortalPackage                                 officer
 *   GET    /v1/packages/:packageId/header      PortalRecordBody (package-header)             officer, recipient
 *   GET    /v1/packages/:packageId/leaves      application/octet-stream, 32 bytes a segment  officer, recipient
 *   GET    /v1/packages/:packageId/segments/:n application/octet-stream, ETag = "<leaf hex>" officer, recipient
 *   POST   /v1/packages/:packageId/licence-nonce PortalNonceBody → PortalNonce               officer, recipient
 *   POST   /v1/packages/:packageId/licence     PortalRecordBody (licence-request) → PortalRecordBody (licence)
 *   POST   /v1/receipts                        PortalRecordBody (playback- or destruction-receipt) → 202
 *   GET    /v1/transfer-log                    PortalTransferLogQuery → PortalTransferLog    auditor
 *   GET    /v1/transfer-log.csv                text/csv                                      auditor
 *   GET    /v1/lanes                           PortalLanes                        auditor, administrator
 *   GET    /v1/accounts                        PortalAccounts                     administrator
 *   POST   /v1/accounts/:accountId/unlock      204                                administrator
 */

export const PORTAL_ROLES = ['officer', 'auditor', 'administrator'] as const;
export type PortalRole = (typeof PORTAL_ROLES)[number];

const Login = Type.String({ pattern: '^[a-z0-9][a-z0-9._-]{1,46}$' });
const Password = Type.String({ minLength: 1, maxLength: 256 });
const Totp = Type.String({ pattern: '^[0-9]{6}$' });
const Failure = Type.String({ pattern: '^ERR_[A-Z0-9_]{1,60}$' });
const nullable = <S extends ReturnType<typeof Type.String>>(schema: S) =>
  Type.Union([schema, Type.Null()]);
const Time = nullable(UtcTime);

export const PortalDeviceParams = strictObject({ deviceId: Id128 });
export const PortalRequestParams = strictObject({ requestId: Id128 });
export const PortalPackageParams = strictObject({ packageId: Id128 });
/** `n` counts from 0 over the whole package. */
export const PortalSegmentParams = strictObject({
  packageId: Id128,
  n: Type.String({ pattern: '^(0|[1-9][0-9]{0,9})$' }),
});
export const PortalAccountParams = strictObject({ accountId: Id128 });

/** One signed record in or out; the route says which kind. */
export const PortalRecordBody = strictObject({ jws: Compact });
export type PortalRecordBody = Static<typeof PortalRecordBody>;

/** What a page needs before anybody has logged in. */
export const PortalSite = strictObject({
  siteId: Id128,
  siteName: Line(80),
  gatewayId: Id128,
  /** Internal CA, standard base64 DER: what a player verifies packages against. */
  ca: CertificateText,
  /** Personal fields and request details are wrapped to this key in the browser. */
  intakeKey: strictObject({ keyId: Id128, jwk: PublicJwk }),
});
export type PortalSite = Static<typeof PortalSite>;

export const PortalStations = strictObject({
  stations: Type.Array(strictObject({ stationId: Id128, ...StationEntry.properties })),
});
export type PortalStations = Static<typeof PortalStations>;

/** The client draws `officerId` (128 random bits): the wrap of the personal fields is bound to it. */
export const PortalSignUpBody = strictObject({
  officerId: Id128,
  /** Start of the login name; the gateway adds digits, so nobody can ask which names are taken. */
  wishedLogin: Type.String({ pattern: '^[a-z0-9][a-z0-9._-]{1,30}$' }),
  password: Password,
  stationId: Id128,
  /** OfficerPersonal, canonical JSON, wrapped to the intake key (purpose `personal`, context officerId). */
  sealed: Compact,
});
export type PortalSignUpBody = Static<typeof PortalSignUpBody>;

export const PortalSignUpReply = strictObject({
  officerId: Id128,
  /** The login name to use from now on. */
  login: Login,
  totpSecret: Type.String(),
  otpauthUri: Type.String(),
});
export type PortalSignUpReply = Static<typeof PortalSignUpReply>;

export const PortalActivationBody = strictObject({
  login: Login,
  code: Line(64),
  password: Password,
});
export type PortalActivationBody = Static<typeof PortalActivationBody>;
export const PortalActivationReply = strictObject({
  totpSecret: Type.String(),
  otpauthUri: Type.String(),
});
export type PortalActivationReply = Static<typeof PortalActivationReply>;
export const PortalActivationConfirmBody = strictObject({
  login: Login,
  code: Line(64),
  totp: Totp,
});
export type PortalActivationConfirmBody = Static<typeof PortalActivationConfirmBody>;

export const PortalLoginBody = strictObject({ login: Login, password: Password, totp: Totp });
export type PortalLoginBody = Static<typeof PortalLoginBody>;

/** `waiting`: signed up, not yet confirmed inside; such an officer may enrol a device and look, nothing more. */
export const PORTAL_OFFICER_STATUSES = ['waiting', 'confirmed', 'refused', 'suspended'] as const;
export type PortalOfficerStatus = (typeof PORTAL_OFFICER_STATUSES)[number];

export const PortalSession = strictObject({
  account: strictObject({
    accountId: Id128,
    login: Login,
    role: Type.Enum([...PORTAL_ROLES]),
    /** Only of officers. */
    officer: Type.Union([
      strictObject({
        officerId: Id128,
        stationId: Id128,
        status: Type.Enum([...PORTAL_OFFICER_STATUSES]),
      }),
      Type.Null(),
    ]),
  }),
  csrf: Type.String(),
  expiresAt: UtcTime,
});
export type PortalSession = Static<typeof PortalSession>;

export const PortalCameras = strictObject({
  cameras: Type.Array(strictObject({ cameraId: Id128, version: Count, ...CameraEntry.properties })),
});
export type PortalCameras = Static<typeof PortalCameras>;

/** Null until the first policy has come over the export lane. */
export const PortalPolicy = strictObject({ policy: Type.Union([PolicyEntry, Type.Null()]) });
export type PortalPolicy = Static<typeof PortalPolicy>;

/**
 * `submitted`: on its way inside · `challenged`: open `challenge` and post the proof · `proved`: an
 * operator compares the fingerprint · `confirmed`: the certificates are here.
 */
export const PORTAL_DEVICE_STATES = [
  'submitted',
  'challenged',
  'proved',
  'confirmed',
  'refused',
  'revoked',
] as const;
export type PortalDeviceState = (typeof PORTAL_DEVICE_STATES)[number];

export const PortalDevice = strictObject({
  deviceId: Id128,
  label: Line(80),
  state: Type.Enum([...PORTAL_DEVICE_STATES]),
  /** First 20 hex digits of SHA-256 over canonical {agreementKey, signingKey}, in groups of 4. */
  fingerprint: Type.String(),
  /** 32 bytes wrapped to the agreement key; only while `challenged`. */
  challenge: nullable(Compact),
  signCertificate: nullable(CertificateText),
  agreeCertificate: nullable(CertificateText),
  createdAt: UtcTime,
});
export type PortalDevice = Static<typeof PortalDevice>;
export const PortalDevices = strictObject({ devices: Type.Array(PortalDevice) });
export type PortalDevices = Static<typeof PortalDevices>;

/** `copy`: the same details, wrapped to the requester's own device (purpose `personal`, context requestId, key id = agreement certificate id). */
export const PortalRequestBody = strictObject({ jws: Compact, copy: Compact });
export type PortalRequestBody = Static<typeof PortalRequestBody>;

export const PORTAL_TRANSFER_STATES = [
  'not-seen',
  'receiving',
  'verifying',
  'available',
  'quarantined',
  'destroyed',
] as const;
export type PortalTransferState = (typeof PORTAL_TRANSFER_STATES)[number];

/** How much of one package is here. */
export const PortalTransfer = strictObject({
  state: Type.Enum([...PORTAL_TRANSFER_STATES]),
  partsReceived: Count,
  partCount: Count,
  /** Ranges of part numbers that have not arrived, both ends included; at most 50 are shown. */
  missing: Type.Array(strictObject({ from: Count, to: Count })),
  failure: nullable(Failure),
  firstPartAt: Time,
  wholeAt: Time,
  admittedAt: Time,
});
export type PortalTransfer = Static<typeof PortalTransfer>;

export const PORTAL_LICENCE_STATES = [
  'none',
  'not-yet',
  'active',
  'used-up',
  'expired',
  'revoked',
  'destroyed',
] as const;
export type PortalLicenceState = (typeof PORTAL_LICENCE_STATES)[number];

export const PortalLicence = strictObject({
  state: Type.Enum([...PORTAL_LICENCE_STATES]),
  /** Null = unlimited, or no grant yet. */
  playsLeft: Type.Union([Count, Type.Null()]),
  notBefore: Time,
  notAfter: Time,
});
export type PortalLicence = Static<typeof PortalLicence>;

/** One package as its recipient sees it. The three facts of destruction each have their own time. */
export const PortalPackage = strictObject({
  packageId: Id128,
  requestId: nullable(Id128),
  exportId: nullable(Id128),
  supersedes: nullable(Id128),
  sizeBytes: Count,
  segmentCount: Count,
  expiresAt: Time,
  transfer: PortalTransfer,
  licence: PortalLicence,
  destruction: strictObject({ keyDestroyedAt: Time, fileDestroyedAt: Time, receiptAt: Time }),
});
export type PortalPackage = Static<typeof PortalPackage>;
export const PortalPackages = strictObject({ packages: Type.Array(PortalPackage) });
export type PortalPackages = Static<typeof PortalPackages>;

const requestSummary = {
  requestId: Id128,
  deviceId: Id128,
  state: Type.Enum([...REQUEST_STATES]),
  receiptNumber: Type.Union([Line(24), Type.Null()]),
  failure: nullable(Failure),
  submittedAt: UtcTime,
  expiresAt: UtcTime,
  /** The requester's own copy of the details; only that device opens it. */
  copy: Compact,
};
export const PortalRequestSummary = strictObject(requestSummary);
export type PortalRequestSummary = Static<typeof PortalRequestSummary>;
export const PortalRequests = strictObject({ requests: Type.Array(PortalRequestSummary) });
export type PortalRequests = Static<typeof PortalRequests>;

/** A request with every hop: queued here, on the lane, known inside, its exports, their packages. */
export const PortalRequest = strictObject({
  ...requestSummary,
  hops: strictObject({
    queuedAt: UtcTime,
    /** Written to the request lane; says nothing about arrival. */
    sentAt: Time,
    /** The first status that came back over the export lane. */
    answeredAt: Time,
  }),
  statusVersion: Count,
  history: RequestStatus.properties.history,
  notes: RequestStatus.properties.notes,
  exports: Type.Array(
    strictObject({ ...ExportStatus.properties, package: Type.Union([PortalPackage, Type.Null()]) }),
  ),
});
export type PortalRequest = Static<typeof PortalRequest>;

export const PortalNonceBody = strictObject({ deviceId: Id128 });
export type PortalNonceBody = Static<typeof PortalNonceBody>;
/** Good once, for 60 seconds, for this package and device. */
export const PortalNonce = strictObject({
  nonce: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
  expiresAt: UtcTime,
});
export type PortalNonce = Static<typeof PortalNonce>;

/** `before`: rows older than this row number, for the next page. */
export const PortalTransferLogQuery = strictObject({
  before: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,14}$' })),
  limit: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,2}$' })),
});
export type PortalTransferLogQuery = Static<typeof PortalTransferLogQuery>;

/** One act of the DMZ on footage, as the ledger names it. */
export const PortalTransferLogRow = strictObject({
  row: Count,
  at: UtcTime,
  /** Kind of the ledger event. */
  event: Type.String(),
  actorKind: Type.Enum(['account', 'officer', 'role', 'command']),
  actor: Type.String(),
  requestId: nullable(Id128),
  packageId: nullable(Id128),
  officerId: nullable(Id128),
  deviceId: nullable(Id128),
  firstSegment: Type.Union([Count, Type.Null()]),
  lastSegment: Type.Union([Count, Type.Null()]),
  sizeBytes: Type.Union([Count, Type.Null()]),
  /** Error code of a refusal, verdict of a receipt, reason of a destruction. */
  outcome: nullable(Type.String()),
  /** Index in this zone's ledger; null until it is written there. */
  ledgerIndex: Type.Union([Count, Type.Null()]),
});
export type PortalTransferLogRow = Static<typeof PortalTransferLogRow>;
export const PortalTransferLog = strictObject({
  rows: Type.Array(PortalTransferLogRow),
  nextBefore: nullable(Type.String()),
});
export type PortalTransferLog = Static<typeof PortalTransferLog>;

/** `unproven`: no checkpoint, or none that a proof ties to the one before. */
export const PORTAL_WITNESS_VERDICTS = ['verified', 'unproven', 'forked'] as const;

export const PortalLanes = strictObject({
  /** The internal zone is pinned; the gateway's certificates have come over the export lane. */
  trust: strictObject({
    pinned: Type.Boolean(),
    certified: Type.Boolean(),
    fingerprint: nullable(Sha256),
  }),
  exportLane: strictObject({
    received: Count,
    refused: Count,
    lastFrameAt: Time,
    gaps: Type.Array(LaneGap),
  }),
  /** `sent` is not "received". */
  requestLane: strictObject({ queued: Count, sent: Count, failed: Count, lastSentAt: Time }),
  /** What this zone knows of the internal ledger. */
  internalLedger: strictObject({
    verdict: Type.Enum([...PORTAL_WITNESS_VERDICTS]),
    treeSize: Count,
    rootHash: nullable(Sha256),
    at: Time,
  }),
  ownLedger: strictObject({ treeSize: Count, rootHash: nullable(Sha256), lastCheckpointAt: Time }),
});
export type PortalLanes = Static<typeof PortalLanes>;

export const PortalAccount = strictObject({
  accountId: Id128,
  login: Login,
  role: Type.Enum([...PORTAL_ROLES]),
  state: Type.Enum(['invited', 'active', 'disabled']),
  officerStatus: Type.Union([Type.Enum([...PORTAL_OFFICER_STATUSES]), Type.Null()]),
  lock: Type.Enum(['open', 'locked-for-a-while', 'locked-until-unlocked']),
  lockedUntil: Time,
  failures: Count,
});
export type PortalAccount = Static<typeof PortalAccount>;
export const PortalAccounts = strictObject({ accounts: Type.Array(PortalAccount) });
export type PortalAccounts = Static<typeof PortalAccounts>;
