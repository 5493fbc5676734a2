import { SallyportError, assertWrap, type LicenceGrant } from '@sallyport/contracts';
import { actorOfRole, recordEvent } from '../store/ledger-events.ts';
import type { Transaction } from '../store/database.ts';
import { writeShare } from '../store/shares.ts';
import { getSite } from '../store/trust.ts';

/**
 * Stores a grant: its policy in the database, its share in a file outside it, file first. A lower or
 * equal version, and a grant for a package whose key was already destroyed, change nothing.
 *
 * @throws SallyportError ERR_RECORD_AUDIENCE, ERR_LICENCE_EPOCH, ERR_RECORD_INVALID, ERR_RECORD_HEADER
 */
export async function applyLicenceGrant(
  tx: Transaction,
  grant: LicenceGrant,
  options: { readonly gatewayId: string; readonly sharesRoot: string; readonly now: Date },
): Promise<void> {
  const { siteId } = await getSite(tx);
  if (grant.gatewayId !== options.gatewayId || grant.siteId !== siteId) {
    throw new SallyportError('ERR_RECORD_AUDIENCE');
  }
  if (await isOldNews(tx, grant)) return;
  if (grant.status === 'active' && grant.channel === 'gateway') {
    await storeShare(tx, grant, options.sharesRoot);
  }
  await storeGrant(tx, grant);
  await recordEvent(tx, {
    at: options.now,
    actor: actorOfRole('intake'),
    event: {
      kind: 'licence.granted',
      packageId: grant.packageId,
      grantId: grant.grantId,
      version: grant.version,
    },
  });
}

async function isOldNews(tx: Transaction, grant: LicenceGrant): Promise<boolean> {
  const known = await tx.grant.findUnique({ where: { packageId: grant.packageId } });
  if (known === null) {
    const row = await tx.package.findUnique({ where: { id: grant.packageId } });
    return row?.state === 'destroyed' || row?.state === 'quarantined';
  }
  // A second grant id for one package would reset its count of plays.
  if (known.id !== grant.grantId) throw new SallyportError('ERR_RECORD_STALE');
  return known.keyDestroyedAt !== null || known.version >= BigInt(grant.version);
}

async function storeShare(tx: Transaction, grant: LicenceGrant, root: string): Promise<void> {
  const { epoch, grantId, packageId, share } = grant;
  if (share === undefined)
    throw new SallyportError('ERR_RECORD_INVALID', { detail: { path: '/share' } });
  const row = await tx.agreementEpoch.findUnique({ where: { epoch } });
  if (row === null || row.destroyedAt !== null) {
    throw new SallyportError('ERR_LICENCE_EPOCH', { detail: { epoch } });
  }
  assertWrap(share, { purpose: 'licence-share', context: packageId, keyId: String(epoch) }, 4096);
  await writeShare({ root, epoch, grantId }, share);
}

async function storeGrant(tx: Transaction, grant: LicenceGrant): Promise<void> {
  const {
    grantId: id,
    packageId,
    recipientOfficerId,
    status,
    devices,
    channel,
    epoch,
    plays,
  } = grant;
  const data = {
    version: BigInt(grant.version),
    status,
    packageId,
    recipientOfficerId,
    devices,
    notBefore: new Date(grant.notBefore),
    notAfter: new Date(grant.notAfter),
    plays,
    channel,
    epoch,
  };
  // A revocation carries no share: the epoch under which the share lies is the one it came with.
  const update = status === 'revoked' ? { version: data.version, status } : data;
  await tx.grant.upsert({ where: { id }, create: { id, ...data }, update });
}
