// What anyone with the CA certificate can do: no key, no decryption, nothing imported from sign or open.
export {
  DEFAULT_SEGMENT_SIZE_BYTES,
  LEAF_BYTES,
  MAX_HEADER_BYTES,
  PREFIX_BYTES,
  encodePrefix,
  parsePrefix,
} from '../format.ts';
export {
  segmentRange,
  segmentsOfEntry,
  type EntryId,
  type EntryLayout,
  type PackageLayout,
  type SegmentPlace,
} from '../layout.ts';
export {
  scopeDigest,
  verifyApprovals,
  verifyScopes,
  type ApprovalFacts,
  type ApprovalPair,
  type ApprovalPeople,
  type ApprovalScopes,
  type VerifiedApprovals,
} from './approvals.ts';
export { assertSameRoot, verifyHeader, type HeaderOptions, type PackageView } from './header.ts';
export {
  createPackageVerifier,
  verifyPackage,
  type PackageVerifier,
  type PackageVerifierOptions,
  type VerifiedPackage,
} from './package.ts';
export {
  surveySegments,
  verifyLeaves,
  verifySegment,
  type LeafTable,
  type SegmentSurvey,
} from './segments.ts';
