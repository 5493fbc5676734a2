import { SallyportError, type PackageHeader, type PackageManifest } from '@sallyport/contracts';

/** The header members a manifest must agree with. */
export type ManifestFacts = Pick<
  PackageHeader,
  'packageId' | 'exportId' | 'requestId' | 'createdAt' | 'recipientOfficerId' | 'entries'
>;

/**
 * Refuses a manifest that speaks of another package, recipient or clip than the signed facts.
 *
 * @throws SallyportError ERR_SEAL_MANIFEST
 */
export function assertManifest(manifest: PackageManifest, facts: ManifestFacts): void {
  const { requestScope, releaseScope, clip } = manifest;
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['packageId', manifest.packageId, facts.packageId],
    ['exportId', manifest.exportId, facts.exportId],
    ['requestId', manifest.requestId, facts.requestId],
    ['createdAt', manifest.createdAt, facts.createdAt],
    ['recipientOfficerId', requestScope.scope.recipientOfficerId, facts.recipientOfficerId],
    ['clip.entry', clip.entry, facts.entries[1]?.id],
    ['clip.sha256', clip.sha256, releaseScope.scope.clipSha256],
  ];
  const fault = pairs.find(([, stated, signed]) => stated !== signed);
  if (fault !== undefined)
    throw new SallyportError('ERR_SEAL_MANIFEST', { detail: { member: fault[0] } });
}
