import { SallyportError, type ConsoleLogin, type ErrorCode } from '@sallyport/contracts';
import {
  assertNotLocked,
  assertPassword,
  assertTotp,
  lockoutOf,
  type SessionRow,
} from '@sallyport/runtime';
import { byAccount } from '../store/actors.ts';
import { inTransaction, type Database } from '../store/database.ts';
import { newId } from '../store/ids.ts';
import { recordEvent } from '../store/ledger-outbox.ts';
import type { PersonalFields } from '../store/personal-fields.ts';

/** A working day: the session ends then, however busy it is. */
const SESSION_MS = 10 * 3_600_000;

export interface OpenedSession {
  readonly sessionId: string;
  readonly accountId: string;
  readonly endsAt: Date;
}

/**
 * Logs in with all three: name, password and one-time code. Unknown names, wrong passwords and wrong
 * codes answer alike and take as long; each failure of a known account counts toward its lock-out.
 *
 * @throws SallyportError ERR_CREDENTIALS_REFUSED, ERR_ACCOUNT_LOCKED
 */
export async function logIn(
  db: Database,
  fields: PersonalFields,
  given: ConsoleLogin,
  now: Date,
): Promise<OpenedSession> {
  const account = await db.account.findUnique({
    where: { loginLookup: fields.lookup('login', given.login) },
    include: { failures: true },
  });
  if (account?.state !== 'active') {
    await assertPassword(null, given.password);
    throw new SallyportError('ERR_CREDENTIALS_REFUSED');
  }
  const { id: accountId } = account;
  assertNotLocked(
    lockoutOf(
      account.failures.map(({ at }) => at),
      now,
    ),
  );
  let step: number;
  try {
    await assertPassword(account.passwordHash, given.password);
    step = assertTotp(totpSecretOf(fields, account), given.totp, now, account.lastTotpStep);
  } catch (error) {
    await recordFailure(db, accountId, 'ERR_CREDENTIALS_REFUSED', now);
    throw error;
  }
  const sessionId = newId();
  const endsAt = new Date(now.getTime() + SESSION_MS);
  await inTransaction(db, async (tx) => {
    // Two logins at once with one code: only one finds the step still unused.
    const { count } = await tx.account.updateMany({
      where: {
        id: accountId,
        state: 'active',
        OR: [{ lastTotpStep: null }, { lastTotpStep: { lt: step } }],
      },
      data: { lastTotpStep: step },
    });
    if (count === 0) throw new SallyportError('ERR_CREDENTIALS_REFUSED');
    await tx.loginFailure.deleteMany({ where: { accountId } });
    await tx.session.create({ data: { id: sessionId, accountId, createdAt: now, endsAt } });
    await recordEvent(tx, {
      at: now,
      actor: byAccount(accountId),
      event: { kind: 'session.opened', accountId },
    });
  });
  return { sessionId, accountId, endsAt };
}

/** For every call: null when the session was closed or its account is no longer active. */
export async function findSession(
  db: Database,
  sessionId: string,
  now: Date,
): Promise<SessionRow | null> {
  const row = await db.session.findUnique({
    where: { id: sessionId },
    include: { account: { include: { failures: true } } },
  });
  if (row === null || row.closedAt !== null || row.account.state !== 'active') return null;
  if (
    lockoutOf(
      row.account.failures.map(({ at }) => at),
      now,
    ).kind !== 'open'
  )
    return null;
  return {
    sessionId: row.id,
    accountId: row.accountId,
    role: row.account.role,
    endsAt: row.endsAt,
  };
}

/** Ends one session; ending it twice is harmless. */
export async function closeSession(db: Database, sessionId: string, now: Date): Promise<void> {
  await db.session.updateMany({
    where: { id: sessionId, closedAt: null },
    data: { closedAt: now },
  });
}

/** Counts a failure; the one that locks the account is a ledger entry of its own. */
export function recordFailure(
  db: Database,
  accountId: string,
  failure: ErrorCode,
  now: Date,
): Promise<void> {
  return inTransaction(db, async (tx) => {
    await tx.loginFailure.create({ data: { id: newId(), accountId, at: now } });
    const failures = await tx.loginFailure.findMany({ where: { accountId } });
    const actor = byAccount(accountId);
    await recordEvent(tx, {
      at: now,
      actor,
      event: { kind: 'session.refused', accountId, failure },
    });
    const lockout = lockoutOf(
      failures.map(({ at }) => at),
      now,
    );
    if (lockout.kind !== 'open')
      await recordEvent(tx, { at: now, actor, event: { kind: 'account.locked', accountId } });
  });
}

/** @throws SallyportError ERR_CREDENTIALS_REFUSED where there is no secret */
export function totpSecretOf(
  fields: PersonalFields,
  account: { id: string; totpSecretEncrypted: Uint8Array | null },
): string {
  if (account.totpSecretEncrypted === null) throw new SallyportError('ERR_CREDENTIALS_REFUSED');
  const place = { table: 'Account', column: 'totpSecretEncrypted', rowId: account.id };
  return fields.decrypt(account.totpSecretEncrypted, place);
}
