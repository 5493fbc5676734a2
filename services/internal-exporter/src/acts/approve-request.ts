import {
  canonicalBytes,
  canonicalize,
  certificateId,
  parse,
  SallyportError,
  SaltedRequestScope,
  sha256Hex,
  verifyRecord,
  type ApprovalReply,
  type RequestApprovalDraft,
} from '@sallyport/contracts';
import {
  assertAnswersDraft,
  assertMayApproveRequest,
  type ApprovalParties,
} from '../domain/approval-rules.ts';
import { byAccount } from '../store/actors.ts';
import { inTransaction, type Database, type Prisma, type Transaction } from '../store/database.ts';
import { newId } from '../store/ids.ts';
import { recordEvent } from '../store/ledger-outbox.ts';
import type { PersonalFields } from '../store/personal-fields.ts';
import { publishStatus } from '../store/request-status.ts';
import { getSite, getTrust } from '../store/site.ts';
import { getAccount } from './accounts.ts';
import { getPolicy } from './policy.ts';
import { detailsOf } from './receive-request.ts';

const DAY_MS = 86_400_000;
type RequestRow = Prisma.ExportRequestGetPayload<object>;

/**
 * Offers an approver the scope to sign: cameras, ranges, recipient, purpose, legal basis and terms,
 * with a salt. Each call draws a new salt and id; the last one of this approver counts.
 *
 * @throws SallyportError ERR_REQUEST_UNKNOWN, ERR_REQUEST_STATE, ERR_RECORD_EXPIRED, ERR_APPROVAL_*
 */
export function draftRequestApproval(
  db: Database,
  fields: PersonalFields,
  requestId: string,
  accountId: string,
  now: Date,
): Promise<RequestApprovalDraft> {
  return inTransaction(db, async (tx) => {
    const request = await getReviewable(tx, requestId, now);
    const { personId } = await getAccount(tx, accountId);
    assertMayApproveRequest({ personId, certificateId: '' }, await findParties(tx, request));
    const details = detailsOf(fields, request);
    if (details === null)
      throw new SallyportError('ERR_REQUEST_STATE', { detail: { state: request.state } });
    const { items, recipientOfficerId, reasonCode, legalBasis, playPeriodDays, plays, thirdParty } =
      details;
    const scope: SaltedRequestScope = {
      salt: newId(),
      scope: {
        ...{ requestId, requestSha256: request.jwsSha256, items, recipientOfficerId },
        ...{ reasonCode, legalBasis, playPeriodDays, plays, thirdParty },
      },
    };
    const id = newId();
    const scopeSha256 = await sha256Hex(canonicalBytes(scope));
    const { policy } = await getPolicy(tx);
    const expiresAt = new Date(now.getTime() + policy.approvalValidDays * DAY_MS);
    await tx.approvalDraft.deleteMany({ where: { requestId, accountId, kind: 'request' } });
    await tx.approvalDraft.create({
      data: {
        ...{ id, kind: 'request', requestId, accountId, scopeSha256, createdAt: now, expiresAt },
        scopeEncrypted: fields.encrypt(canonicalize(scope), draftPlace(id)),
      },
    });
    const { siteId } = await getSite(tx);
    return {
      approvalId: id,
      siteId,
      requestId,
      scopeSha256,
      expiresAt: expiresAt.toISOString(),
      scope,
    };
  });
}

/**
 * Keeps the first approval: a JWS by the approver's own certified key over exactly the draft they
 * were offered. Every item of the request becomes an export.
 *
 * @throws SallyportError ERR_RECORD_*, ERR_CERTIFICATE_*, ERR_APPROVAL_*, ERR_REQUEST_STATE
 */
export async function recordRequestApproval(
  db: Database,
  fields: PersonalFields,
  given: { readonly requestId: string; readonly jws: string; readonly accountId: string },
  now: Date,
): Promise<ApprovalReply> {
  const { requestId, jws, accountId } = given;
  const trust = await getTrust(db);
  const { payload, signer } = await verifyRecord('request-approval', jws, {
    trust,
    roles: ['approver'],
    now,
  });
  const approvalSha256 = await sha256Hex(new TextEncoder().encode(jws));
  const approver = { personId: signer.ownerId, certificateId: await certificateId(signer.der) };
  return inTransaction(db, async (tx) => {
    const account = await getAccount(tx, accountId);
    const isOwnKey = signer.subjectId === accountId && signer.ownerId === account.personId;
    if (!isOwnKey || account.role !== 'approver' || account.state !== 'active')
      throw new SallyportError('ERR_APPROVAL_KEY');
    const request = await getReviewable(tx, requestId, now);
    const { id, scopeText, scopeSha256, expiresAt } = await findDraft(
      tx,
      fields,
      payload.approvalId,
      given,
    );
    const { siteId } = await getSite(tx);
    const offered = {
      approvalId: id,
      siteId,
      requestId,
      exportId: null,
      scopeSha256,
      expiresAt: expiresAt.toISOString(),
    };
    assertAnswersDraft(payload, offered, now);
    assertMayApproveRequest(approver, await findParties(tx, request));
    // Two approvers at once: the second finds the request approved.
    const { count } = await tx.exportRequest.updateMany({
      where: { id: requestId, state: 'under-review' },
      data: { state: 'approved' },
    });
    if (count === 0) throw new SallyportError('ERR_REQUEST_STATE');
    await tx.approval.create({
      data: {
        ...{
          id,
          kind: 'request',
          requestId,
          accountId,
          ...approver,
          jws,
          jwsSha256: approvalSha256,
        },
        ...{ scopeSha256, at: now, expiresAt },
        scopeEncrypted: fields.encrypt(scopeText, {
          table: 'Approval',
          column: 'scopeEncrypted',
          rowId: id,
        }),
      },
    });
    await tx.approvalDraft.deleteMany({ where: { requestId, kind: 'request' } });
    await tx.requestHistory.create({ data: { requestId, state: 'approved', at: now, accountId } });
    await createExports(tx, requestId, now);
    const event = { kind: 'approval.recorded', requestId, approvalSha256, scopeSha256 } as const;
    await recordEvent(tx, { at: now, actor: byAccount(accountId), event });
    await publishStatus(tx, requestId, now);
    return { approvalId: id, approvalSha256, state: 'acquiring' };
  });
}

async function getReviewable(tx: Transaction, requestId: string, now: Date): Promise<RequestRow> {
  const request = await tx.exportRequest.findUnique({ where: { id: requestId } });
  if (request === null) throw new SallyportError('ERR_REQUEST_UNKNOWN');
  if (request.state !== 'under-review')
    throw new SallyportError('ERR_REQUEST_STATE', { detail: { state: request.state } });
  if (request.expiresAt <= now) throw new SallyportError('ERR_RECORD_EXPIRED');
  return request;
}

/** Before anything is prepared there are requesters only; preparers come with the footage. */
async function findParties(tx: Transaction, request: RequestRow): Promise<ApprovalParties> {
  const ids = [request.officerId, request.recipientOfficerId ?? request.officerId];
  const officers = await tx.officer.findMany({ where: { id: { in: ids } } });
  const { policy } = await getPolicy(tx);
  return {
    requesters: new Set([...ids, ...officers.map(({ personId }) => personId)]),
    preparers: new Set(),
    policy: policy.approvalPolicy,
  };
}

async function findDraft(
  tx: Transaction,
  fields: PersonalFields,
  approvalId: string,
  of: { readonly requestId: string; readonly accountId: string },
) {
  const draft = await tx.approvalDraft.findUnique({ where: { id: approvalId } });
  const isTheirs =
    draft?.kind === 'request' &&
    draft.requestId === of.requestId &&
    draft.accountId === of.accountId;
  if (draft === null || !isTheirs) throw new SallyportError('ERR_APPROVAL_DRAFT_UNKNOWN');
  const scopeText = fields.decrypt(draft.scopeEncrypted, draftPlace(draft.id));
  parse(SaltedRequestScope, JSON.parse(scopeText), 'ERR_INTERNAL');
  return { ...draft, scopeText };
}

async function createExports(tx: Transaction, requestId: string, now: Date): Promise<void> {
  const items = await tx.requestItem.findMany({ where: { requestId } });
  await tx.export.createMany({
    data: items.map(({ id: itemId, cameraId, startsAt, endsAt }) => ({
      ...{ id: newId(), requestId, itemId, cameraId, startsAt, endsAt },
      ...{ state: 'acquiring', progress: 'waiting', createdAt: now, updatedAt: now },
    })),
  });
}

function draftPlace(id: string) {
  return { table: 'ApprovalDraft', column: 'scopeEncrypted', rowId: id };
}
