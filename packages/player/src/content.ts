import {
  concatBytes,
  SallyportError,
  signRecord,
  type Licence,
  type PackageManifest,
  type PlaybackReceipt,
} from '@sallyport/contracts';
import {
  assertOpenable,
  openLicence,
  parseManifest,
  segmentsOfEntry,
  verifyHeader,
  verifyLeaves,
  type EntryId,
  type PackageView,
} from '@sallyport/seal/open';
import type { DeviceKeys } from './device-keys.ts';
import type { PlayerGateway } from './gateway.ts';
import type { PlayerEvent } from './state.ts';
import { chooseOpener, type WorkerPort } from './worker-opener.ts';

/** This browser as the control centre certified it. Certificates are standard base64 DER. */
export interface PlayerDevice {
  readonly keys: DeviceKeys;
  readonly signCertificate: string;
  /** SHA-256 of the agreement certificate, hex. */
  readonly agreeCertificateId: string;
}

/** A package that is open: its clip can be read segment by segment. */
export interface Content {
  readonly view: PackageView;
  readonly manifest: PackageManifest;
  readonly licence: Licence;
  /** Fetches, verifies and decrypts one segment of the package. */
  read(index: number, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
  /** Verifies what was not shown, so that `complete` can be said. */
  verifyRest(signal: AbortSignal): Promise<void>;
  receipt(event: PlaybackReceipt['event'], now: Date): Promise<string>;
  close(): void;
}

/**
 * Header → leaf table → licence → content key (in a worker) → manifest, each verified before the
 * next. A licence is spent only after header and leaf table have verified.
 *
 * @throws SallyportError ERR_SEAL_*, ERR_RECORD_*, ERR_CERTIFICATE_*, ERR_WRAP_FAILED, and the
 * gateway's own codes
 */
export async function openContent(options: {
  packageId: string;
  gateway: PlayerGateway;
  device: PlayerDevice;
  ca: string;
  clock: () => Date;
  signal: AbortSignal;
  startWorker?: (() => WorkerPort) | undefined;
  tell: (event: PlayerEvent) => void;
}): Promise<Content> {
  const { packageId, gateway, device, ca, clock, signal, tell } = options;
  const trust = { ca, revoked: new Set<string>() };
  const view = await verifyHeader(await gateway.header(packageId), { trust, now: clock() });
  if (view.header.packageId !== packageId)
    throw new SallyportError('ERR_SEAL_MANIFEST', { detail: { member: 'packageId' } });
  assertOpenable(view.header, clock());
  const leaves = await verifyLeaves(view, await gateway.leaves(packageId));
  tell({ kind: 'header-verified', segmentCount: view.layout.segmentCount });

  const agreement = {
    deviceId: device.keys.deviceId,
    agreeCertificateId: device.agreeCertificateId,
    agreementKey: device.keys.agreement.privateKey,
  };
  const signer = {
    privateKey: device.keys.signing.privateKey,
    certificate: device.signCertificate,
  };
  const licenceJws = await requestLicence();
  const { licence, licenceShare } = await openLicence(licenceJws, {
    header: view.header,
    device: agreement,
    trust,
    now: clock(),
  });
  tell({ kind: 'licence-opened', licence });

  const setup = {
    headerJws: view.headerJws,
    leaves,
    ca,
    now: clock().getTime(),
    device: agreement,
    licenceShare,
  };
  const { opener, decryption } = await chooseOpener(setup, options.startWorker);
  tell({ kind: 'decryption-chosen', decryption });
  const verified = new Set<number>();
  const manifest = await readManifest().catch((error: unknown) => {
    opener.close();
    throw error;
  });
  tell({ kind: 'manifest-read', manifest });
  return { view, manifest, licence, read, verifyRest, receipt, close: () => opener.close() };

  async function requestLicence(): Promise<string> {
    const { deviceId } = device.keys;
    const nonce = await gateway.licenceNonce(packageId, deviceId);
    const payload = {
      packageId,
      deviceId,
      gatewayId: view.header.gatewayId,
      nonce,
      at: clock().toISOString(),
    };
    return gateway.licence(packageId, await signRecord('licence-request', payload, signer));
  }

  async function read(index: number, abort: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const plain = await opener.open(index, await gateway.segment(packageId, index, abort));
    verified.add(index);
    tell({ kind: 'segment-verified', verifiedSegments: verified.size });
    return plain;
  }

  async function readManifest(): Promise<PackageManifest> {
    return parseManifest(view, await readWhole('manifest.json'));
  }

  async function readWhole(id: EntryId): Promise<Uint8Array> {
    const { firstSegment, segmentCount } = segmentsOfEntry(view.layout, id);
    const parts: Uint8Array<ArrayBuffer>[] = [];
    for (let i = firstSegment; i < firstSegment + segmentCount; i += 1)
      parts.push(await read(i, signal));
    return concatBytes(...parts);
  }

  async function verifyRest(abort: AbortSignal): Promise<void> {
    for (let i = 0; i < view.layout.segmentCount; i += 1)
      if (!verified.has(i)) await read(i, abort);
  }

  async function receipt(event: PlaybackReceipt['event'], now: Date): Promise<string> {
    const payload = {
      packageId,
      licenceId: licence.licenceId,
      deviceId: device.keys.deviceId,
      event,
      at: now.toISOString(),
    };
    return signRecord('playback-receipt', payload, signer);
  }
}
