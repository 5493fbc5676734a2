// What the recipient can do. Runs in a browser: no Node import is reachable from here.
export * from '../verify/index.ts';
export { AES_256_GCM, type CipherSuite, type SegmentCipher } from '../suite.ts';
export { openEntry, openSegment, readEntry, type SegmentReader } from './entry.ts';
export { assertOpenable, openContentKey, type AgreementDevice, type OpenedPackage } from './key.ts';
export { openLicence } from './licence.ts';
export { parseManifest, readCustody, readManifest } from './manifest.ts';
