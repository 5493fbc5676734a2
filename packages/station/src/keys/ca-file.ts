import {
  inspectCertificate,
  isSallyportError,
  SallyportError,
  sha256Hex,
  fromBase64,
} from '@sallyport/contracts';
import { readSmallFile } from '../files.ts';

const PEM = /^-----BEGIN CERTIFICATE-----\s+([A-Za-z0-9+/=\s]+?)\s+-----END CERTIFICATE-----\s*$/;

/**
 * Reads a CA certificate: PEM, or its bare base64.
 *
 * @returns standard base64 DER
 * @throws SallyportError ERR_STATION_CA_FILE, ERR_STATION_FILE_UNREADABLE
 */
export async function readCaFile(path: string): Promise<string> {
  const text = (await readSmallFile(path)).trim();
  const der = (PEM.exec(text)?.[1] ?? text).replaceAll(/\s/g, '');
  try {
    const { role } = await inspectCertificate(der);
    if (role !== 'ca') throw new SallyportError('ERR_STATION_CA_FILE', { detail: { role } });
  } catch (cause) {
    if (isSallyportError(cause, 'ERR_STATION_CA_FILE') || !isSallyportError(cause)) throw cause;
    throw new SallyportError('ERR_STATION_CA_FILE', { cause });
  }
  return der;
}

/** PEM text of a certificate. */
export function toPem(der: string): string {
  const lines = der.match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** SHA-256 of the certificate, lowercase hex, to compare with what the control centre reads out. */
export async function caFingerprint(der: string): Promise<string> {
  return sha256Hex(fromBase64(der));
}
