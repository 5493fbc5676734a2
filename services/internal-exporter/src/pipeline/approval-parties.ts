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
 * preparers by staff number.
 *
 * @throws SallyportError ERR_EXPORT_UNKNOWN, ERR_GATE_APPROVAL_MISSING when nobody is known to receive
 */
export async function findParties(
  db: Database | Transaction,
  exportId: string,
): Promise<ExportParties> {
  const row = await db.export.findUnique({ where: { id: exportId }, include: { request: true } });
  if (row === null) throw new SallyportError('ERR_EXPORT_UNKNOWN');
  const { officerId, recipientOfficerId, jwsSha256 } = row.request;
  if (recipientOfficerId === null) throw new SallyportError('ERR_GATE_APPROVAL_MISSING');
  const officers = await db.officer.findMany({
    where: { id: { in: [officerId, recipientOfficerId] } },
  });
  const handled = [row.preparedById, row.reviewedById].filter((id) => id !== null);
  const accounts = await db.account.findMany({ where: { id: { in: handled } } });
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
