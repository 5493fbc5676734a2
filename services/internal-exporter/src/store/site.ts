import { PublicJwk, SallyportError, parse, type TrustAnchor } from '@sallyport/contracts';
import type { Database, Transaction } from './database.ts';

/** This site's public facts, made once by `exporter init`. */
export interface Site {
  readonly siteId: string;
  readonly siteName: string;
  /** Certificates: standard base64 DER. */
  readonly caCertificate: string;
  readonly sealCertificate: string;
  readonly laneCertificate: string;
  readonly ledgerCertificate: string;
  readonly intakeKey: { readonly keyId: string; readonly jwk: PublicJwk };
  /** Footage keys are wrapped to it. */
  readonly atRestKey: { readonly keyId: string; readonly jwk: PublicJwk };
  /** Preview and clip keys are wrapped to it, for showing. */
  readonly previewKey: { readonly keyId: string; readonly jwk: PublicJwk };
}

/** @throws SallyportError ERR_EXPORTER_NOT_INITIALISED before `exporter init` */
export async function getSite(db: Database | Transaction): Promise<Site> {
  const row = await db.site.findUnique({ where: { id: 1 } });
  if (row === null) throw new SallyportError('ERR_EXPORTER_NOT_INITIALISED');
  const key = (keyId: string, jwk: unknown) => ({
    keyId,
    jwk: parse(PublicJwk, jwk, 'ERR_KEY_INVALID'),
  });
  return {
    siteId: row.siteId,
    siteName: row.siteName,
    caCertificate: row.caCertificate,
    sealCertificate: row.sealCertificate,
    laneCertificate: row.laneCertificate,
    ledgerCertificate: row.ledgerCertificate,
    intakeKey: key(row.intakeKeyId, row.intakeJwk),
    atRestKey: key(row.atRestKeyId, row.atRestJwk),
    previewKey: key(row.previewKeyId, row.previewJwk),
  };
}

/** What signatures are checked against: the site's CA and every serial revoked so far. */
export async function getTrust(db: Database | Transaction): Promise<TrustAnchor> {
  const { caCertificate } = await getSite(db);
  const revoked = await db.certificate.findMany({
    where: { revokedAt: { not: null } },
    select: { serial: true },
  });
  return { ca: caCertificate, revoked: new Set(revoked.map(({ serial }) => serial)) };
}
