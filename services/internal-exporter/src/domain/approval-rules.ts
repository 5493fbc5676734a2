import {
  SallyportError,
  type RequestApproval,
  type ReleaseApproval,
  type SitePolicy,
} from '@sallyport/contracts';

/** A person is a staff number's pseudonym: two accounts of one person are one person. */
export interface ApprovingPerson {
  readonly personId: string;
  readonly certificateId: string;
}

/** Who has had a hand in an export so far. */
export interface ApprovalParties {
  /** The officers who asked and who will receive, as persons. */
  readonly requesters: ReadonlySet<string>;
  /** The operators who chose the footage or reviewed the masks, as persons. */
  readonly preparers: ReadonlySet<string>;
  readonly policy: SitePolicy['approvalPolicy'];
}

/**
 * The first approval: not by the requester, and not by the preparer unless the site says that two
 * persons must do.
 *
 * @throws SallyportError ERR_APPROVAL_REQUESTER, ERR_APPROVAL_PREPARER
 */
export function assertMayApproveRequest(approver: ApprovingPerson, parties: ApprovalParties): void {
  if (parties.requesters.has(approver.personId)) throw new SallyportError('ERR_APPROVAL_REQUESTER');
  if (parties.policy === 'two-person-site') return;
  if (parties.preparers.has(approver.personId)) throw new SallyportError('ERR_APPROVAL_PREPARER');
}

/**
 * The second approval: by another person with another certificate than the first, never by the
 * requester or the preparer.
 *
 * @throws SallyportError ERR_APPROVAL_SAME_PERSON, ERR_APPROVAL_REQUESTER, ERR_APPROVAL_PREPARER
 */
export function assertMayApproveRelease(
  approver: ApprovingPerson,
  first: ApprovingPerson,
  parties: ApprovalParties,
): void {
  if (approver.personId === first.personId || approver.certificateId === first.certificateId) {
    throw new SallyportError('ERR_APPROVAL_SAME_PERSON');
  }
  if (parties.requesters.has(approver.personId)) throw new SallyportError('ERR_APPROVAL_REQUESTER');
  if (parties.preparers.has(approver.personId)) throw new SallyportError('ERR_APPROVAL_PREPARER');
}

/**
 * Preparing after the request approval: the person who gave it may not prepare, unless two persons
 * must do.
 *
 * @throws SallyportError ERR_APPROVAL_PREPARER
 */
export function assertMayPrepare(
  operatorPersonId: string,
  requestApprover: ApprovingPerson,
  policy: SitePolicy['approvalPolicy'],
): void {
  if (policy === 'two-person-site' || operatorPersonId !== requestApprover.personId) return;
  throw new SallyportError('ERR_APPROVAL_PREPARER');
}

/** What an approver was shown and asked to sign. */
export interface OfferedDraft {
  readonly approvalId: string;
  readonly siteId: string;
  readonly requestId: string;
  readonly exportId: string | null;
  readonly scopeSha256: string;
  readonly expiresAt: string;
}

/**
 * Compares a signed approval with the draft it answers, member by member.
 *
 * @throws SallyportError ERR_APPROVAL_MISMATCH naming the member that differs, ERR_RECORD_EXPIRED
 */
export function assertAnswersDraft(
  signed: RequestApproval | ReleaseApproval,
  draft: OfferedDraft,
  now: Date,
): void {
  const exportId = 'exportId' in signed ? signed.exportId : null;
  const pairs: readonly (readonly [
    member: string,
    signed: string | null,
    offered: string | null,
  ])[] = [
    ['approvalId', signed.approvalId, draft.approvalId],
    ['siteId', signed.siteId, draft.siteId],
    ['requestId', signed.requestId, draft.requestId],
    ['exportId', exportId, draft.exportId],
    ['scopeSha256', signed.scopeSha256, draft.scopeSha256],
    ['expiresAt', signed.expiresAt, draft.expiresAt],
  ];
  const wrong = pairs.find(([, given, offered]) => given !== offered);
  if (wrong !== undefined)
    throw new SallyportError('ERR_APPROVAL_MISMATCH', { detail: { member: wrong[0] } });
  if (new Date(draft.expiresAt) <= now) throw new SallyportError('ERR_RECORD_EXPIRED');
}
