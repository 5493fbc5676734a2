import {
  canonicalBytes,
  SallyportError,
  sha256Hex,
  verifyRecord,
  type SaltedReleaseScope,
  type SaltedRequestScope,
  type TrustAnchor,
  type VerifiedRecord,
} from '@sallyport/contracts';

/** Two compact JWS by two approvers. */
export interface ApprovalPair {
  readonly request: string;
  readonly release: string;
}

/** What both approvals must name. */
export interface ApprovalFacts {
  readonly siteId: string;
  readonly requestId: string;
  readonly exportId: string;
}

/** Persons (not accounts) who may not approve, and the site's rule. */
export interface ApprovalPeople {
  readonly requesters: readonly string[];
  readonly preparers: readonly string[];
  /** `two-person-site` lets a preparer give the first approval, never the second. */
  readonly policy: 'three-person' | 'two-person-site';
}

/** The full text of what was approved; known inside and to the recipient, never to the DMZ. */
export interface ApprovalScopes {
  readonly request: SaltedRequestScope;
  readonly release: SaltedReleaseScope;
}

export interface VerifiedApprovals {
  readonly request: VerifiedRecord<'request-approval'>;
  readonly release: VerifiedRecord<'release-approval'>;
}

/**
 * Verifies both approvals of one export: signatures, two certificates of two persons, the same
 * site, request and export, in force at `now`. With `people`, that neither is requester or preparer;
 * with `scopes`, that each digest is the one of the scope given.
 *
 * @throws SallyportError ERR_RECORD_*, ERR_CERTIFICATE_*, ERR_SEAL_APPROVAL_PERSON,
 * ERR_SEAL_APPROVAL_SCOPE, ERR_SEAL_APPROVAL_EXPIRED
 */
export async function verifyApprovals(
  approvals: ApprovalPair,
  options: {
    trust: TrustAnchor;
    now: Date;
    facts: ApprovalFacts;
    people?: ApprovalPeople | undefined;
    scopes?: ApprovalScopes | undefined;
  },
): Promise<VerifiedApprovals> {
  const { trust, now, facts } = options;
  const rules = { trust, now, roles: ['approver'] as const };
  const request = await verifyRecord('request-approval', approvals.request, rules);
  const release = await verifyRecord('release-approval', approvals.release, rules);
  const verified = { request, release };
  requireTwoPersons(verified);
  requireFacts(verified, facts);
  requireInForce(verified, now);
  if (options.people !== undefined) requireOthers(verified, options.people);
  if (options.scopes !== undefined) await verifyScopes(verified, approvals, options.scopes);
  return verified;
}

function requireTwoPersons({ request, release }: VerifiedApprovals): void {
  const [a, b] = [request.signer, release.signer];
  const same = a.ownerId === b.ownerId || a.subjectId === b.subjectId || a.serial === b.serial;
  const sameKey = a.publicKey.x === b.publicKey.x;
  if (same || sameKey || request.payload.approvalId === release.payload.approvalId)
    throw personError('same person');
}

function requireFacts({ request, release }: VerifiedApprovals, facts: ApprovalFacts): void {
  for (const { payload } of [request, release]) {
    if (payload.siteId !== facts.siteId) throw scopeError('siteId');
    if (payload.requestId !== facts.requestId) throw scopeError('requestId');
  }
  if (release.payload.exportId !== facts.exportId) throw scopeError('exportId');
}

function requireInForce({ request, release }: VerifiedApprovals, now: Date): void {
  const at = now.toISOString();
  for (const { kind, payload } of [request, release]) {
    if (payload.expiresAt <= at || payload.at > at) {
      throw new SallyportError('ERR_SEAL_APPROVAL_EXPIRED', {
        detail: { kind, expiresAt: payload.expiresAt },
      });
    }
  }
  if (release.payload.at < request.payload.at) throw scopeError('order');
}

function requireOthers({ request, release }: VerifiedApprovals, people: ApprovalPeople): void {
  const [first, second] = [request.signer.ownerId, release.signer.ownerId];
  if (people.requesters.includes(first) || people.requesters.includes(second))
    throw personError('requester');
  if (people.preparers.includes(second)) throw personError('preparer');
  if (people.preparers.includes(first) && people.policy !== 'two-person-site')
    throw personError('preparer');
}

/**
 * Holds the two approvals' digests against the scopes they are said to cover.
 *
 * @throws SallyportError ERR_SEAL_APPROVAL_SCOPE
 */
export async function verifyScopes(
  { request, release }: VerifiedApprovals,
  approvals: ApprovalPair,
  scopes: ApprovalScopes,
): Promise<void> {
  const { requestId } = request.payload;
  const { exportId } = release.payload;
  if ((await scopeDigest(scopes.request)) !== request.payload.scopeSha256)
    throw scopeError('request digest');
  if ((await scopeDigest(scopes.release)) !== release.payload.scopeSha256)
    throw scopeError('release digest');
  if (scopes.request.scope.requestId !== requestId) throw scopeError('requestId');
  if (scopes.release.scope.requestId !== requestId) throw scopeError('requestId');
  if (scopes.release.scope.exportId !== exportId) throw scopeError('exportId');
  if (!scopes.request.scope.items.some(({ itemId }) => itemId === scopes.release.scope.itemId))
    throw scopeError('itemId');
  const requestSha256 = await sha256Hex(new TextEncoder().encode(approvals.request));
  if (scopes.release.scope.requestApprovalSha256 !== requestSha256)
    throw scopeError('request approval');
}

/** SHA-256 of a salted scope's canonical JSON: what an approval signs. */
export async function scopeDigest(scope: SaltedRequestScope | SaltedReleaseScope): Promise<string> {
  return sha256Hex(canonicalBytes(scope));
}

function personError(fault: string): SallyportError {
  return new SallyportError('ERR_SEAL_APPROVAL_PERSON', { detail: { fault } });
}

function scopeError(fault: string): SallyportError {
  return new SallyportError('ERR_SEAL_APPROVAL_SCOPE', { detail: { fault } });
}
