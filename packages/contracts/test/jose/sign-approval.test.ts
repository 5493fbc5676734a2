import {
  canonicalBytes,
  sha256Hex,
  signApproval,
  verifyRecord,
  type ReleaseApprovalDraft,
} from '@sallyport/contracts';
import t from 'tap';
import { ID_A, ID_B, makeTestSite, NOW } from '../site.ts';

const DIGEST = 'ab'.repeat(32);

async function makeDraft(): Promise<ReleaseApprovalDraft> {
  const scope = {
    salt: ID_A,
    scope: {
      requestId: ID_A,
      exportId: ID_B,
      itemId: ID_A,
      requestApprovalSha256: DIGEST,
      footageSha256: DIGEST,
      maskPlanVersion: 1,
      maskPlanSha256: DIGEST,
      clipSha256: DIGEST,
      reportSha256: DIGEST,
    },
  };
  return {
    approvalId: ID_B,
    siteId: ID_A,
    requestId: ID_A,
    exportId: ID_B,
    scopeSha256: await sha256Hex(canonicalBytes(scope)),
    expiresAt: new Date(NOW.getTime() + 86_400_000).toISOString(),
    scope,
  };
}

t.test('signs what the draft shows, as an approver’s record', async (t) => {
  const site = await makeTestSite();
  const signer = await site.signer('approver', { subjectId: ID_A });
  const draft = await makeDraft();
  const jws = await signApproval(draft, signer, NOW);
  const { payload } = await verifyRecord('release-approval', jws, {
    trust: site.trust,
    roles: ['approver'],
    now: NOW,
  });
  t.match(payload, { approvalId: ID_B, exportId: ID_B, scopeSha256: draft.scopeSha256 });
});

t.test('refuses a digest that is of something else than the scope shown', async (t) => {
  const site = await makeTestSite();
  const signer = await site.signer('approver', { subjectId: ID_A });
  const draft = await makeDraft();
  await t.rejects(signApproval({ ...draft, scopeSha256: DIGEST }, signer, NOW), {
    code: 'ERR_APPROVAL_MISMATCH',
  });
  const other = { ...draft.scope, scope: { ...draft.scope.scope, maskPlanVersion: 2 } };
  await t.rejects(signApproval({ ...draft, scope: other }, signer, NOW), {
    code: 'ERR_APPROVAL_MISMATCH',
  });
});
