// The station's side as a library: what the `station` command does, for scripts and tests.
export { runStation } from './cli/run.ts';
export type { Terminal } from './cli/terminal.ts';
export {
  assertCertificates,
  enrolDevice,
  enrolmentRecord,
  proofRecord,
  type EnrolledDevice,
} from './device/enrolment.ts';
export {
  destructionReceipt,
  playbackReceipt,
  requestBody,
  requestLicence,
  signUpBody,
} from './device/records.ts';
export { downloadPackage } from './download.ts';
export { GatewayClient, type GatewayOptions } from './gateway/client.ts';
export { caFingerprint, readCaFile, toPem } from './keys/ca-file.ts';
export { readCertificates, writeCertificates } from './keys/certificate-file.ts';
export {
  createDevice,
  deviceFingerprint,
  type Device,
  type DevicePrivateKeys,
} from './keys/device.ts';
export { openKeyFile, sealKeyFile } from './keys/key-file.ts';
export { readPackageHeader, readPackageLeaves, segmentReader } from './package-file.ts';
