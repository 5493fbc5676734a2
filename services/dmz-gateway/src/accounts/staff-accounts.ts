import { createHash, randomBytes } from 'node:crypto';
import {
  SallyportError,
  type LedgerActor,
  type PortalActivationBody,
  type PortalActivationConfirmBody,
  type PortalActivationReply,
} from '@sallyport/contracts';
import {
  assertPasswordAcceptable,
  assertTotp,
  createTotpSecret,
  hashPassword,
  totpUri,
} from '@sallyport/runtime';
import type { FieldKeys } from '../keys/gateway-keys.ts';
import type { Database } from '../store/database.ts';
import { recordEvent } from '../store/ledger-events.ts';
import { assertOpen, clearFailures, countFailure } from './lockouts.ts';
import { loginLookup, loginPlace, namePlace, totpPlace } from './logins.ts';

const CODE_VALID_MS = 72 * 3600 * 1000;

export interface StaffAccount {
  readonly role: 'auditor' | 'administrator';
  readonly login: string;
  readonly name: string;
  readonly actor: LedgerActor;
}

/**
 * Creates an auditor or administrator of the gateway; its one-time activation code is answered once.
 *
 * @throws SallyportError ERR_ACCOUNT_LOGIN_TAKEN
 */
export async function createStaffAccount(
  db: Database,
  fields: FieldKeys,
  staff: StaffAccount,
  now: Date,
): Promise<{ readonly accountId: string; readonly activationCode: string }> {
  const lookup = loginLookup(fields, staff.login);
  const known = await db.account.findUnique({ where: { loginLookup: lookup } });
  if (known !== null) throw new SallyportError('ERR_ACCOUNT_LOGIN_TAKEN');
  const id = randomBytes(16).toString('hex');
  const activationCode = randomBytes(16).toString('base64url');
  await db.$transaction(async (tx) => {
    await tx.account.create({
      data: {
        id,
        role: staff.role,
        state: 'invited',
        loginLookup: lookup,
        loginEncrypted: fields.cipher.encrypt(staff.login, loginPlace(id)),
        nameEncrypted: fields.cipher.encrypt(staff.name, namePlace(id)),
        activationHash: digest(activationCode),
        activationExpiresAt: new Date(now.getTime() + CODE_VALID_MS),
        createdAt: now,
      },
    });
    await recordEvent(tx, {
      at: now,
      actor: staff.actor,
      event: { kind: 'account.created', accountId: id },
    });
  });
  return { accountId: id, activationCode };
}

/**
 * First step of an activation: the code and a password, answered with a TOTP secret.
 *
 * @throws SallyportError ERR_ACTIVATION_REFUSED, ERR_PASSWORD_WEAK, ERR_ACCOUNT_LOCKED
 */
export async function beginActivation(
  db: Database,
  fields: FieldKeys,
  { login, code, password }: PortalActivationBody,
  now: Date,
): Promise<PortalActivationReply> {
  assertPasswordAcceptable(password, login);
  const account = await findInvited(db, fields, { login, code }, now);
  const totpSecret = createTotpSecret();
  await db.account.update({
    where: { id: account.id },
    data: {
      passwordHash: await hashPassword(password),
      totpEncrypted: fields.cipher.encrypt(totpSecret, totpPlace(account.id)),
    },
  });
  return { totpSecret, otpauthUri: totpUri(totpSecret, 'Sallyport', login) };
}

/**
 * Second step: one right code proves that the authenticator works.
 *
 * @throws SallyportError ERR_ACTIVATION_REFUSED, ERR_ACCOUNT_LOCKED
 */
export async function confirmActivation(
  db: Database,
  fields: FieldKeys,
  { login, code, totp }: PortalActivationConfirmBody,
  now: Date,
): Promise<void> {
  const account = await findInvited(db, fields, { login, code }, now);
  if (account.totpEncrypted === null) throw new SallyportError('ERR_ACTIVATION_REFUSED');
  const secret = fields.cipher.decrypt(account.totpEncrypted, totpPlace(account.id));
  const step = await countingFailures(db, account.loginLookup, now, () =>
    assertTotp(secret, totp, now, null),
  );
  await db.$transaction(async (tx) => {
    // The code just shown still serves the first log-in.
    const data = { state: 'active', totpLastStep: step - 1, activationHash: null };
    const { count } = await tx.account.updateMany({
      where: { id: account.id, state: 'invited' },
      data,
    });
    if (count !== 1) throw new SallyportError('ERR_ACTIVATION_REFUSED');
    await clearFailures(tx, account.loginLookup);
    await recordEvent(tx, {
      at: now,
      actor: { kind: 'account', id: account.id },
      event: { kind: 'account.activated', accountId: account.id },
    });
  });
}

async function findInvited(
  db: Database,
  fields: FieldKeys,
  given: { readonly login: string; readonly code: string },
  now: Date,
) {
  const lookup = loginLookup(fields, given.login);
  await assertOpen(db, lookup, now);
  const account = await db.account.findUnique({ where: { loginLookup: lookup } });
  return countingFailures(db, lookup, now, () => {
    const isRight =
      account?.state === 'invited' &&
      account.activationHash === digest(given.code) &&
      account.activationExpiresAt !== null &&
      account.activationExpiresAt > now;
    if (!isRight) throw new SallyportError('ERR_ACTIVATION_REFUSED');
    return account;
  });
}

async function countingFailures<T>(
  db: Database,
  lookup: string,
  now: Date,
  check: () => T,
): Promise<T> {
  try {
    return check();
  } catch (error) {
    await countFailure(db, lookup, now);
    throw error;
  }
}

/** The code is 128 random bits: a plain digest hides it. */
function digest(code: string): string {
  return createHash('sha256').update(code, 'utf8').digest('hex');
}
