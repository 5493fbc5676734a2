import {
  SallyportError,
  SaltedReleaseScope,
  canonicalize,
  certificateId,
  parse,
  sha256Hex,
  verifyRecord,
  type LedgerActor,
  type ReleaseApprovalDraft,
  type ReleaseScope,
} from '@sallyport/contracts';
import { getAccount } from '../acts/accounts.ts';
import { assertAnswersDraft, assertMayApproveRelease } from '../domain/approval-rules.ts';
import { checkMeasured, type Measured } from '../domain/check-gates.ts';
import { RenderedFacts } from '../store/rendered-facts.ts';
import { inTransaction, type Database, type Transaction } from '../store/database.ts';
import { newId } from '../store/ids.ts';
import { moveExport, queueStep } from '../store/jobs.ts';
import { recordEvent } from '../store/ledger-outbox.ts';
import type { PersonalFields } from '../store/personal-fields.ts';
import { getTrust, type Site } from '../store/site.ts';
import { findParties } from './approval-parties.ts';

export interface ReleaseTools {
  readonly db: Database;
  readonly site: Site;
  readonly personal: PersonalFields;
}

const text = new TextEncoder();

/**
 * Step 8: what the second approver is asked to sign: digests of exactly these bytes.
 *
 * @throws SallyportError ERR_EXPORT_UNKNOWN, ERR_EXPORT_STATE, ERR_GATE_APPROVAL_MISSING
 */
export async function draftRelease(
  { db, site, personal }: ReleaseTools,
  asked: { readonly exportId: string; readonly accountId: string; readonly validDays: number },
  now: Date,
): Promise<ReleaseApprovalDraft> {
  const { exportId, accountId } = asked;
  const scope = { salt: newId(), scope: await readScope(db, exportId) };
  const id = newId();
  const scopeSha256 = await sha256Hex(text.encode(canonicalize(scope)));
  const expiresAt = new Date(now.getTime() + asked.validDays * 86_400_000);
  const { requestId } = scope.scope;
  const place = { table: 'ApprovalDraft', column: 'scopeEncrypted', rowId: id };
  await db.approvalDraft.create({
    data: {
      ...{
        id,
        kind: 'release',
        requestId,
        exportId,
        accountId,
        scopeSha256,
        createdAt: now,
        expiresAt,
      },
      scopeEncrypted: personal.encrypt(canonicalize(scope), place),
    },
  });
  return {
    approvalId: id,
    siteId: site.siteId,
    requestId,
    exportId,
    scopeSha256,
    expiresAt: expiresAt.toISOString(),
    scope,
  };
}

/**
 * Step 8: keeps the second approval and queues the sealing, which verifies all of this once more.
 *
 * @throws SallyportError ERR_RECORD_*, ERR_CERTIFICATE_*, ERR_APPROVAL_*, ERR_EXPORT_STATE,
 * ERR_GATE_SCOPE_MISMATCH when the export changed after the draft
 */
export async function recordRelease(
  { db, site, personal }: ReleaseTools,
  given: {
    readonly exportId: string;
    readonly jws: string;
    readonly accountId: string;
    readonly actor: LedgerActor;
  },
  now: Date,
): Promise<{ approvalId: string; approvalSha256: string; state: 'encrypting' }> {
  const { exportId, jws, accountId } = given;
  const trust = await getTrust(db);
  const { payload, signer } = await verifyRecord('release-approval', jws, {
    trust,
    roles: ['approver'],
    now,
  });
  const id = payload.approvalId;
  const draft = await db.approvalDraft.findUnique({ where: { id } });
  const isOwn = draft?.accountId === accountId && signer.subjectId === accountId;
  if (draft === null || draft.kind !== 'release' || draft.exportId !== exportId || !isOwn) {
    throw new SallyportError('ERR_APPROVAL_MISMATCH', { detail: { member: 'approvalId' } });
  }
  const offered = {
    ...draft,
    approvalId: id,
    siteId: site.siteId,
    expiresAt: draft.expiresAt.toISOString(),
  };
  assertAnswersDraft(payload, offered, now);
  const draftPlace = { table: 'ApprovalDraft', column: 'scopeEncrypted', rowId: id };
  const scopeText = personal.decrypt(draft.scopeEncrypted, draftPlace);
  const { scope } = parse(SaltedReleaseScope, JSON.parse(scopeText), 'ERR_INTERNAL');
  const approver = { personId: signer.ownerId, certificateId: await certificateId(signer.der) };
  const jwsSha256 = await sha256Hex(text.encode(jws));
  await inTransaction(db, async (tx) => {
    const account = await getAccount(tx, accountId);
    const isActive = account.role === 'approver' && account.state === 'active';
    if (!isActive || account.personId !== signer.ownerId)
      throw new SallyportError('ERR_APPROVAL_KEY');
    checkMeasured(scope, await readScope(tx, exportId));
    const first = await findRequestApproval(tx, scope.requestId);
    assertMayApproveRelease(approver, first, await findParties(tx, exportId));
    const place = { table: 'Approval', column: 'scopeEncrypted', rowId: id };
    await tx.approval.create({
      data: {
        ...{ id, kind: 'release', requestId: scope.requestId, exportId, accountId, ...approver },
        ...{
          jws,
          jwsSha256,
          scopeSha256: payload.scopeSha256,
          at: now,
          expiresAt: draft.expiresAt,
        },
        scopeEncrypted: personal.encrypt(scopeText, place),
      },
    });
    const { requestId } = scope;
    await recordEvent(tx, {
      at: now,
      actor: given.actor,
      event: {
        kind: 'release.recorded',
        requestId,
        exportId,
        approvalSha256: jwsSha256,
        scopeSha256: payload.scopeSha256,
      },
    });
    const { state, packageId } = await tx.export.findUniqueOrThrow({ where: { id: exportId } });
    if (state === 'encrypting') {
      const back = { exportId, requestId, from: 'encrypting', to: 'release-approval' } as const;
      await moveExport(tx, back, { progress: 'waiting' }, now);
    }
    const options = packageId === null ? { now } : { now, supersedes: packageId };
    await queueStep(tx, { exportId, requestId, from: 'release-approval', step: 'seal' }, options);
  });
  return { approvalId: id, approvalSha256: jwsSha256, state: 'encrypting' };
}

/** The release scope of an export as its rows stand now. */
async function readScope(
  db: Database | Transaction,
  exportId: string,
): Promise<ReleaseScope & Measured> {
  const row = await db.export.findUnique({
    where: { id: exportId },
    include: { footage: true, plans: true },
  });
  if (row === null) throw new SallyportError('ERR_EXPORT_UNKNOWN');
  const plan = row.plans.find(({ version }) => version === row.reviewedVersion);
  // A sealing that was refused (an approval ran out meanwhile) may be approved anew.
  const isOpen =
    row.state === 'release-approval' || (row.state === 'encrypting' && row.progress === 'failed');
  if (!isOpen || row.footage === null || plan === undefined) {
    throw new SallyportError('ERR_EXPORT_STATE', { detail: { state: row.state } });
  }
  const rendered = parse(RenderedFacts, row.rendered, 'ERR_INTERNAL');
  const approval = await findRequestApproval(db, row.requestId);
  return {
    requestId: row.requestId,
    exportId,
    itemId: row.itemId,
    requestApprovalSha256: approval.jwsSha256,
    footageSha256: row.footage.sha256,
    maskPlanVersion: rendered.planVersion,
    maskPlanSha256: plan.sha256,
    clipSha256: rendered.clip.sha256,
    reportSha256: rendered.report.sha256,
  };
}

/** @throws SallyportError ERR_GATE_APPROVAL_MISSING */
async function findRequestApproval(db: Database | Transaction, requestId: string) {
  const row = await db.approval.findFirst({
    where: { requestId, kind: 'request' },
    orderBy: { at: 'desc' },
  });
  if (row === null) throw new SallyportError('ERR_GATE_APPROVAL_MISSING');
  return row;
}
