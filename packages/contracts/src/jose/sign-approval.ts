import type { ReleaseApprovalDraft, RequestApprovalDraft } from '../api/console.ts';
import { canonicalBytes } from '../canonical.ts';
import { sha256Hex } from '../bytes.ts';
import { SallyportError } from '../errors/index.ts';
import { signRecord, type RecordSigner } from './sign.ts';

/**
 * Signs what an approver was offered, after recomputing its digest from the scope that came with it:
 * a key signs what its owner can read, never a digest that only claims to be of it.
 *
 * @param now moment of signing
 * @returns the approval as a compact JWS
 * @throws SallyportError `ERR_APPROVAL_MISMATCH` when the digest is of something else
 */
export async function signApproval(
  draft: RequestApprovalDraft | ReleaseApprovalDraft,
  signer: RecordSigner,
  now: Date,
): Promise<string> {
  const { approvalId, siteId, requestId, scopeSha256, expiresAt } = draft;
  if ((await sha256Hex(canonicalBytes(draft.scope))) !== scopeSha256)
    throw new SallyportError('ERR_APPROVAL_MISMATCH', { detail: { member: 'scopeSha256' } });
  const common = { approvalId, siteId, requestId, scopeSha256, at: now.toISOString(), expiresAt };
  return 'exportId' in draft
    ? signRecord('release-approval', { ...common, exportId: draft.exportId }, signer)
    : signRecord('request-approval', common, signer);
}
