import { randomBytes } from 'node:crypto';
import { SallyportError, isSallyportError, type PortalLoginBody } from '@sallyport/contracts';
import { assertTotp, isPasswordCorrect } from '@sallyport/runtime';
import type { FieldKeys } from '../keys/gateway-keys.ts';
import type { Database } from '../store/database.ts';
import { recordEvent } from '../store/ledger-events.ts';
import { assertOpen, clearFailures, countFailure } from './lockouts.ts';
import { loginLookup, totpPlace } from './logins.ts';

const SESSION_MS = 8 * 3600 * 1000;

type Account = NonNullable<Awaited<ReturnType<Database['account']['findUnique']>>>;

export interface OpenedSession {
  readonly sessionId: string;
  readonly accountId: string;
}

/**
 * Checks password and TOTP and stores a session. An unknown name, a wrong password and a wrong code
 * cost the same time, get the same answer and lock alike.
 *
 * @throws SallyportError ERR_CREDENTIALS_REFUSED, ERR_ACCOUNT_LOCKED
 */
export async function logIn(
  db: Database,
  fields: FieldKeys,
  body: PortalLoginBody,
  now: Date,
): Promise<OpenedSession> {
  const lookup = loginLookup(fields, body.login);
  await assertOpen(db, lookup, now);
  const account = await db.account.findUnique({ where: { loginLookup: lookup } });
  const usable = account?.state === 'active' ? account : null;
  try {
    const matches = await isPasswordCorrect(usable?.passwordHash ?? null, body.password);
    if (!matches || usable === null) throw new SallyportError('ERR_CREDENTIALS_REFUSED');
    return await openSession(db, usable, stepOf(fields, usable, body.totp, now), lookup, now);
  } catch (error) {
    if (isSallyportError(error, 'ERR_CREDENTIALS_REFUSED')) await refuse(db, account, lookup, now);
    throw error;
  }
}

function stepOf(fields: FieldKeys, account: Account, code: string, now: Date): number {
  if (account.totpEncrypted === null) throw new SallyportError('ERR_CREDENTIALS_REFUSED');
  const secret = fields.cipher.decrypt(account.totpEncrypted, totpPlace(account.id));
  return assertTotp(secret, code, now, account.totpLastStep);
}

async function openSession(
  db: Database,
  account: Account,
  step: number,
  lookup: string,
  now: Date,
): Promise<OpenedSession> {
  const sessionId = randomBytes(16).toString('hex');
  await db.$transaction(async (tx) => {
    // Two log-ins with one code: only the first moves the step forward.
    const { count } = await tx.account.updateMany({
      where: { id: account.id, OR: [{ totpLastStep: null }, { totpLastStep: { lt: step } }] },
      data: { totpLastStep: step },
    });
    if (count !== 1) throw new SallyportError('ERR_CREDENTIALS_REFUSED');
    await clearFailures(tx, lookup);
    await tx.session.create({
      data: {
        id: sessionId,
        accountId: account.id,
        createdAt: now,
        endsAt: new Date(now.getTime() + SESSION_MS),
      },
    });
    await recordEvent(tx, {
      at: now,
      actor: actorOf(account),
      event: { kind: 'session.opened', accountId: account.id },
    });
  });
  return { sessionId, accountId: account.id };
}

async function refuse(
  db: Database,
  account: Account | null,
  lookup: string,
  now: Date,
): Promise<void> {
  const isLocked = await countFailure(db, lookup, now);
  if (account === null) return;
  const at = { at: now, actor: actorOf(account) };
  const { id: accountId } = account;
  const failure = 'ERR_CREDENTIALS_REFUSED';
  await recordEvent(db, { ...at, event: { kind: 'session.refused', accountId, failure } });
  // Open sessions stay: guessing somebody's password must not throw them out of their work.
  if (isLocked) await recordEvent(db, { ...at, event: { kind: 'account.locked', accountId } });
}

/** Who an account is in the ledger. */
export function actorOf(account: { readonly id: string; readonly officerId: string | null }) {
  return account.officerId === null
    ? ({ kind: 'account', id: account.id } as const)
    : ({ kind: 'officer', id: account.officerId } as const);
}
