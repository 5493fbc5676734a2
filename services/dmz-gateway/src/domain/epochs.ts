/*
 * An epoch is a calendar month (UTC), written YYYYMM. Its agreement key may be used for new grants
 * until a week after the month, so that a package sealed at its end still arrives in time; it is
 * destroyed once no grant of the epoch is alive and a further week has passed for late frames.
 */
const GRACE_MS = 7 * 24 * 3600 * 1000;

/** The epoch of a moment. */
export function epochOf(now: Date): number {
  return now.getUTCFullYear() * 100 + now.getUTCMonth() + 1;
}

/** The epochs that must have a key now: this month's, and the next one's in the month's last week. */
export function epochsNeeded(now: Date): readonly number[] {
  return [...new Set([epochOf(now), epochOf(new Date(now.getTime() + GRACE_MS))])];
}

/** New grants may use an epoch's key until then. */
export function epochEndsAt(epoch: number): Date {
  const firstOfNext = Date.UTC(Math.floor(epoch / 100), epoch % 100, 1);
  return new Date(firstOfNext + GRACE_MS);
}

/** Whether an epoch's private key must die: closed for new grants, and no grant of it alive. */
export function isEpochOver(
  epoch: { readonly epoch: number; readonly aliveGrants: number },
  now: Date,
): boolean {
  return epoch.aliveGrants === 0 && now.getTime() > epochEndsAt(epoch.epoch).getTime() + GRACE_MS;
}
