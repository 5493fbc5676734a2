import { SallyportError } from '@sallyport/contracts';

export interface LockoutPolicy {
  /** Failures within the window that lock for a while. */
  readonly failures: number;
  readonly windowMs: number;
  readonly lockMs: number;
  /** Failures since the last success or unlocking that lock until an administrator acts. */
  readonly failuresUntilUnlock: number;
}

export const LOCKOUT_POLICY: LockoutPolicy = {
  failures: 5,
  windowMs: 15 * 60_000,
  lockMs: 15 * 60_000,
  failuresUntilUnlock: 20,
};

export type Lockout =
  | { readonly kind: 'open'; readonly failuresLeft: number }
  | { readonly kind: 'locked-for-a-while'; readonly until: Date }
  | { readonly kind: 'locked-until-unlocked' };

/**
 * The lock of one account from its failures since the last success or unlocking, in any order.
 * Keyed on the account, never on the address: stations share one behind their VPN, and attackers have many.
 */
export function lockoutOf(
  failures: readonly Date[],
  now: Date,
  policy: LockoutPolicy = LOCKOUT_POLICY,
): Lockout {
  if (failures.length >= policy.failuresUntilUnlock) return { kind: 'locked-until-unlocked' };
  const times = failures.map((failure) => failure.getTime()).sort((a, b) => a - b);
  let lockedUntil = 0;
  for (let last = policy.failures - 1; last < times.length; last += 1) {
    const newest = times[last] ?? 0;
    const oldest = times[last - policy.failures + 1] ?? 0;
    if (newest - oldest <= policy.windowMs) lockedUntil = newest + policy.lockMs;
  }
  if (lockedUntil > now.getTime())
    return { kind: 'locked-for-a-while', until: new Date(lockedUntil) };
  const sinceLock = times.filter(
    (time) => time >= lockedUntil && now.getTime() - time <= policy.windowMs,
  );
  return { kind: 'open', failuresLeft: policy.failures - sinceLock.length };
}

/**
 * Call before the password is looked at, so that a locked account answers alike for right and wrong ones.
 *
 * @throws SallyportError ERR_ACCOUNT_LOCKED with `until` where the lock ends by itself.
 */
export function assertNotLocked(lockout: Lockout): void {
  if (lockout.kind === 'open') return;
  const detail =
    lockout.kind === 'locked-for-a-while' ? { until: lockout.until.toISOString() } : {};
  throw new SallyportError('ERR_ACCOUNT_LOCKED', { detail });
}
