// One lane frame is one file. All numbers are big-endian; nothing follows the body.
//
//   offset  size     content
//   0       8        "SALLYLN1"
//   8       4        N, bytes of the header (1 … 8192)
//   12      N        header: compact JWS of kind lane-frame, ASCII
//   12 + N  B        body, B = bodySizeBytes of the header (0 … 8 MiB), SHA-256 = its bodySha256
//
//   file name: <epoch>-<seq, 12 digits>.frame, for people only: the receiver goes by the signed header

import { createHash } from 'node:crypto';
import {
  RECORDS,
  SallyportError,
  concatBytes,
  signRecord,
  verifyRecord,
  type CertificateIdentity,
  type CertificateRole,
  type LaneFrameHeader,
  type LaneName,
  type RecordSigner,
  type TrustAnchor,
} from '@sallyport/contracts';

/** Largest body of one frame. */
export const MAX_BODY_BYTES = 8 * 1024 * 1024;

const MAGIC = new TextEncoder().encode('SALLYLN1');
const PREFIX_BYTES = MAGIC.length + 4;
const MAX_HEADER_BYTES = RECORDS['lane-frame'].maxBytes;

/** Largest file a receiver reads. */
export const MAX_FRAME_BYTES = PREFIX_BYTES + MAX_HEADER_BYTES + MAX_BODY_BYTES;

/** A frame ready to be sent: its place in the sequence and the bytes of its file. */
export interface SealedFrame {
  readonly epoch: number;
  readonly seq: number;
  readonly bytes: Uint8Array;
}

/** A frame whose signature, size and digest hold. Its place in the sequence is not judged yet. */
export interface Frame {
  readonly header: LaneFrameHeader;
  readonly body: Uint8Array;
  readonly signer: CertificateIdentity;
}

/** What the sender states; size and digest come from the body. */
export type FrameFields = Omit<LaneFrameHeader, 'bodySha256' | 'bodySizeBytes'>;

/**
 * Signs one frame. The signer's certificate has the role `lane` on the export lane and `gateway` on
 * the request lane. Sequence numbers start at 1; the caller persists the next one before sending.
 *
 * @throws SallyportError ERR_LANE_FRAME_TOO_LARGE, ERR_LANE_FRAME_HEADER, ERR_RECORD_INVALID
 */
export async function makeFrame(
  fields: FrameFields,
  body: Uint8Array,
  signer: RecordSigner,
): Promise<SealedFrame> {
  requireBodySize(body.length);
  if (fields.seq < 1) throw headerFault('seq');
  requireTransferShape(fields);
  const header = { ...fields, bodySha256: digestOf(body), bodySizeBytes: body.length };
  const jws = new TextEncoder().encode(await signRecord('lane-frame', header, signer));
  return {
    epoch: fields.epoch,
    seq: fields.seq,
    bytes: concatBytes(prefix(jws.length), jws, body),
  };
}

/**
 * Opens the bytes of one frame file: layout, signature, lane, size, digest, in that order. The lane
 * is checked so that a frame of one lane cannot be reflected into the other.
 *
 * @throws SallyportError ERR_LANE_FRAME_FOREIGN, ERR_LANE_FRAME_TRUNCATED, ERR_LANE_FRAME_TOO_LARGE,
 * ERR_LANE_FRAME_HEADER, ERR_LANE_FRAME_DIGEST, ERR_RECORD_*, ERR_CERTIFICATE_*
 */
export async function openFrame(
  bytes: Uint8Array,
  options: { lane: LaneName; trust: TrustAnchor; now: Date },
): Promise<Frame> {
  const { jws, body } = splitFrame(bytes);
  const { payload: header, signer } = await verifyRecord('lane-frame', jws, {
    trust: options.trust,
    roles: [senderRole(options.lane)],
    now: options.now,
  });
  if (header.lane !== options.lane) throw headerFault('lane');
  if (header.seq < 1) throw headerFault('seq');
  requireTransferShape(header);
  requireBodySize(header.bodySizeBytes);
  if (body.length < header.bodySizeBytes) throw truncated(bytes.length);
  if (body.length > header.bodySizeBytes) throw headerFault('bodySizeBytes');
  if (digestOf(body) !== header.bodySha256) throw new SallyportError('ERR_LANE_FRAME_DIGEST');
  return { header, body, signer };
}

/** Name of the file that carries this place of the sequence: sending it again overwrites itself. */
export function frameFileName(frame: { epoch: number; seq: number }): string {
  return `${String(frame.epoch)}-${String(frame.seq).padStart(12, '0')}.frame`;
}

/** Splits a file into header text and body without judging either. */
function splitFrame(bytes: Uint8Array): { jws: string; body: Uint8Array } {
  if (bytes.length > MAX_FRAME_BYTES) throw new SallyportError('ERR_LANE_FRAME_TOO_LARGE');
  const isOurs = MAGIC.every((byte, index) => index >= bytes.length || bytes[index] === byte);
  if (!isOurs) throw new SallyportError('ERR_LANE_FRAME_FOREIGN');
  if (bytes.length < PREFIX_BYTES) throw truncated(bytes.length);
  const headerBytes = new DataView(bytes.buffer, bytes.byteOffset).getUint32(MAGIC.length);
  if (headerBytes < 1 || headerBytes > MAX_HEADER_BYTES) throw headerFault('length');
  const bodyStart = PREFIX_BYTES + headerBytes;
  if (bytes.length < bodyStart) throw truncated(bytes.length);
  return { jws: asciiOf(bytes.subarray(PREFIX_BYTES, bodyStart)), body: bytes.subarray(bodyStart) };
}

function prefix(headerBytes: number): Uint8Array {
  const bytes = new Uint8Array(PREFIX_BYTES);
  bytes.set(MAGIC);
  new DataView(bytes.buffer).setUint32(MAGIC.length, headerBytes);
  return bytes;
}

/** Parts name their transfer, records do not: no frame can be read in two ways. */
function requireTransferShape(fields: FrameFields): void {
  if ((fields.bodyKind === 'record') === (fields.transfer !== undefined))
    throw headerFault('transfer');
}

function requireBodySize(sizeBytes: number): void {
  if (sizeBytes > MAX_BODY_BYTES) {
    throw new SallyportError('ERR_LANE_FRAME_TOO_LARGE', {
      detail: { sizeBytes, limitBytes: MAX_BODY_BYTES },
    });
  }
}

function senderRole(lane: LaneName): CertificateRole {
  return lane === 'export' ? 'lane' : 'gateway';
}

/** Latin-1 maps every byte to one character, so foreign bytes stay visible to the strict JWS check. */
function asciiOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

function digestOf(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('hex');
}

function headerFault(member: string): SallyportError {
  return new SallyportError('ERR_LANE_FRAME_HEADER', { detail: { member } });
}

function truncated(sizeBytes: number): SallyportError {
  return new SallyportError('ERR_LANE_FRAME_TRUNCATED', { detail: { sizeBytes } });
}
