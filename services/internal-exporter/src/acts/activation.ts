import {
  SallyportError,
  type ActivationBody,
  type ActivationConfirm,
  type ActivationReply,
} from '@sallyport/contracts';
import {
  assertNotLocked,
  assertPasswordAcceptable,
  createTotpSecret,
  findTotpStep,
  hashPassword,
  lockoutOf,
  totpUri,
} from '@sallyport/runtime';
import { byAccount } from '../store/actors.ts';
import { inTransaction, type Database } from '../store/database.ts';
import { recordEvent } from '../store/ledger-outbox.ts';
import type { PersonalFields } from '../store/personal-fields.ts';
import { activationHash } from './accounts.ts';
import { recordFailure, totpSecretOf } from './sessions.ts';

/**
 * First half of an activation: the one-time code buys a password and a TOTP secret, which count for
 * nothing until {@link confirmActivation}. May be repeated until then.
 *
 * @throws SallyportError ERR_ACTIVATION_REFUSED, ERR_ACCOUNT_LOCKED, ERR_PASSWORD_WEAK
 */
export async function beginActivation(
  db: Database,
  fields: PersonalFields,
  siteName: string,
  given: ActivationBody,
  now: Date,
): Promise<ActivationReply> {
  assertPasswordAcceptable(given.password, given.login);
  const { id } = await findActivating(db, fields, given, now);
  const totpSecret = createTotpSecret();
  const passwordHash = await hashPassword(given.password);
  const place = { table: 'Account', column: 'totpSecretEncrypted', rowId: id };
  const { count } = await db.account.updateMany({
    where: { id, state: 'awaiting-activation' },
    data: { passwordHash, totpSecretEncrypted: fields.encrypt(totpSecret, place) },
  });
  if (count === 0) throw new SallyportError('ERR_ACTIVATION_REFUSED');
  return { totpSecret, otpauthUri: totpUri(totpSecret, `Sallyport ${siteName}`, given.login) };
}

/**
 * Second half: a code of the new secret proves that the authenticator has it; the account is active.
 *
 * @throws SallyportError ERR_ACTIVATION_REFUSED, ERR_ACCOUNT_LOCKED
 */
export async function confirmActivation(
  db: Database,
  fields: PersonalFields,
  given: ActivationConfirm,
  now: Date,
): Promise<void> {
  const account = await findActivating(db, fields, given, now);
  const { id: accountId } = account;
  const step =
    account.totpSecretEncrypted === null
      ? null
      : findTotpStep(totpSecretOf(fields, account), given.totp, now, null);
  if (step === null) {
    await recordFailure(db, accountId, 'ERR_ACTIVATION_REFUSED', now);
    throw new SallyportError('ERR_ACTIVATION_REFUSED');
  }
  await inTransaction(db, async (tx) => {
    const { count } = await tx.account.updateMany({
      where: { id: accountId, state: 'awaiting-activation' },
      data: {
        state: 'active',
        activatedAt: now,
        activationCodeHash: null,
        activationExpiresAt: null,
      },
    });
    if (count === 0) throw new SallyportError('ERR_ACTIVATION_REFUSED');
    await tx.loginFailure.deleteMany({ where: { accountId } });
    await recordEvent(tx, {
      at: now,
      actor: byAccount(accountId),
      event: { kind: 'account.activated', accountId },
    });
  });
}

async function findActivating(
  db: Database,
  fields: PersonalFields,
  given: { readonly login: string; readonly code: string },
  now: Date,
) {
  const account = await db.account.findUnique({
    where: { loginLookup: fields.lookup('login', given.login) },
    include: { failures: true },
  });
  if (account?.state !== 'awaiting-activation') throw new SallyportError('ERR_ACTIVATION_REFUSED');
  assertNotLocked(
    lockoutOf(
      account.failures.map(({ at }) => at),
      now,
    ),
  );
  const inTime = account.activationExpiresAt !== null && account.activationExpiresAt > now;
  // Both sides are digests of a 97-bit code: comparing them leaks nothing that helps.
  if (inTime && account.activationCodeHash === activationHash(given.code)) return account;
  await recordFailure(db, account.id, 'ERR_ACTIVATION_REFUSED', now);
  throw new SallyportError('ERR_ACTIVATION_REFUSED');
}
