import Type, { type Static } from 'typebox';
import { MASK_STYLES, MaskCoverage } from '../media/mask-plan.ts';
import { Compact, Count, Id128, Line, Sha256, UtcTime } from '../scalars.ts';
import { SaltedReleaseScope, SaltedRequestScope } from './approval.ts';
import { RecipientDevice } from './licence.ts';
import { strictObject } from './strict-object.ts';

export const PACKAGE_ENTRY_NAMES = [
  'manifest.json',
  'clip.mp4',
  'still.jpg',
  'redaction-report.json',
  'custody.json',
] as const;
/** Suite 1 is AES-256-GCM, suite 2 ARIA-256-GCM (RFC 5794). */
export const PACKAGE_SUITES = [1, 2] as const;

export const PackageEntry = strictObject({
  /** Entries are ids, never paths. */
  id: Type.Enum([...PACKAGE_ENTRY_NAMES]),
  mediaType: Type.Enum(['application/json', 'video/mp4', 'image/jpeg']),
  sizeBytes: Count,
  segmentCount: Count,
});
export type PackageEntry = Static<typeof PackageEntry>;

/** Signed header of a sealed package: readable on the link and in the DMZ, so ids and digests only. */
export const PackageHeader = strictObject({
  packageId: Id128,
  exportId: Id128,
  requestId: Id128,
  siteId: Id128,
  gatewayId: Id128,
  supersedes: Type.Union([Id128, Type.Null()]),
  suite: Type.Integer({ minimum: 1, maximum: 255 }),
  label: Type.Enum(['personal-footage']),
  createdAt: UtcTime,
  expiresAt: UtcTime,
  approvals: strictObject({ request: Compact, release: Compact }),
  /** Plaintext bytes a segment; 256 KiB unless a site chose otherwise. */
  segmentSizeBytes: Type.Integer({ minimum: 4096, maximum: 1_048_576 }),
  /** manifest.json, clip.mp4 or still.jpg, redaction-report.json, custody.json: all four, in this order. */
  entries: Type.Array(PackageEntry, { minItems: 4, maxItems: 4 }),
  /** Merkle root over ciphertext segments, RFC 6962 tree, leaf = SHA-256(0x00 ‖ u64be index ‖ ciphertext). */
  root: Sha256,
  keyCommitment: Sha256,
  nonceBase: Type.String({ pattern: '^[0-9a-f]{24}$' }),
  recipientOfficerId: Id128,
  /** The recipient share, wrapped to each device (purpose `recipient-share`, context `packageId`, key id = agreement certificate id). */
  recipients: Type.Array(strictObject({ ...RecipientDevice.properties, share: Compact }), {
    minItems: 1,
    maxItems: 8,
  }),
  /** Size and root of the internal ledger when the package was sealed. */
  checkpoint: strictObject({ treeSize: Count, rootHash: Sha256 }),
});
export type PackageHeader = Static<typeof PackageHeader>;

/** First entry of every package, encrypted with it. */
export const PackageManifest = strictObject({
  packageId: Id128,
  exportId: Id128,
  requestId: Id128,
  receiptNumber: Line(24),
  siteName: Line(80),
  cameraName: Line(80),
  startsAt: UtcTime,
  endsAt: UtcTime,
  caseNumber: Line(60),
  documentNumber: Type.Optional(Line(60)),
  recipientName: Line(60),
  requestScope: SaltedRequestScope,
  releaseScope: SaltedReleaseScope,
  clip: strictObject({
    entry: Type.Enum(['clip.mp4', 'still.jpg']),
    sha256: Sha256,
    /** For MediaSource, exact: `video/mp4; codecs="avc1.64001f"`. */
    contentType: Line(80),
    width: Count,
    height: Count,
    durationMs: Count,
    frameCount: Count,
  }),
  masking: strictObject({
    style: Type.Enum([...MASK_STYLES]),
    targets: Type.Array(Line(20), { maxItems: 8 }),
    trackCount: Count,
    coverage: Type.Optional(MaskCoverage),
  }),
  watermark: strictObject({ kind: Type.Literal('none'), reason: Type.Literal('not built') }),
  /** `two-person-site`: the preparer gave the request approval. */
  approvalPolicy: Type.Enum(['three-person', 'two-person-site']),
  createdAt: UtcTime,
});
export type PackageManifest = Static<typeof PackageManifest>;

/** Who did what to the footage, by pseudonymous ids and times. */
export const PackageCustody = strictObject({
  steps: Type.Array(
    strictObject({
      step: Line(60),
      actorId: Type.Union([Id128, Type.Null()]),
      at: UtcTime,
      sha256: Type.Optional(Sha256),
    }),
    { maxItems: 100 },
  ),
});
export type PackageCustody = Static<typeof PackageCustody>;
