import {
  canonicalBytes,
  concatBytes,
  fromHex,
  SallyportError,
  sha256Hex,
  toHex,
  type PackageHeader,
} from '@sallyport/contracts';
import { encodeU64 } from './format.ts';
import type { SegmentPlace } from './layout.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export const SHARE_BYTES = 32;

/** The header members that may enter the key: none that depends on the key itself. */
export type HeaderCore = Pick<
  PackageHeader,
  'packageId' | 'suite' | 'segmentSizeBytes' | 'entries' | 'expiresAt' | 'approvals'
> & { readonly recipients: readonly { readonly agreeCertificateId: string }[] };

/** What both shares together give: the content key, and a commitment that names it to everyone. */
export interface ContentKey {
  readonly key: Bytes;
  /** Lowercase hex. */
  readonly commitment: string;
}

/**
 * Derives the content key from both shares, bound to the core of the header.
 *
 * @throws SallyportError ERR_SEAL_COMMITMENT when a share has another length
 */
export async function deriveContentKey(
  header: HeaderCore,
  shares: { recipientShare: Uint8Array; licenceShare: Uint8Array },
): Promise<ContentKey> {
  for (const share of [shares.recipientShare, shares.licenceShare]) {
    if (share.length !== SHARE_BYTES)
      throw new SallyportError('ERR_SEAL_COMMITMENT', { detail: { fault: 'share length' } });
  }
  const secret = concatBytes(shares.recipientShare, shares.licenceShare);
  const material = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits']);
  secret.fill(0);
  const info = concatBytes(Uint8Array.of(header.suite), fromHex(await coreDigest(header)));
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt: fromHex(header.packageId), info };
  const derived = new Uint8Array(await crypto.subtle.deriveBits(derivation, material, 512));
  return { key: derived.subarray(0, 32), commitment: toHex(derived.subarray(32)) };
}

/** SHA-256 of the canonical header core, lowercase hex. */
export async function coreDigest(header: HeaderCore): Promise<string> {
  const { packageId, suite, segmentSizeBytes, entries, expiresAt, approvals, recipients } = header;
  const digestOf = (jws: string) => sha256Hex(new TextEncoder().encode(jws));
  return sha256Hex(
    canonicalBytes({
      packageId,
      suite,
      segmentSizeBytes,
      entries,
      expiresAt,
      approvals: [await digestOf(approvals.request), await digestOf(approvals.release)],
      recipients: recipients.map(({ agreeCertificateId }) => agreeCertificateId),
    }),
  );
}

/** Nonce of one segment: the base XOR the index; indices never repeat, so nonces never do. */
export function nonceOf(nonceBase: string, index: number): Bytes {
  const nonce = fromHex(nonceBase);
  for (const [i, byte] of encodeU64(index).entries()) nonce[i + 4] = (nonce[i + 4] ?? 0) ^ byte;
  return nonce;
}

/** Associated data of one segment: its package, entry, index and whether it ends its entry. */
export function associatedDataOf(packageId: string, { entry, index, final }: SegmentPlace): Bytes {
  const entryIndex = new Uint8Array(4);
  new DataView(entryIndex.buffer).setUint32(0, entry.index);
  return concatBytes(
    fromHex(packageId),
    entryIndex,
    encodeU64(index),
    Uint8Array.of(final ? 1 : 0),
  );
}
