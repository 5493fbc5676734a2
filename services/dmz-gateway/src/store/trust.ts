import {
  PublicJwk,
  SallyportError,
  parse,
  type RecordSigner,
  type TrustAnchor,
} from '@sallyport/contracts';
import type { SigningKey } from '../keys/gateway-keys.ts';
import type { Database, Transaction } from './database.ts';

/** The internal zone this gateway serves. */
export interface PinnedSite {
  readonly siteId: string;
  readonly siteName: string;
  readonly ca: string;
  readonly intakeKey: { readonly keyId: string; readonly jwk: PublicJwk };
  readonly fingerprint: string;
  readonly gatewayCertificate: string | null;
  readonly ledgerCertificate: string | null;
}

/** Null until `gateway trust import`. */
export async function findSite(db: Database | Transaction): Promise<PinnedSite | null> {
  const row = await db.trust.findUnique({ where: { id: 1 } });
  if (row === null) return null;
  const { siteId, siteName, ca, intakeKeyId, intakeKey, fingerprint } = row;
  const { gatewayCertificate, ledgerCertificate } = row;
  const jwk = parse(PublicJwk, intakeKey);
  return {
    siteId,
    siteName,
    ca,
    intakeKey: { keyId: intakeKeyId, jwk },
    fingerprint,
    gatewayCertificate,
    ledgerCertificate,
  };
}

/** @throws SallyportError ERR_GATEWAY_NOT_TRUSTED */
export async function getSite(db: Database | Transaction): Promise<PinnedSite> {
  const site = await findSite(db);
  if (site === null) throw new SallyportError('ERR_GATEWAY_NOT_TRUSTED');
  return site;
}

/** The CA with every serial revoked so far: read for each decision, so that a revocation bites at once. */
export async function getAnchor(db: Database | Transaction): Promise<TrustAnchor> {
  const { ca } = await getSite(db);
  const rows = await db.revocation.findMany({ select: { serial: true } });
  return { ca, revoked: new Set(rows.map(({ serial }) => serial)) };
}

/** The gateway as a signer, or null until its certificate has come over the export lane. */
export async function findSigner(
  db: Database,
  key: SigningKey,
  use: 'gateway' | 'ledger',
): Promise<RecordSigner | null> {
  const site = await findSite(db);
  const certificate = use === 'gateway' ? site?.gatewayCertificate : site?.ledgerCertificate;
  return certificate == null ? null : { privateKey: key.privateKey, certificate };
}
