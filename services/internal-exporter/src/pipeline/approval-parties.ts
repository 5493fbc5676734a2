import { SallyportError } from '@sallyport/contracts';
import { getPolicy } from '../acts/policy.ts';
import type { ApprovalParties } from '../domain/approval-rules.ts';
import type { Database, Transaction } from '../store/database.ts';

/** What one export is about: its request and everybody who had a hand in it, by person. */
export interface ExportParties extends ApprovalParties {
  readonly requestSha256: string;
  readonly recipientOfficerId: string;
}

/**
 * Gathers the persons of an export: requester and recipient by officer id and by staff number, the
 * preparers (who chose footage, changed masks or reviewed them) by staff number.
 *
 * @throws SallyportError ERR_EXPORT_UNKNOWN, ERR_GATE_APPROVAL_MISSING when one of them is not known:
 * nobody can be told apart from a person who is missing
 */
export async function findParties(
  db: Database | Transaction,
  exportId: string,
): Promise<ExportParties> {
  const row = await db.export.findUnique({
    where: { id: exportId },
    include: { request: true, plans: true },
  });
  if (row === null) throw new SallyportError('ERR_EXPORT_UNKNOWN');
  const { officerId, recipientOfficerId, jwsSha256 } = row.request;
  if (recipientOfficerId === null) throw new SallyportError('ERR_GATE_APPROVAL_MISSING');
  const officers = await db.officer.findMany({
    where: { id: { in: [officerId, recipientOfficerId] } },
  });
  const authors = row.plans.map(({ authorId }) => authorId);
  const hands = [row.preparedById, row.reviewedById, ...authors].filter((id) => id !== null);
  const handled = new Set(hands);
  const accounts = await db.account.findMany({ where: { id: { in: [...handled] } } });
  const isAnybodyUnknown =
    handled.size === 0 ||
    accounts.length !== handled.size ||
    officers.length !== new Set([officerId, recipientOfficerId]).size;
  if (isAnybodyUnknown) throw new SallyportError('ERR_GATE_APPROVAL_MISSING');
  const { policy } = await getPolicy(db);
  return {
    requesters: new Set([
      officerId,
      recipientOfficerId,
      ...officers.map(({ personId }) => personId),
    ]),
    preparers: new Set(accounts.map(({ personId }) => personId)),
    policy: policy.approvalPolicy,
    requestSha256: jwsSha256,
    recipientOfficerId,
  };
}
