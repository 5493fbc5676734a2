import { createHash, randomBytes } from 'node:crypto';
import { SallyportError, type PortalNonce } from '@sallyport/contracts';
import type { Database } from '../store/database.ts';

const VALID_MS = 60_000;

/** Who a nonce is for. */
export interface NonceOwner {
  readonly packageId: string;
  readonly deviceId: string;
  readonly officerId: string;
}

/** Makes a nonce that is good once, for a minute, for this package, device and officer. */
export async function makeNonce(db: Database, owner: NonceOwner, now: Date): Promise<PortalNonce> {
  const nonce = randomBytes(32).toString('base64url');
  const expiresAt = new Date(now.getTime() + VALID_MS);
  await db.licenceNonce.deleteMany({
    where: { expiresAt: { lt: new Date(now.getTime() - VALID_MS) } },
  });
  await db.licenceNonce.create({ data: { id: digest(nonce), ...owner, expiresAt } });
  return { nonce, expiresAt: expiresAt.toISOString() };
}

/**
 * Uses a nonce up. It is spent whatever becomes of the request that carried it.
 *
 * @throws SallyportError ERR_LICENCE_NONCE
 */
export async function spendNonce(
  db: Database,
  nonce: string,
  owner: NonceOwner,
  now: Date,
): Promise<void> {
  const { count } = await db.licenceNonce.updateMany({
    where: { id: digest(nonce), ...owner, usedAt: null, expiresAt: { gt: now } },
    data: { usedAt: now },
  });
  if (count !== 1) throw new SallyportError('ERR_LICENCE_NONCE');
}

function digest(nonce: string): string {
  return createHash('sha256').update(nonce, 'ascii').digest('hex');
}
