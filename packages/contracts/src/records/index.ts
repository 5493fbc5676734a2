import type { Static, TSchema } from 'typebox';
import { ReleaseApproval, RequestApproval } from './approval.ts';
import { DirectoryUpdate } from './directory.ts';
import {
  DeviceEnrolment,
  EnrolmentChallenge,
  EnrolmentOutcome,
  EnrolmentProof,
  OfficerSignUp,
} from './enrolment.ts';
import { CheckpointRecord, LaneFrameHeader, TransferReceipt } from './lane.ts';
import {
  DestructionReceipt,
  DestructionReport,
  Licence,
  LicenceGrant,
  LicenceRequest,
  PlaybackReceipt,
} from './licence.ts';
import { PackageHeader } from './package.ts';
import { ExportRequest, RequestStatus } from './request.ts';
import { ApproverKey, DmzTrustBundle, GatewayAgreementKey, InternalTrustBundle } from './trust.ts';

const KIB = 1024;

/** Every signed record there is: its schema and the most bytes its compact text may have. */
export const RECORDS = {
  'trust-internal': { schema: InternalTrustBundle, maxBytes: 16 * KIB },
  'trust-dmz': { schema: DmzTrustBundle, maxBytes: 16 * KIB },
  'gateway-agreement-key': { schema: GatewayAgreementKey, maxBytes: 8 * KIB },
  'approver-key': { schema: ApproverKey, maxBytes: 8 * KIB },
  'officer-sign-up': { schema: OfficerSignUp, maxBytes: 16 * KIB },
  'device-enrolment': { schema: DeviceEnrolment, maxBytes: 8 * KIB },
  'enrolment-challenge': { schema: EnrolmentChallenge, maxBytes: 8 * KIB },
  'enrolment-proof': { schema: EnrolmentProof, maxBytes: 8 * KIB },
  'enrolment-outcome': { schema: EnrolmentOutcome, maxBytes: 8 * KIB },
  'directory-update': { schema: DirectoryUpdate, maxBytes: 512 * KIB },
  'export-request': { schema: ExportRequest, maxBytes: 96 * KIB },
  'request-status': { schema: RequestStatus, maxBytes: 96 * KIB },
  'request-approval': { schema: RequestApproval, maxBytes: 8 * KIB },
  'release-approval': { schema: ReleaseApproval, maxBytes: 8 * KIB },
  'package-header': { schema: PackageHeader, maxBytes: 64 * KIB },
  'licence-grant': { schema: LicenceGrant, maxBytes: 16 * KIB },
  'licence-request': { schema: LicenceRequest, maxBytes: 8 * KIB },
  licence: { schema: Licence, maxBytes: 16 * KIB },
  'playback-receipt': { schema: PlaybackReceipt, maxBytes: 8 * KIB },
  'destruction-receipt': { schema: DestructionReceipt, maxBytes: 8 * KIB },
  'destruction-report': { schema: DestructionReport, maxBytes: 8 * KIB },
  'transfer-receipt': { schema: TransferReceipt, maxBytes: 8 * KIB },
  checkpoint: { schema: CheckpointRecord, maxBytes: 192 * KIB },
  'lane-frame': { schema: LaneFrameHeader, maxBytes: 8 * KIB },
} as const satisfies Record<string, { schema: TSchema; maxBytes: number }>;

export type RecordKind = keyof typeof RECORDS;
export type RecordPayload<K extends RecordKind> = Static<(typeof RECORDS)[K]['schema']>;

export * from './approval.ts';
export * from './directory.ts';
export * from './enrolment.ts';
export * from './lane.ts';
export * from './licence.ts';
export * from './package.ts';
export * from './request.ts';
export * from './trust.ts';
