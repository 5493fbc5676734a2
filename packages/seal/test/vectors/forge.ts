import { createHash, sign as signBytes, createPrivateKey } from 'node:crypto';
import {
  canonicalBytes,
  canonicalize,
  concatBytes,
  toBase64url,
  toHex,
  wrapFor,
  type PackageHeader,
} from '@sallyport/contracts';
import {
  associatedDataOf,
  deriveContentKey,
  nonceOf,
} from '@sallyport/seal/internal/content-key.js';
import { encodePrefix } from '@sallyport/seal/internal/format.js';
import {
  layoutOf,
  segmentCountOf,
  segmentRange,
  type SegmentPlace,
} from '@sallyport/seal/internal/layout.js';
import { leafHash, rootOf } from '@sallyport/seal/internal/merkle.js';
import { AES_256_GCM, ARIA_256_GCM } from '@sallyport/seal/sign';
import {
  EXPORT_ID,
  makeExport,
  PACKAGE_ID,
  REQUEST_ID,
  type ExportShape,
} from '../support/export.ts';
import { actorOf, id, NOW, ramp, type Site } from '../support/site.ts';
import type { Keep } from './keep.ts';

const SEGMENT = 4096;
const HEADER = { alg: 'ES256', typ: 'sallyport-package-header+jws' };

/** One package, whole and in pieces. */
export interface Forged {
  readonly file: Uint8Array<ArrayBuffer>;
  readonly header: PackageHeader;
  readonly headerJws: string;
  readonly segments: readonly Uint8Array<ArrayBuffer>[];
  readonly leaves: Uint8Array<ArrayBuffer>;
  readonly licenceShare: string;
}

/** Where a forged package departs from an honest one. */
export interface Departure extends ExportShape {
  readonly name: string;
  readonly suite?: 1 | 2;
  /** Start of the pseudo-random shares; another seal has another. */
  readonly seed?: number;
  readonly signer?: string;
  /** Changes the place a segment is encrypted for. */
  readonly place?: (place: SegmentPlace) => SegmentPlace;
  /** Changes the index a nonce is made from. */
  readonly nonceIndex?: (place: SegmentPlace) => number;
  /** Changes the header that is signed. */
  readonly lie?: (header: PackageHeader) => unknown;
}

/** Builds packages byte by byte, without the code under test that seals them. */
export class Forge {
  readonly site: Site;
  readonly keep: Keep;

  constructor(site: Site, keep: Keep) {
    this.site = site;
    this.keep = keep;
  }

  /** Seals one export; every honest and dishonest package of the vectors comes from here. */
  async seal(departure: Departure): Promise<Forged> {
    const { name, seed = 0 } = departure;
    const { site } = this;
    const shape: ExportShape = {
      ...departure,
      sign: (kind, payload, signer) => this.signRecord(kind, payload, signer),
    };
    const { clip, report, manifest, custody, approvals } = await makeExport(site, shape);
    const plain = [canonicalBytes(manifest), clip, report, canonicalBytes(custody)];
    const ids = [
      'manifest.json',
      manifest.clip.entry,
      'redaction-report.json',
      'custody.json',
    ] as const;
    const shares = { recipientShare: ramp(32, 101 + seed), licenceShare: ramp(32, 202 + seed) };
    const packageId = departure.packageId ?? PACKAGE_ID;
    const draft: PackageHeader = {
      packageId,
      exportId: departure.exportId ?? EXPORT_ID,
      requestId: REQUEST_ID,
      siteId: site.siteId,
      gatewayId: site.gatewayId,
      supersedes: null,
      suite: departure.suite ?? 1,
      label: 'personal-footage',
      createdAt: NOW.toISOString(),
      expiresAt: '2026-12-05T10:00:00.000Z',
      approvals,
      segmentSizeBytes: SEGMENT,
      entries: ids.map((entry, i) => {
        const sizeBytes = plain[i]?.length ?? 0;
        const mediaType =
          entry === 'clip.mp4'
            ? 'video/mp4'
            : entry === 'still.jpg'
              ? 'image/jpeg'
              : 'application/json';
        return {
          id: entry,
          mediaType,
          sizeBytes,
          segmentCount: segmentCountOf(sizeBytes, SEGMENT),
        };
      }),
      root: '0'.repeat(64),
      keyCommitment: '0'.repeat(64),
      nonceBase: toHex(ramp(12, 50 + seed)),
      recipientOfficerId: actorOf(site, 'device-1-sign').ownerId,
      recipients: [
        await this.recipient('device-1', packageId, shares.recipientShare),
        await this.recipient('device-2', packageId, shares.recipientShare),
      ],
      checkpoint: { treeSize: 42, rootHash: '11'.repeat(32) },
    };
    const { segments, keyCommitment } = await encrypt(draft, plain, shares, departure);
    const leaves = concatBytes(
      ...(await Promise.all(segments.map((segment, i) => leafHash(i, segment)))),
    );
    const header = { ...draft, keyCommitment, root: await rootOf(leaves) };
    const signed = departure.lie?.(header) ?? header;
    const headerJws = await this.signHeader(
      name,
      canonicalOrText(signed),
      departure.signer ?? 'seal',
    );
    const file = assemble(headerJws, segments, leaves);
    return { file, header, headerJws, segments, leaves, licenceShare: toHex(shares.licenceShare) };
  }

  /** A device of the recipient in the header. */
  async recipient(
    device: string,
    packageId: string,
    share: Uint8Array,
    bound = packageId,
  ): Promise<PackageHeader['recipients'][number]> {
    const sign = actorOf(this.site, `${device}-sign`);
    const agree = actorOf(this.site, `${device}-agree`);
    const { x, y } = agree.privateKey;
    const binding = {
      purpose: 'recipient-share',
      context: bound,
      keyId: agree.certificateId,
    } as const;
    const wrapped = await this.keep.value(
      `wrap ${device} ${toHex(share)} ${bound}`,
      { share: toHex(share), ...binding },
      () => wrapFor({ crv: 'P-256', kty: 'EC', x: x ?? '', y: y ?? '' }, share, binding),
    );
    return {
      deviceId: agree.subjectId,
      signCertificateId: sign.certificateId,
      agreeCertificateId: agree.certificateId,
      share: wrapped,
    };
  }

  /** Signs any bytes as a package header; `extra` adds members to the protected header. */
  async signHeader(
    name: string,
    payload: string,
    signer: string,
    extra: Record<string, unknown> = {},
  ): Promise<string> {
    const { certificate } = actorOf(this.site, signer);
    return this.signRaw(
      name,
      canonicalize({ ...HEADER, x5c: [certificate], ...extra }),
      payload,
      signer,
    );
  }

  /** Signs an approval; the same payload has the same signature, so that the same key comes of it. */
  async signRecord(kind: string, payload: unknown, signer: string): Promise<string> {
    const { certificate } = actorOf(this.site, signer);
    const header = { alg: 'ES256', typ: `sallyport-${kind}+jws`, x5c: [certificate] };
    const text = canonicalize(payload);
    return this.signRaw(
      `${kind} ${signer} ${sha256(Buffer.from(text)).slice(0, 8)}`,
      canonicalize(header),
      text,
      signer,
    );
  }

  async signRaw(name: string, header: string, payload: string, signer: string): Promise<string> {
    const text = `${toBase64url(new TextEncoder().encode(header))}.${toBase64url(new TextEncoder().encode(payload))}`;
    const signature = await this.keep.value(`signature ${name}`, [text, signer], async () => {
      const key = createPrivateKey({
        key: { ...actorOf(this.site, signer).privateKey },
        format: 'jwk',
      });
      return signBytes('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString(
        'base64url',
      );
    });
    return `${text}.${signature}`;
  }
}

/** A file of these pieces, whatever they are. */
export function assemble(
  headerJws: string,
  segments: readonly Uint8Array[],
  leaves: Uint8Array,
): Uint8Array<ArrayBuffer> {
  return concatBytes(
    encodePrefix(headerJws.length),
    new TextEncoder().encode(headerJws),
    ...segments,
    leaves,
  );
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export const OTHER_PACKAGE_ID = id('bb');

async function encrypt(
  draft: PackageHeader,
  plain: readonly Uint8Array<ArrayBuffer>[],
  shares: { recipientShare: Uint8Array; licenceShare: Uint8Array },
  { place = (same) => same, nonceIndex = ({ index }) => index }: Departure,
) {
  const { key, commitment } = await deriveContentKey(draft, shares);
  const cipher = await (draft.suite === 2 ? ARIA_256_GCM : AES_256_GCM).cipherFor(key);
  const layout = layoutOf(draft, 1);
  const segments = [];
  for (let index = 0; index < layout.segmentCount; index += 1) {
    const range = segmentRange(layout, index);
    const { plainOffset, plainBytes, entry } = range;
    const text =
      plain[entry.index]?.slice(plainOffset, plainOffset + plainBytes) ?? new Uint8Array();
    const nonce = nonceOf(draft.nonceBase, nonceIndex(range));
    segments.push(await cipher.seal(nonce, associatedDataOf(draft.packageId, place(range)), text));
  }
  return { segments, keyCommitment: commitment };
}

function canonicalOrText(value: unknown): string {
  return typeof value === 'string' ? value : canonicalize(value);
}
