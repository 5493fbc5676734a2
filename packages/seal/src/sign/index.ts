// The internal zone's side: seals packages and signs licence grants. Node only.
export { ARIA_256_GCM } from '../aria.ts';
export { AES_256_GCM, type CipherSuite } from '../suite.ts';
export { signLicenceGrant, type GrantPolicy } from './grant.ts';
export type { RecipientCertificates } from './recipients.ts';
export {
  sealPackage,
  type SealedPackage,
  type SealFacts,
  type SealInput,
  type SealOptions,
  type SealRandom,
} from './seal-package.ts';
