import { SallyportError, type AccountState } from '@sallyport/contracts';

/** Activation codes are good for this long. */
export const ACTIVATION_VALID_MS = 72 * 3_600_000;
const CODE_ALPHABET = 'ABCDEFGHJKMNPQRSTVWXYZ23456789';
const CODE_LENGTH = 20;

/** The one-time code of a new account, four groups of five; needs {@link CODE_LENGTH} random bytes or more. */
export function toActivationCode(random: Uint8Array): string {
  // 256 is no multiple of 30: the first 16 letters are a little likelier; 20 of them still give 97 bits.
  const letters = [...random.subarray(0, CODE_LENGTH)].map((byte) =>
    CODE_ALPHABET.charAt(byte % CODE_ALPHABET.length),
  );
  return letters.join('').replace(/(.{5})(?=.)/g, '$1-');
}

/** A staff number that has a living account gets another only with a second administrator. */
export function stateOfNewAccount(hasLivingAccount: boolean): AccountState {
  return hasLivingAccount ? 'proposed' : 'awaiting-activation';
}

/**
 * Who confirms a proposed account: an administrator who neither proposed it nor will own it, as a
 * person, whatever account that person uses.
 *
 * @throws SallyportError ERR_ACCOUNT_SECOND_ADMINISTRATOR, ERR_ACCOUNT_STATE
 */
export function assertMayConfirmProposal(
  confirmer: { readonly personId: string },
  proposal: {
    readonly state: AccountState;
    readonly personId: string;
    readonly proposedByPersonId: string | null;
  },
): void {
  if (proposal.state !== 'proposed')
    throw new SallyportError('ERR_ACCOUNT_STATE', { detail: { state: proposal.state } });
  const isInvolved =
    confirmer.personId === proposal.personId || confirmer.personId === proposal.proposedByPersonId;
  if (isInvolved) throw new SallyportError('ERR_ACCOUNT_SECOND_ADMINISTRATOR');
}
