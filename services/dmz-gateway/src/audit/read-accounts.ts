import {
  SallyportError,
  type PortalAccount,
  type PortalAccounts,
  type PortalRole,
} from '@sallyport/contracts';
import { clearFailures, lockoutFor } from '../accounts/lockouts.ts';
import { openLogin } from '../accounts/logins.ts';
import { officerStatus } from '../accounts/session-rows.ts';
import type { FieldKeys } from '../keys/gateway-keys.ts';
import type { Database } from '../store/database.ts';
import { recordEvent } from '../store/ledger-events.ts';

/** Every account with its lock, the locked ones first. */
export async function listAccounts(
  db: Database,
  fields: FieldKeys,
  now: Date,
): Promise<PortalAccounts> {
  const rows = await db.account.findMany({ orderBy: { createdAt: 'desc' } });
  const accounts: PortalAccount[] = [];
  for (const row of rows) {
    const { lockout, failures } = await lockoutFor(db, row.loginLookup, now);
    accounts.push({
      accountId: row.id,
      login: openLogin(fields, row),
      role: row.role as PortalRole, // written by this service from the same union
      state: row.state as PortalAccount['state'], // likewise
      officerStatus: await officerStatus(db, row),
      lock: lockout.kind,
      lockedUntil: lockout.kind === 'locked-for-a-while' ? lockout.until.toISOString() : null,
      failures,
    });
  }
  return {
    accounts: accounts.sort((a, b) => Number(b.lock !== 'open') - Number(a.lock !== 'open')),
  };
}

/** Opens a locked account again. @throws SallyportError ERR_ACCOUNT_UNKNOWN */
export async function unlockAccount(
  db: Database,
  accountId: string,
  administratorId: string,
  now: Date,
): Promise<void> {
  const row = await db.account.findUnique({ where: { id: accountId } });
  if (row === null) throw new SallyportError('ERR_ACCOUNT_UNKNOWN');
  await db.$transaction(async (tx) => {
    await clearFailures(tx, row.loginLookup);
    await recordEvent(tx, {
      at: now,
      actor: { kind: 'account', id: administratorId },
      event: { kind: 'account.unlocked', accountId },
    });
  });
}
