import { SallyportError, unwrapWith, type PackageHeader } from '@sallyport/contracts';
import { deriveContentKey } from '../content-key.ts';
import { sameBytes } from '../merkle.ts';
import { AES_256_GCM, suiteOf, type CipherSuite, type SegmentCipher } from '../suite.ts';
import type { PackageView } from '../verify/header.ts';

/** The device's agreement key and the id of its certificate. */
export interface AgreementDevice {
  readonly deviceId: string;
  readonly agreeCertificateId: string;
  readonly agreementKey: CryptoKey;
}

/** A content cipher whose key matched the commitment of the signed header. */
export interface OpenedPackage {
  readonly view: PackageView;
  readonly cipher: SegmentCipher;
}

/**
 * Opens a package's content key: this device's half of the key, the licence's half, and the
 * commitment, which is compared before any segment is decrypted.
 *
 * @param suites What this environment can decrypt; a browser has AES only.
 * @throws SallyportError ERR_SEAL_EXPIRED, ERR_SEAL_NOT_YET_VALID, ERR_SEAL_NOT_RECIPIENT,
 * ERR_SEAL_SUITE_UNAVAILABLE, ERR_SEAL_COMMITMENT, ERR_WRAP_FAILED
 */
export async function openContentKey(
  view: PackageView,
  options: {
    device: AgreementDevice;
    licenceShare: Uint8Array;
    now: Date;
    suites?: readonly CipherSuite[] | undefined;
  },
): Promise<OpenedPackage> {
  const { header } = view;
  assertOpenable(header, options.now);
  const suite = suiteOf(header.suite, options.suites ?? [AES_256_GCM]);
  const recipientShare = await unwrapRecipientShare(header, options.device);
  const { key, commitment } = await deriveContentKey(header, {
    recipientShare,
    licenceShare: options.licenceShare,
  });
  recipientShare.fill(0);
  const encoder = new TextEncoder();
  if (!sameBytes(encoder.encode(commitment), encoder.encode(header.keyCommitment))) {
    throw new SallyportError('ERR_SEAL_COMMITMENT');
  }
  const cipher = await suite.cipherFor(key);
  key.fill(0);
  return { view, cipher };
}

/**
 * Refuses a package outside its period. A clock behind the sealing time by more than five minutes
 * was set back, or wrong.
 *
 * @throws SallyportError ERR_SEAL_EXPIRED, ERR_SEAL_NOT_YET_VALID
 */
export function assertOpenable(header: PackageHeader, now: Date): void {
  const { createdAt, expiresAt } = header;
  if (now >= new Date(expiresAt))
    throw new SallyportError('ERR_SEAL_EXPIRED', { detail: { expiresAt } });
  if (now.getTime() < Date.parse(createdAt) - CLOCK_TOLERANCE_MS) {
    throw new SallyportError('ERR_SEAL_NOT_YET_VALID', { detail: { createdAt } });
  }
}

const CLOCK_TOLERANCE_MS = 300_000;

/** @throws SallyportError ERR_SEAL_NOT_RECIPIENT, ERR_WRAP_FAILED */
async function unwrapRecipientShare(
  header: PackageHeader,
  device: AgreementDevice,
): Promise<Uint8Array<ArrayBuffer>> {
  const { deviceId, agreeCertificateId, agreementKey } = device;
  const own = header.recipients.find(
    (each) => each.deviceId === deviceId && each.agreeCertificateId === agreeCertificateId,
  );
  if (own === undefined)
    throw new SallyportError('ERR_SEAL_NOT_RECIPIENT', { detail: { deviceId } });
  const binding = {
    purpose: 'recipient-share',
    context: header.packageId,
    keyId: agreeCertificateId,
  } as const;
  return unwrapWith(agreementKey, own.share, binding, 4096);
}
