import Type from 'typebox';
import { dirname, join } from 'node:path';
import { CertificateText, Id128, parse, SallyportError, strictObject } from '@sallyport/contracts';
import type { EnrolledDevice } from '../device/enrolment.ts';
import { readSmallFile, writeNewText } from '../files.ts';
import type { Device } from './device.ts';

const CertificateFile = strictObject({
  version: Type.Literal(1),
  deviceId: Id128,
  officerId: Id128,
  signCertificate: CertificateText,
  agreeCertificate: CertificateText,
});

/** `certificates.json` beside a key file. Certificates are public; the file needs no passphrase. */
export async function writeCertificates(keyFile: string, device: EnrolledDevice): Promise<string> {
  const { deviceId, officerId, signCertificate, agreeCertificate } = device;
  const content = { version: 1, deviceId, officerId, signCertificate, agreeCertificate };
  const path = certificatesPath(keyFile);
  await writeNewText(path, `${JSON.stringify(content, null, 2)}\n`);
  return path;
}

/** @throws SallyportError ERR_STATION_NOT_ENROLLED when they are absent or of another device */
export async function readCertificates(keyFile: string, device: Device): Promise<EnrolledDevice> {
  let value: unknown;
  try {
    value = JSON.parse(await readSmallFile(certificatesPath(keyFile)));
  } catch (cause) {
    throw new SallyportError('ERR_STATION_NOT_ENROLLED', { cause });
  }
  const { version: _, ...certificates } = parse(CertificateFile, value, 'ERR_STATION_NOT_ENROLLED');
  if (certificates.deviceId !== device.deviceId)
    throw new SallyportError('ERR_STATION_NOT_ENROLLED');
  return { ...device, ...certificates };
}

function certificatesPath(keyFile: string): string {
  return join(dirname(keyFile), 'certificates.json');
}
