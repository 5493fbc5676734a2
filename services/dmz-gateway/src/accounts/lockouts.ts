import { assertNotLocked, lockoutOf, type Lockout } from '@sallyport/runtime';
import type { Database, Transaction } from '../store/database.ts';

const FORGOTTEN_AFTER_MS = 24 * 3600 * 1000;

/** How one login name stands, whether or not an account has it. */
export async function lockoutFor(
  db: Database,
  lookup: string,
  now: Date,
): Promise<{ readonly lockout: Lockout; readonly failures: number }> {
  const rows = await db.loginFailure.findMany({ where: { loginLookup: lookup } });
  return {
    lockout: lockoutOf(
      rows.map(({ at }) => at),
      now,
    ),
    failures: rows.length,
  };
}

/** @throws SallyportError ERR_ACCOUNT_LOCKED */
export async function assertOpen(db: Database, lookup: string, now: Date): Promise<void> {
  assertNotLocked((await lockoutFor(db, lookup, now)).lockout);
}

/** Counts a failure. Answers true when it closed the login. */
export async function countFailure(db: Database, lookup: string, now: Date): Promise<boolean> {
  await db.loginFailure.create({ data: { loginLookup: lookup, at: now } });
  return (await lockoutFor(db, lookup, now)).lockout.kind !== 'open';
}

/** A success or an administrator forgets the failures. */
export async function clearFailures(tx: Transaction | Database, lookup: string): Promise<void> {
  await tx.loginFailure.deleteMany({ where: { loginLookup: lookup } });
}

/** Failures of names that nobody has are dropped after a day; they would pile up for ever. */
export async function forgetStrangers(db: Database, now: Date): Promise<void> {
  const before = new Date(now.getTime() - FORGOTTEN_AFTER_MS);
  await db.$executeRaw`DELETE FROM login_failure f WHERE f.at < ${before}
    AND NOT EXISTS (SELECT 1 FROM account a WHERE a."loginLookup" = f."loginLookup")`;
}
