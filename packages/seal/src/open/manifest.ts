import {
  isSallyportError,
  PackageCustody,
  PackageManifest,
  parse,
  parseCanonical,
  SallyportError,
} from '@sallyport/contracts';
import type { PackageView } from '../verify/header.ts';
import type { LeafTable } from '../verify/segments.ts';
import { verifyScopes } from '../verify/approvals.ts';
import { assertManifest } from '../manifest.ts';
import { readEntry, type SegmentReader } from './entry.ts';
import type { OpenedPackage } from './key.ts';

/**
 * Reads the manifest and holds it against the signed header and the two approvals' digests.
 *
 * @throws SallyportError ERR_SEAL_MANIFEST, ERR_SEAL_APPROVAL_SCOPE, and as `openEntry`
 */
export async function readManifest(
  opened: OpenedPackage,
  leaves: LeafTable,
  readSegment: SegmentReader,
): Promise<PackageManifest> {
  return parseManifest(opened.view, await readEntry(opened, leaves, 'manifest.json', readSegment));
}

/**
 * {@link readManifest} for a caller that decrypted the entry elsewhere, in a worker.
 *
 * @throws SallyportError ERR_SEAL_MANIFEST, ERR_SEAL_APPROVAL_SCOPE
 */
export async function parseManifest(
  view: PackageView,
  bytes: Uint8Array,
): Promise<PackageManifest> {
  const manifest = parse(PackageManifest, canonicalOf(bytes, 'manifest.json'), 'ERR_SEAL_MANIFEST');
  const { header, approvals } = view;
  assertManifest(manifest, header);
  await verifyScopes(approvals, header.approvals, {
    request: manifest.requestScope,
    release: manifest.releaseScope,
  });
  return manifest;
}

/**
 * Reads who did what to the footage.
 *
 * @throws SallyportError ERR_SEAL_MANIFEST, and as `openEntry`
 */
export async function readCustody(
  opened: OpenedPackage,
  leaves: LeafTable,
  readSegment: SegmentReader,
): Promise<PackageCustody> {
  const bytes = await readEntry(opened, leaves, 'custody.json', readSegment);
  return parse(PackageCustody, canonicalOf(bytes, 'custody.json'), 'ERR_SEAL_MANIFEST');
}

function canonicalOf(bytes: Uint8Array, entry: string): unknown {
  try {
    return parseCanonical(bytes);
  } catch (cause) {
    if (!isSallyportError(cause)) throw cause;
    throw new SallyportError('ERR_SEAL_MANIFEST', { detail: { entry }, cause });
  }
}
