import {
  SallyportError,
  unwrapWith,
  verifyRecord,
  type Licence,
  type PackageHeader,
  type TrustAnchor,
} from '@sallyport/contracts';
import type { AgreementDevice } from './key.ts';

/**
 * Verifies a licence from the gateway and opens the share in it.
 *
 * @throws SallyportError ERR_RECORD_*, ERR_CERTIFICATE_*, ERR_SEAL_LICENCE, ERR_SEAL_EXPIRED, ERR_WRAP_FAILED
 */
export async function openLicence(
  jws: string,
  options: {
    header: Pick<PackageHeader, 'packageId'>;
    device: AgreementDevice;
    trust: TrustAnchor;
    now: Date;
  },
): Promise<{ licence: Licence; licenceShare: Uint8Array<ArrayBuffer> }> {
  const { header, device, trust, now } = options;
  const { payload: licence } = await verifyRecord('licence', jws, {
    trust,
    now,
    roles: ['gateway'],
  });
  const { packageId, deviceId, notAfter } = licence;
  if (packageId !== header.packageId || deviceId !== device.deviceId) {
    throw new SallyportError('ERR_SEAL_LICENCE', { detail: { packageId, deviceId } });
  }
  if (now >= new Date(notAfter))
    throw new SallyportError('ERR_SEAL_EXPIRED', { detail: { expiresAt: notAfter } });
  const binding = {
    purpose: 'licence',
    context: packageId,
    keyId: device.agreeCertificateId,
  } as const;
  return {
    licence,
    licenceShare: await unwrapWith(device.agreementKey, licence.share, binding, 4096),
  };
}
