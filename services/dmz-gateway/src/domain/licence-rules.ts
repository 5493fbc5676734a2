import { SallyportError, type PortalLicence, type RecipientDevice } from '@sallyport/contracts';

/** A grant as the gateway remembers it, without its share. */
export interface GrantFacts {
  readonly status: string;
  readonly recipientOfficerId: string;
  readonly devices: readonly RecipientDevice[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** 0 = unlimited. */
  readonly plays: number;
  readonly playsUsed: number;
  readonly channel: string;
  readonly keyDestroyedAt: Date | null;
}

/**
 * Whether a licence may be issued now to this device of this officer. The certificate has been
 * verified by the caller; the play count is taken by the caller's transaction.
 *
 * @returns the device as the grant names it
 * @throws SallyportError ERR_LICENCE_REVOKED, ERR_LICENCE_EXPIRED, ERR_LICENCE_NOT_YET,
 * ERR_LICENCE_CHANNEL, ERR_LICENCE_DEVICE, ERR_LICENCE_USED_UP
 */
export function assertLicensable(
  grant: GrantFacts,
  asks: {
    readonly officerId: string;
    readonly deviceId: string;
    readonly signCertificateId: string;
  },
  now: Date,
): RecipientDevice {
  if (grant.status === 'revoked') throw new SallyportError('ERR_LICENCE_REVOKED');
  if (grant.keyDestroyedAt !== null || now >= grant.notAfter) {
    throw new SallyportError('ERR_LICENCE_EXPIRED', {
      detail: { notAfter: grant.notAfter.toISOString() },
    });
  }
  if (now < grant.notBefore) {
    throw new SallyportError('ERR_LICENCE_NOT_YET', {
      detail: { notBefore: grant.notBefore.toISOString() },
    });
  }
  if (grant.channel !== 'gateway') throw new SallyportError('ERR_LICENCE_CHANNEL');
  const device = grant.devices.find(
    ({ deviceId, signCertificateId }) =>
      deviceId === asks.deviceId && signCertificateId === asks.signCertificateId,
  );
  if (device === undefined || grant.recipientOfficerId !== asks.officerId) {
    throw new SallyportError('ERR_LICENCE_DEVICE', { detail: { deviceId: asks.deviceId } });
  }
  if (playsLeft(grant) === 0) throw new SallyportError('ERR_LICENCE_USED_UP');
  return device;
}

/** Plays that remain; null = unlimited. */
export function playsLeft(grant: Pick<GrantFacts, 'plays' | 'playsUsed'>): number | null {
  return grant.plays === 0 ? null : Math.max(0, grant.plays - grant.playsUsed);
}

/** A grant as its recipient sees it. */
export function toPortalLicence(grant: GrantFacts | null, now: Date): PortalLicence {
  if (grant === null) return { state: 'none', playsLeft: null, notBefore: null, notAfter: null };
  return {
    state: licenceState(grant, now),
    playsLeft: playsLeft(grant),
    notBefore: grant.notBefore.toISOString(),
    notAfter: grant.notAfter.toISOString(),
  };
}

function licenceState(grant: GrantFacts, now: Date): PortalLicence['state'] {
  if (grant.status === 'revoked') return 'revoked';
  if (grant.keyDestroyedAt !== null) return 'destroyed';
  if (now >= grant.notAfter) return 'expired';
  if (now < grant.notBefore) return 'not-yet';
  return playsLeft(grant) === 0 ? 'used-up' : 'active';
}
