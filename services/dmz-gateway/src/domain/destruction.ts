/** Why a package ends; what the reports and the ledger say. */
export type DestructionReason = 'expired' | 'revoked' | 'superseded';

/** What a package and its grant say about ending. */
export interface EndFacts {
  readonly expiresAt: Date | null;
  readonly destroyReason: string | null;
  readonly grant: { readonly status: string; readonly notAfter: Date } | null;
}

/** Why this package must end now, or null while it may live. */
export function endReason(facts: EndFacts, now: Date): DestructionReason | null {
  if (facts.destroyReason === 'superseded') return 'superseded';
  if (facts.grant?.status === 'revoked' || facts.destroyReason === 'revoked') return 'revoked';
  const ends = [facts.expiresAt, facts.grant?.notAfter ?? null];
  const isOver = ends.some((end) => end !== null && now >= end);
  return isOver || facts.destroyReason === 'expired' ? 'expired' : null;
}
