import {
  certificateId,
  SallyportError,
  verifyCertificate,
  wrapFor,
  type CertificateIdentity,
  type PackageHeader,
  type TrustAnchor,
} from '@sallyport/contracts';

/** One device of the recipient: both its certificates, standard base64 DER. */
export interface RecipientCertificates {
  readonly signCertificate: string;
  readonly agreeCertificate: string;
}

/**
 * Verifies every device's certificates and wraps the recipient share to each agreement key.
 *
 * @throws SallyportError ERR_CERTIFICATE_*, ERR_SEAL_RECIPIENTS when a device is another person's
 */
export async function wrapRecipients(
  devices: readonly RecipientCertificates[],
  options: {
    packageId: string;
    officerId: string;
    share: Uint8Array<ArrayBuffer>;
    trust: TrustAnchor;
    now: Date;
  },
): Promise<PackageHeader['recipients']> {
  return Promise.all(
    devices.map(async ({ signCertificate, agreeCertificate }) => {
      const sign = await verifyCertificate(signCertificate, options.trust, options.now);
      const agree = await verifyCertificate(agreeCertificate, options.trust, options.now);
      requireDevice(sign, agree, options.officerId);
      const agreeCertificateId = await certificateId(agreeCertificate);
      const binding = {
        purpose: 'recipient-share',
        context: options.packageId,
        keyId: agreeCertificateId,
      } as const;
      return {
        deviceId: agree.subjectId,
        signCertificateId: await certificateId(signCertificate),
        agreeCertificateId,
        share: await wrapFor(agree.publicKey, options.share, binding),
      };
    }),
  );
}

function requireDevice(
  sign: CertificateIdentity,
  agree: CertificateIdentity,
  officerId: string,
): void {
  if (sign.role !== 'device-sign' || agree.role !== 'device-agree') {
    throw new SallyportError('ERR_CERTIFICATE_ROLE', {
      detail: { role: `${sign.role} ${agree.role}` },
    });
  }
  const oneDevice = sign.subjectId === agree.subjectId;
  if (!oneDevice || sign.ownerId !== officerId || agree.ownerId !== officerId) {
    throw new SallyportError('ERR_SEAL_RECIPIENTS', {
      detail: { fault: 'another person or device' },
    });
  }
}
