import {
  canonicalBytes,
  PackageCustody,
  PackageHeader,
  PackageManifest,
  parse,
  SallyportError,
  signRecord,
  toHex,
  type RecordSigner,
  type TrustAnchor,
} from '@sallyport/contracts';
import { deriveContentKey } from '../content-key.ts';
import { DEFAULT_SEGMENT_SIZE_BYTES } from '../format.ts';
import { layoutOf, segmentCountOf } from '../layout.ts';
import { assertManifest } from '../manifest.ts';
import { AES_256_GCM, suiteOf, type CipherSuite } from '../suite.ts';
import { verifyApprovals, type ApprovalPair, type ApprovalPeople } from '../verify/approvals.ts';
import { verifyHeader, type PackageView } from '../verify/header.ts';
import { writePackage, type SealEntry } from './write-package.ts';
import { wrapRecipients, type RecipientCertificates } from './recipients.ts';

/** Members of the header that the caller decides. */
export type SealFacts = Pick<
  PackageHeader,
  | 'packageId'
  | 'exportId'
  | 'requestId'
  | 'siteId'
  | 'gatewayId'
  | 'supersedes'
  | 'expiresAt'
  | 'recipientOfficerId'
  | 'checkpoint'
> & {
  /** 1 AES-256-GCM, 2 ARIA-256-GCM. */
  readonly suite: 1 | 2;
  /** Default 256 KiB. */
  readonly segmentSizeBytes?: number | undefined;
};

/** A file to seal, opened once, read to its end. */
export interface SealInput {
  readonly sizeBytes: number;
  open(): AsyncIterable<Uint8Array>;
}

/** Random bytes, fresh for every attempt; reuse of any of them would break the seal. */
export interface SealRandom {
  /** 32 bytes; goes to the devices only. */
  readonly recipientShare: Uint8Array<ArrayBuffer>;
  /** 32 bytes; goes to the gateway only. */
  readonly licenceShare: Uint8Array<ArrayBuffer>;
  /** 12 bytes. */
  readonly nonceBase: Uint8Array<ArrayBuffer>;
}

export interface SealOptions {
  /** Final path; the package is written to `<path>.part` first. */
  readonly path: string;
  readonly facts: SealFacts;
  readonly manifest: PackageManifest;
  readonly custody: PackageCustody;
  readonly clip: SealInput & { readonly id: 'clip.mp4' | 'still.jpg' };
  readonly report: SealInput;
  readonly approvals: ApprovalPair;
  /** Who asked and who prepared; the policy stands in the manifest. */
  readonly people: Omit<ApprovalPeople, 'policy'>;
  readonly recipients: readonly RecipientCertificates[];
  readonly random: SealRandom;
  readonly signer: RecordSigner;
  readonly trust: TrustAnchor;
  readonly now: Date;
  readonly suites?: readonly CipherSuite[] | undefined;
  /** Called when every byte is on disk, before the package gets its name: record id and root here. */
  readonly commit?: ((sealed: SealedPackage) => Promise<void>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A finished package: its verified header and where it stands. */
export interface SealedPackage {
  readonly path: string;
  readonly view: PackageView;
  readonly sizeBytes: number;
}

/**
 * Seals one export for one recipient: verifies both approvals against the scopes in the manifest
 * and the persons given, encrypts while hashing, refuses a clip or report other than the approved
 * one, signs the header, and names the file only when it is whole and on disk.
 *
 * @throws SallyportError ERR_SEAL_APPROVAL_*, ERR_SEAL_MANIFEST, ERR_SEAL_RECIPIENTS,
 * ERR_SEAL_ENTRY_SIZE, ERR_SEAL_DIGEST_MISMATCH, ERR_SEAL_TARGET_EXISTS, ERR_SEAL_LAYOUT,
 * ERR_SEAL_SUITE_UNAVAILABLE, ERR_CERTIFICATE_*, ERR_RECORD_*
 */
export async function sealPackage(options: SealOptions): Promise<SealedPackage> {
  const { facts, approvals, random, now, trust, signer } = options;
  const entries = entriesOf(options);
  const draft = await draftHeader(options, entries);
  assertManifest(options.manifest, draft);
  await verifyApprovals(approvals, {
    trust,
    now,
    facts,
    people: peopleOf(options),
    scopes: scopesOf(options),
  });

  const { key, commitment } = await deriveContentKey(draft, random);
  const cipher = await suiteOf(facts.suite, options.suites ?? [AES_256_GCM]).cipherFor(key);
  key.fill(0);

  // Root and commitment have fixed widths, so the header's length is known before they are.
  const draftJws = await signRecord(
    'package-header',
    { ...draft, keyCommitment: commitment },
    signer,
  );
  const layout = layoutOf(draft, draftJws.length);
  let sealed: SealedPackage | undefined;
  await writePackage({
    path: options.path,
    layout,
    cipher,
    packageId: draft.packageId,
    nonceBase: draft.nonceBase,
    entries,
    signal: options.signal,
    headerFor: async (root) => {
      const jws = await signRecord(
        'package-header',
        { ...draft, keyCommitment: commitment, root },
        signer,
      );
      sealed = {
        path: options.path,
        view: await verifyHeader(jws, { trust, now }),
        sizeBytes: layout.sizeBytes,
      };
      return jws;
    },
    commit: async () => {
      if (sealed !== undefined) await options.commit?.(sealed);
    },
  });
  if (sealed === undefined)
    throw new SallyportError('ERR_SEAL_LAYOUT', { detail: { fault: 'no header' } });
  return sealed;
}

/** The header with everything in it but what depends on the key and the ciphertext. */
async function draftHeader(
  options: SealOptions,
  entries: readonly SealEntry[],
): Promise<PackageHeader> {
  const { facts, random, now } = options;
  const { segmentSizeBytes = DEFAULT_SEGMENT_SIZE_BYTES, ...decided } = facts;
  const recipients = await wrapRecipients(options.recipients, {
    packageId: facts.packageId,
    officerId: facts.recipientOfficerId,
    share: random.recipientShare,
    trust: options.trust,
    now,
  });
  return parse(PackageHeader, {
    ...decided,
    segmentSizeBytes,
    label: 'personal-footage',
    createdAt: now.toISOString(),
    approvals: { request: options.approvals.request, release: options.approvals.release },
    entries: entries.map(({ id, mediaType, sizeBytes }) => ({
      id,
      mediaType,
      sizeBytes,
      segmentCount: segmentCountOf(sizeBytes, segmentSizeBytes),
    })),
    root: EMPTY_DIGEST,
    keyCommitment: EMPTY_DIGEST,
    nonceBase: toHex(random.nonceBase),
    recipients,
  });
}

const EMPTY_DIGEST = '0'.repeat(64);

function entriesOf({ manifest, custody, clip, report }: SealOptions): readonly SealEntry[] {
  const { clipSha256, reportSha256 } = manifest.releaseScope.scope;
  return [
    documentEntry('manifest.json', parse(PackageManifest, manifest, 'ERR_SEAL_MANIFEST')),
    {
      ...withSize(clip),
      id: clip.id,
      mediaType: clip.id === 'clip.mp4' ? 'video/mp4' : 'image/jpeg',
      sha256: clipSha256,
    },
    {
      ...withSize(report),
      id: 'redaction-report.json',
      mediaType: 'application/json',
      sha256: reportSha256,
    },
    documentEntry('custody.json', parse(PackageCustody, custody, 'ERR_SEAL_MANIFEST')),
  ];
}

function withSize(input: SealInput): Pick<SealEntry, 'sizeBytes' | 'open'> {
  return { sizeBytes: input.sizeBytes, open: () => input.open() };
}

function documentEntry(id: 'manifest.json' | 'custody.json', value: unknown): SealEntry {
  const bytes = canonicalBytes(value);
  async function* open(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  return { id, mediaType: 'application/json', sizeBytes: bytes.length, open, sha256: null };
}

function peopleOf({ people, manifest }: SealOptions): ApprovalPeople {
  return { ...people, policy: manifest.approvalPolicy };
}

function scopesOf({ manifest }: SealOptions): {
  request: PackageManifest['requestScope'];
  release: PackageManifest['releaseScope'];
} {
  return { request: manifest.requestScope, release: manifest.releaseScope };
}
