import {
  type LicenceGrant,
  SallyportError,
  signRecord,
  wrapFor,
  type AgreementKey,
  type PackageHeader,
  type RecordSigner,
} from '@sallyport/contracts';

/** The policy of one licence; the rest of the grant follows from the header. */
export type GrantPolicy = Pick<
  LicenceGrant,
  'grantId' | 'version' | 'notBefore' | 'notAfter' | 'plays' | 'offlineLease' | 'at'
>;

/**
 * Signs the grant that carries the licence share to the gateway, wrapped to its key of one epoch.
 *
 * @throws SallyportError ERR_SEAL_LICENCE when the licence would outlive the package
 */
export async function signLicenceGrant(options: {
  header: PackageHeader;
  licenceShare: Uint8Array<ArrayBuffer>;
  gatewayKey: AgreementKey;
  policy: GrantPolicy;
  signer: RecordSigner;
}): Promise<string> {
  const { header, licenceShare, gatewayKey, policy, signer } = options;
  const { packageId, exportId, requestId, siteId, gatewayId, recipientOfficerId } = header;
  if (policy.notAfter > header.expiresAt)
    throw new SallyportError('ERR_SEAL_LICENCE', { detail: { fault: 'period' } });
  const keyId = String(gatewayKey.epoch);
  const grant: LicenceGrant = {
    ...policy,
    status: 'active',
    packageId,
    exportId,
    requestId,
    siteId,
    gatewayId,
    recipientOfficerId,
    devices: header.recipients.map(({ deviceId, signCertificateId, agreeCertificateId }) => ({
      deviceId,
      signCertificateId,
      agreeCertificateId,
    })),
    channel: 'gateway',
    epoch: gatewayKey.epoch,
    share: await wrapFor(gatewayKey.jwk, licenceShare, {
      purpose: 'licence-share',
      context: packageId,
      keyId,
    }),
  };
  return signRecord('licence-grant', grant, signer);
}
