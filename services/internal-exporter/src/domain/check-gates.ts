import {
  SallyportError,
  type CertificateIdentity,
  type ReleaseScope,
  type RequestApproval,
  type RequestScope,
} from '@sallyport/contracts';

/** Who stands where, by person: two accounts of one staff number are one person. */
export interface GatePersons {
  /** Everybody who chose footage, changed masks or reviewed them. */
  readonly preparers: readonly string[];
  /** Officer ids and persons of requester and recipient. */
  readonly requesters: readonly string[];
  /** `two-person-site`: the preparer may have given the first of the two approvals. */
  readonly policy: 'three-person' | 'two-person-site';
}

/** What is about to be done, read from the signed request and the export's row. */
export interface GateSubject {
  readonly siteId: string;
  readonly requestId: string;
  /** SHA-256 of the signed request's compact text, taken now. */
  readonly requestSha256: string;
  readonly exportId: string;
  readonly itemId: string;
  readonly cameraId: string;
  readonly startsAt: string;
  readonly endsAt: string;
}

/** A request approval whose signature holds, with its scope and that scope's digest, taken now. */
export interface RequestGate {
  readonly payload: RequestApproval;
  readonly signer: CertificateIdentity;
  readonly scope: RequestScope;
  readonly scopeSha256: string;
}

/**
 * The first gate: the footage may be opened for this export.
 *
 * @throws SallyportError ERR_SEAL_APPROVAL_EXPIRED, ERR_SEAL_APPROVAL_PERSON, ERR_GATE_SCOPE_MISMATCH
 */
export function checkRequestGate(
  gate: RequestGate,
  subject: GateSubject,
  persons: GatePersons,
  now: Date,
): void {
  const { payload, scope } = gate;
  if (now.toISOString() >= payload.expiresAt) throw new SallyportError('ERR_SEAL_APPROVAL_EXPIRED');
  requireSame('siteId', payload.siteId, subject.siteId);
  requireSame('requestId', payload.requestId, subject.requestId);
  requireSame('scopeSha256', payload.scopeSha256, gate.scopeSha256);
  checkScope(scope, subject);
  const person = gate.signer.ownerId;
  if (persons.requesters.includes(person)) throw personFault('requester');
  if (persons.policy !== 'two-person-site' && persons.preparers.includes(person))
    throw personFault('preparer');
}

/**
 * Holds an approved scope against the export: the same request, camera and time.
 *
 * @throws SallyportError ERR_GATE_SCOPE_MISMATCH naming the field
 */
export function checkScope(scope: RequestScope, subject: GateSubject): void {
  requireSame('requestId', scope.requestId, subject.requestId);
  requireSame('requestSha256', scope.requestSha256, subject.requestSha256);
  const item = scope.items.find(({ itemId }) => itemId === subject.itemId);
  if (item === undefined) throw mismatch('itemId');
  requireSame('cameraId', item.cameraId, subject.cameraId);
  requireSame('startsAt', item.startsAt, subject.startsAt);
  requireSame('endsAt', item.endsAt, subject.endsAt);
}

/** What was measured on the files right now: the part of a release scope that no row is trusted for. */
export type Measured = Pick<
  ReleaseScope,
  'footageSha256' | 'maskPlanVersion' | 'maskPlanSha256' | 'clipSha256' | 'reportSha256'
>;

/**
 * Holds the released scope against the files as they are.
 *
 * @throws SallyportError ERR_GATE_SCOPE_MISMATCH naming the field
 */
export function checkMeasured(scope: ReleaseScope, measured: Measured): void {
  requireSame('footageSha256', scope.footageSha256, measured.footageSha256);
  requireSame('maskPlanVersion', scope.maskPlanVersion, measured.maskPlanVersion);
  requireSame('maskPlanSha256', scope.maskPlanSha256, measured.maskPlanSha256);
  requireSame('clipSha256', scope.clipSha256, measured.clipSha256);
  requireSame('reportSha256', scope.reportSha256, measured.reportSha256);
}

function requireSame(field: string, approved: string | number, present: string | number): void {
  if (approved !== present) throw mismatch(field);
}

function mismatch(field: string): SallyportError {
  return new SallyportError('ERR_GATE_SCOPE_MISMATCH', { detail: { field } });
}

function personFault(fault: string): SallyportError {
  return new SallyportError('ERR_SEAL_APPROVAL_PERSON', { detail: { fault } });
}
