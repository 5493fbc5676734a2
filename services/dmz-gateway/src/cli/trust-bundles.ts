import {
  SallyportError,
  canonicalBytes,
  inspectCertificate,
  selfSignRecord,
  sha256Hex,
  verifySelfSigned,
  type InternalTrustBundle,
} from '@sallyport/contracts';
import type { GatewayConfig } from '../config/environment.ts';
import { epochsNeeded } from '../domain/epochs.ts';
import { assertFingerprint, assertTwoPeople } from '../domain/trust-rules.ts';
import { ensureAgreementKey } from '../keys/agreement-keys.ts';
import { openSigningKey, readGatewayId, type FieldKeys } from '../keys/gateway-keys.ts';
import { readPublicKeys } from '../keys/public-keys.ts';
import type { Database } from '../store/database.ts';
import { recordEvent } from '../store/ledger-events.ts';
import { findSite } from '../store/trust.ts';
import { nameActor } from './command-names.ts';

/** A bundle and what two people compare about it. */
export interface Bundle {
  readonly jws: string;
  readonly fingerprint: string;
}

/** What the DMZ hands to the internal zone by hand: its public keys, signed by its own key; the ledger says who made it. */
export async function exportTrust(
  db: Database,
  fields: FieldKeys,
  { config, by }: { readonly config: GatewayConfig; readonly by: string },
  now: Date,
): Promise<Bundle> {
  const gatewayId = await readGatewayId(config);
  const { gateway, ledger } = await readPublicKeys(config);
  const agreementKeys = [];
  for (const epoch of epochsNeeded(now)) {
    agreementKeys.push(await ensureAgreementKey(db, config, epoch, now));
  }
  const payload = {
    zone: 'dmz' as const,
    gatewayId,
    signingKey: gateway,
    ledgerKey: ledger,
    agreementKeys,
    createdAt: now.toISOString(),
  };
  const { privateKey } = await openSigningKey(config, 'gateway');
  const jws = await selfSignRecord('trust-dmz', payload, { privateKey, publicKey: gateway });
  const fingerprint = await sha256Hex(canonicalBytes(payload));
  const actor = await nameActor(db, fields, by, now);
  await recordEvent(db, { at: now, actor, event: { kind: 'trust.exported', fingerprint } });
  return { jws, fingerprint };
}

export interface TrustImport {
  readonly jws: string;
  readonly fingerprint: string;
  readonly by: string;
  readonly witness: string;
}

/**
 * Pins the internal zone. Two people have compared the fingerprint; another zone than the one
 * pinned is refused for good.
 *
 * @throws SallyportError ERR_GATEWAY_FINGERPRINT, ERR_GATEWAY_WITNESS, ERR_GATEWAY_PINNED,
 * ERR_RECORD_*, ERR_CERTIFICATE_*
 */
export async function importTrust(
  db: Database,
  fields: FieldKeys,
  { jws, fingerprint, by, witness }: TrustImport,
  now: Date,
): Promise<{ readonly siteId: string; readonly siteName: string }> {
  assertTwoPeople(by, witness);
  const { payload, publicKey } = await verifySelfSigned('trust-internal', jws.trim());
  const actual = await sha256Hex(canonicalBytes(payload));
  assertFingerprint(fingerprint, actual);
  await assertOwnCa(payload, publicKey);
  const known = await findSite(db);
  if (known !== null && (known.siteId !== payload.siteId || known.ca !== payload.ca)) {
    throw new SallyportError('ERR_GATEWAY_PINNED', { detail: { siteId: known.siteId } });
  }
  const actor = await nameActor(db, fields, by, now);
  const { digest: witnessDigest } = await nameActor(db, fields, witness, now);
  const { siteId, siteName, ca, intakeKey } = payload;
  const data = {
    siteId,
    siteName,
    ca,
    intakeKeyId: intakeKey.keyId,
    intakeKey: intakeKey.jwk,
    fingerprint: actual,
    importedAt: now,
  };
  await db.$transaction(async (tx) => {
    await tx.trust.upsert({ where: { id: 1 }, create: { id: 1, ...data }, update: data });
    const event = {
      kind: 'trust.imported',
      peerId: siteId,
      fingerprint: actual,
      witnessDigest,
    } as const;
    await recordEvent(tx, { at: now, actor, event });
  });
  return { siteId, siteName };
}

/** The bundle must be signed by the very CA it carries, and that must be a CA of this site. */
async function assertOwnCa(
  bundle: InternalTrustBundle,
  signedBy: { readonly x: string; readonly y: string },
): Promise<void> {
  const { role, subjectId, publicKey } = await inspectCertificate(bundle.ca);
  const isOwn = publicKey.x === signedBy.x && publicKey.y === signedBy.y;
  if (role !== 'ca' || subjectId !== bundle.siteId || !isOwn) {
    throw new SallyportError('ERR_CERTIFICATE_ROLE', { detail: { role } });
  }
}
