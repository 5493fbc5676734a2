import {
  assertWrap,
  SallyportError,
  verifyRecord,
  type CertificateIdentity,
  type PackageHeader,
  type TrustAnchor,
} from '@sallyport/contracts';
import { layoutOf, type PackageLayout } from '../layout.ts';
import { verifyApprovals, type VerifiedApprovals } from './approvals.ts';

/** A package header whose signature, approvals, entry table and recipients were all verified. */
export interface PackageView {
  readonly header: PackageHeader;
  /** The exact signed text. */
  readonly headerJws: string;
  readonly signer: CertificateIdentity;
  readonly approvals: VerifiedApprovals;
  readonly layout: PackageLayout;
}

export interface HeaderOptions {
  readonly trust: TrustAnchor;
  readonly now: Date;
  /** The gateway's own id, where one verifies: another gateway's package is refused. */
  readonly gatewayId?: string | undefined;
}

const KNOWN_SUITES: readonly number[] = [1, 2];
/** A wrapped 32-byte share has one size: 40-byte wrapped key, 12-byte nonce, 32 bytes, 16-byte tag. */
const SHARE_PART_LENGTHS = [54, 16, 43, 22];

/**
 * Verifies a package header. Approvals are judged at the time the header was signed, which the
 * sealer's signature vouches for; the sealer's own certificate at `now`. An expired package still
 * verifies: expiry stops opening, not checking.
 *
 * @throws SallyportError ERR_RECORD_*, ERR_CERTIFICATE_*, ERR_SEAL_SUITE, ERR_SEAL_LAYOUT,
 * ERR_SEAL_RECIPIENTS, ERR_SEAL_APPROVAL_*
 */
export async function verifyHeader(
  headerJws: string,
  options: HeaderOptions,
): Promise<PackageView> {
  const { trust, now } = options;
  const { payload: header, signer } = await verifyRecord('package-header', headerJws, {
    trust,
    now,
    roles: ['seal'],
  });
  if (options.gatewayId !== undefined && options.gatewayId !== header.gatewayId) {
    throw new SallyportError('ERR_RECORD_AUDIENCE', { detail: { gatewayId: header.gatewayId } });
  }
  if (!KNOWN_SUITES.includes(header.suite)) {
    throw new SallyportError('ERR_SEAL_SUITE', { detail: { suite: header.suite } });
  }
  const layout = layoutOf(header, headerJws.length);
  if (header.expiresAt <= header.createdAt || header.supersedes === header.packageId) {
    throw new SallyportError('ERR_SEAL_LAYOUT', { detail: { fault: 'times or ids' } });
  }
  assertRecipients(header);
  const approvals = await verifyApprovals(header.approvals, {
    trust,
    now: new Date(header.createdAt),
    facts: header,
  });
  return { header, headerJws, signer, approvals, layout };
}

/**
 * Refuses a second package under a known id: both may bear good signatures, so nobody may choose.
 *
 * @throws SallyportError ERR_SEAL_EQUIVOCATION
 */
export function assertSameRoot(
  known: Pick<PackageHeader, 'packageId' | 'root'>,
  offered: PackageHeader,
): void {
  if (known.packageId === offered.packageId && known.root !== offered.root) {
    throw new SallyportError('ERR_SEAL_EQUIVOCATION', { detail: { packageId: known.packageId } });
  }
}

/** Distinct devices, each with a wrap of exactly one share bound to this package. */
function assertRecipients({ packageId, recipients }: PackageHeader): void {
  const ids = recipients.flatMap((each) => [
    each.deviceId,
    each.signCertificateId,
    each.agreeCertificateId,
  ]);
  if (new Set(ids).size !== ids.length) throw recipientsError('duplicate');
  for (const { share, agreeCertificateId } of recipients) {
    assertWrap(
      share,
      { purpose: 'recipient-share', context: packageId, keyId: agreeCertificateId },
      4096,
    );
    const lengths = share
      .split('.')
      .slice(1)
      .map((part) => part.length);
    if (lengths.some((length, i) => length !== SHARE_PART_LENGTHS[i]))
      throw recipientsError('share length');
  }
}

function recipientsError(fault: string): SallyportError {
  return new SallyportError('ERR_SEAL_RECIPIENTS', { detail: { fault } });
}
