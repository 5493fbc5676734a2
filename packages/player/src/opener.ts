import {
  openContentKey,
  openSegment,
  verifyHeader,
  verifyLeaves,
  type AgreementDevice,
} from '@sallyport/seal/open';

/** Everything needed to open a package; structured-cloneable, so that a worker can be given it. */
export interface OpenerSetup {
  readonly headerJws: string;
  readonly leaves: Uint8Array;
  /** CA certificate, standard base64 DER. */
  readonly ca: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly device: AgreementDevice;
  readonly licenceShare: Uint8Array;
}

/** Verifies and decrypts single segments; nothing unauthenticated comes out. */
export interface Opener {
  open(index: number, sealed: Uint8Array): Promise<Uint8Array<ArrayBuffer>>;
  close(): void;
}

/**
 * Opens a package in this thread. It verifies header and leaf table itself: whoever set it up is
 * not trusted to have done so.
 *
 * @throws SallyportError ERR_SEAL_*, ERR_RECORD_*, ERR_CERTIFICATE_*, ERR_WRAP_FAILED
 */
export async function createOpener(setup: OpenerSetup): Promise<Opener> {
  const now = new Date(setup.now);
  const view = await verifyHeader(setup.headerJws, {
    trust: { ca: setup.ca, revoked: new Set() },
    now,
  });
  const leaves = await verifyLeaves(view, setup.leaves);
  const { device, licenceShare } = setup;
  const opened = await openContentKey(view, { device, licenceShare, now });
  return {
    open: (index, sealed) => openSegment(opened, leaves, index, sealed),
    close: () => undefined,
  };
}
