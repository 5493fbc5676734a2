import 'reflect-metadata'; // @peculiar/x509's container asks for it at import
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { concatBytes, fromBase64, sha256Hex, toBase64, toHex } from './bytes.ts';
import { SallyportError } from './errors/index.ts';
import { ID128 } from './patterns.ts';
import type { PublicJwk } from './scalars.ts';

/** What a certificate's holder may sign or open; written as OU of the subject. */
export const CERTIFICATE_ROLES = [
  'ca',
  'seal',
  'lane',
  'ledger',
  'approver',
  'gateway',
  'gateway-ledger',
  'device-sign',
  'device-agree',
] as const;
export type CertificateRole = (typeof CERTIFICATE_ROLES)[number];

/** The facts of one verified certificate. All ids are pseudonymous. */
export interface CertificateIdentity {
  readonly role: CertificateRole;
  /** CN: account, device, zone or key id. */
  readonly subjectId: string;
  /** O: the person (approver, officer) or the zone. */
  readonly ownerId: string;
  readonly serial: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly publicKey: PublicJwk;
  /** Standard base64 DER, as it stands in `x5c`. */
  readonly der: string;
}

/** What a zone trusts: one CA and the serials it has revoked. */
export interface TrustAnchor {
  /** CA certificate, standard base64 DER. */
  readonly ca: string;
  readonly revoked: ReadonlySet<string>;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** Makes a self-signed CA certificate for `keys`. Times are UTC. */
export async function makeCaCertificate(options: {
  keys: CryptoKeyPair;
  siteId: string;
  serial: Uint8Array;
  notBefore: Date;
  notAfter: Date;
}): Promise<string> {
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialText(options.serial),
    name: subjectName({ subjectId: options.siteId, ownerId: options.siteId, role: 'ca' }),
    notBefore: options.notBefore,
    notAfter: options.notAfter,
    keys: options.keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  return toBase64(new Uint8Array(certificate.rawData));
}

/** Issues one end certificate. The serial must be 16 random bytes. */
export async function issueCertificate(options: {
  ca: string;
  caKey: CryptoKey;
  publicKey: PublicJwk;
  subjectId: string;
  ownerId: string;
  role: Exclude<CertificateRole, 'ca'>;
  serial: Uint8Array;
  notBefore: Date;
  notAfter: Date;
}): Promise<string> {
  const agrees = options.role === 'device-agree';
  const publicKey = await crypto.subtle.importKey(
    'jwk',
    options.publicKey,
    { name: 'ECDSA', namedCurve: 'P-256' },
    true,
    ['verify'],
  );
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialText(options.serial),
    subject: subjectName(options),
    issuer: new X509Certificate(fromBase64(options.ca)).subject,
    notBefore: options.notBefore,
    notAfter: options.notAfter,
    publicKey,
    signingKey: options.caKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(
        agrees ? KeyUsageFlags.keyAgreement : KeyUsageFlags.digitalSignature,
        true,
      ),
    ],
  });
  return toBase64(new Uint8Array(certificate.rawData));
}

/**
 * Issues the TLS certificate of a console or portal for DNS names and IP addresses. It carries no
 * role, so {@link verifyCertificate} never takes it for a signer.
 */
export async function issueServerCertificate(options: {
  ca: string;
  caKey: CryptoKey;
  publicKey: CryptoKey;
  hosts: readonly { type: 'dns' | 'ip'; value: string }[];
  serial: Uint8Array;
  notBefore: Date;
  notAfter: Date;
}): Promise<string> {
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialText(options.serial),
    subject: 'O=Sallyport, OU=tls-server',
    issuer: new X509Certificate(fromBase64(options.ca)).subject,
    notBefore: options.notBefore,
    notAfter: options.notAfter,
    publicKey: options.publicKey,
    signingKey: options.caKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth], true),
      new SubjectAlternativeNameExtension([...options.hosts]),
    ],
  });
  return toBase64(new Uint8Array(certificate.rawData));
}

/** A DER certificate (standard base64) as PEM text. */
export function toPem(der: string): string {
  return `-----BEGIN CERTIFICATE-----\n${der.match(/.{1,64}/g)?.join('\n') ?? ''}\n-----END CERTIFICATE-----\n`;
}

/**
 * Verifies one end certificate against the anchor and reads its identity. Chains are one step long
 * by design: the CA signs every end certificate itself.
 *
 * @throws SallyportError ERR_CERTIFICATE_UNKNOWN, ERR_CERTIFICATE_EXPIRED, ERR_CERTIFICATE_REVOKED
 */
export async function verifyCertificate(
  der: string,
  anchor: TrustAnchor,
  now: Date,
): Promise<CertificateIdentity> {
  const ca = new X509Certificate(fromBase64(anchor.ca));
  const certificate = parseCertificate(der);
  if (!(await isIssuedBy(certificate, ca))) throw new SallyportError('ERR_CERTIFICATE_UNKNOWN');
  const identity = await readIdentity(certificate, der);
  if (anchor.revoked.has(identity.serial)) {
    throw new SallyportError('ERR_CERTIFICATE_REVOKED', { detail: { serial: identity.serial } });
  }
  if (now < certificate.notBefore || now > certificate.notAfter || now > ca.notAfter) {
    throw new SallyportError('ERR_CERTIFICATE_EXPIRED', {
      detail: { serial: identity.serial, notAfter: identity.notAfter },
    });
  }
  return identity;
}

/**
 * Reads a certificate without trusting it (a list in a page, the CA's own).
 *
 * @throws SallyportError ERR_CERTIFICATE_UNKNOWN when it is not a certificate of this product's profile
 */
export async function inspectCertificate(der: string): Promise<CertificateIdentity> {
  return readIdentity(parseCertificate(der), der);
}

/** SHA-256 of the DER bytes, lowercase hex: the id of a certificate in headers and grants. */
export async function certificateId(der: string): Promise<string> {
  return sha256Hex(fromBase64(der));
}

/** Groups a hex digest for reading aloud: `3f2a 91c0 …`. */
export function groupFingerprint(hex: string, digits = hex.length): string {
  return (
    hex
      .slice(0, digits)
      .match(/.{1,4}/g)
      ?.join(' ') ?? ''
  );
}

/** The library reads parts of a certificate late and throws its own errors on malformed ones. */
async function isIssuedBy(certificate: X509Certificate, ca: X509Certificate): Promise<boolean> {
  try {
    return (
      certificate.issuer === ca.subject &&
      certificate.getExtension(BasicConstraintsExtension)?.ca !== true &&
      (await certificate.verify({ publicKey: ca.publicKey, signatureOnly: true }))
    );
  } catch (cause) {
    throw new SallyportError('ERR_CERTIFICATE_UNKNOWN', { cause });
  }
}

function parseCertificate(der: string): X509Certificate {
  try {
    return new X509Certificate(fromBase64(der));
  } catch (cause) {
    throw new SallyportError('ERR_CERTIFICATE_UNKNOWN', { cause });
  }
}

async function readIdentity(
  certificate: X509Certificate,
  der: string,
): Promise<CertificateIdentity> {
  const [subjectId, ownerId, role] = ['CN', 'O', 'OU'].map((field) =>
    certificate.subjectName.getField(field),
  );
  const known = CERTIFICATE_ROLES.find((candidate) => candidate === role?.[0]);
  const [subject, owner] = [subjectId?.[0], ownerId?.[0]];
  const single = [subjectId, ownerId, role].every((values) => values?.length === 1);
  if (!single || known === undefined || !ID128.test(subject ?? '') || !ID128.test(owner ?? '')) {
    throw new SallyportError('ERR_CERTIFICATE_UNKNOWN', { detail: { fault: 'profile' } });
  }
  const identity = {
    role: known,
    subjectId: subject ?? '',
    ownerId: owner ?? '',
    serial: certificate.serialNumber.toLowerCase(),
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
    publicKey: await exportPublicJwk(certificate),
    der,
  };
  return identity;
}

async function exportPublicJwk(certificate: X509Certificate): Promise<PublicJwk> {
  try {
    const key = await certificate.publicKey.export({ name: 'ECDSA', namedCurve: 'P-256' }, [
      'verify',
    ]);
    const { x, y } = await crypto.subtle.exportKey('jwk', key);
    return { crv: 'P-256', kty: 'EC', x: x ?? '', y: y ?? '' };
  } catch (cause) {
    throw new SallyportError('ERR_KEY_INVALID', { cause });
  }
}

function subjectName(subject: {
  subjectId: string;
  ownerId: string;
  role: CertificateRole;
}): string {
  return `CN=${subject.subjectId}, O=${subject.ownerId}, OU=${subject.role}`;
}

/** A leading 0x01 keeps the DER integer positive and its hex free of stripped zeros. */
function serialText(random: Uint8Array): string {
  return toHex(concatBytes(Uint8Array.of(1), random));
}
