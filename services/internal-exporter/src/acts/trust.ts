import {
  canonicalBytes,
  inspectCertificate,
  SallyportError,
  selfSignRecord,
  sha256Hex,
  verifySelfSigned,
  type RecordPayload,
} from '@sallyport/contracts';
import { assertFingerprint } from '../domain/fingerprint.ts';
import { byCommand, nameInLedger } from '../store/actors.ts';
import { inTransaction, toJson, type Database, type Transaction } from '../store/database.ts';
import { recordEvent } from '../store/ledger-outbox.ts';
import type { PersonalFields } from '../store/personal-fields.ts';
import { getSite } from '../store/site.ts';
import { orderCertificate } from './certificates.ts';
import { publishWholeDirectory } from './directory.ts';

/** A bundle to carry by hand, and the fingerprint to compare over another channel. */
export interface TrustBundle {
  readonly jws: string;
  /** SHA-256 of the payload bytes, hex. */
  readonly fingerprint: string;
}

/** What the other zone must trust, signed by the CA key it carries; the ledger says who made it. */
export async function exportTrust(
  db: Database,
  fields: PersonalFields,
  made: { readonly caKey: CryptoKey; readonly by: string },
  now: Date,
): Promise<TrustBundle> {
  const { caKey, by } = made;
  const { siteId, siteName, caCertificate: ca, intakeKey } = await getSite(db);
  const { publicKey } = await inspectCertificate(ca);
  const createdAt = now.toISOString();
  const payload: RecordPayload<'trust-internal'> = {
    zone: 'internal',
    siteId,
    siteName,
    ca,
    intakeKey,
    createdAt,
  };
  const jws = await selfSignRecord('trust-internal', payload, { privateKey: caKey, publicKey });
  const fingerprint = await sha256Hex(canonicalBytes(payload));
  await inTransaction(db, async (tx) => {
    const actor = await byCommand(tx, fields, by, now);
    await recordEvent(tx, { at: now, actor, event: { kind: 'trust.exported', fingerprint } });
  });
  return { jws, fingerprint };
}

/** Who carried a bundle in, and who compared its fingerprint. */
export interface TrustImport {
  /** Read out on the other side: all 64 hex digits, spaces allowed. */
  readonly fingerprint: string;
  readonly by: string;
  readonly witness: string;
}

/**
 * Pins a gateway: its keys are recorded and their certificates ordered, and the whole directory is
 * told to it. Importing the same bundle again tells the directory again.
 *
 * @throws SallyportError ERR_FINGERPRINT_MISMATCH, ERR_TRUST_WITNESS, ERR_RECORD_*
 */
export async function importTrust(
  db: Database,
  fields: PersonalFields,
  jws: string,
  act: TrustImport,
  now: Date,
): Promise<{ readonly gatewayId: string; readonly entries: number }> {
  const { payload, publicKey } = await verifySelfSigned('trust-dmz', jws.trim());
  if (payload.signingKey.x !== publicKey.x || payload.signingKey.y !== publicKey.y) {
    throw new SallyportError('ERR_RECORD_SIGNATURE', { detail: { member: 'signingKey' } });
  }
  const fingerprint = await sha256Hex(canonicalBytes(payload));
  assertFingerprint(act.fingerprint, fingerprint);
  if (fields.personIdOf(act.by) === fields.personIdOf(act.witness))
    throw new SallyportError('ERR_TRUST_WITNESS');
  const { gatewayId } = payload;
  return inTransaction(db, async (tx) => {
    const witnessDigest = await nameInLedger(tx, fields, act.witness, now);
    const actor = await byCommand(tx, fields, act.by, now);
    await keepGateway(
      tx,
      payload,
      { fingerprint, importedBy: actor.kind === 'command' ? actor.digest : '', witnessDigest },
      now,
    );
    const holder = { subjectId: gatewayId, ownerId: gatewayId, orderedById: null };
    await orderCertificate(tx, { ...holder, role: 'gateway', publicKey: payload.signingKey }, now);
    await orderCertificate(
      tx,
      { ...holder, role: 'gateway-ledger', publicKey: payload.ledgerKey },
      now,
    );
    const entries = await publishWholeDirectory(tx, now);
    await recordEvent(tx, {
      at: now,
      actor,
      event: { kind: 'trust.imported', peerId: gatewayId, fingerprint, witnessDigest },
    });
    return { gatewayId, entries };
  });
}

/** A later agreement key, announced by a gateway that is already trusted. */
export async function receiveAgreementKey(
  tx: Transaction,
  record: RecordPayload<'gateway-agreement-key'>,
): Promise<void> {
  const { gatewayId, key } = record;
  if ((await tx.gateway.findUnique({ where: { id: gatewayId } })) === null)
    throw new SallyportError('ERR_GATEWAY_UNKNOWN');
  const row = {
    gatewayId,
    epoch: key.epoch,
    jwk: toJson(key.jwk),
    notAfter: new Date(key.notAfter),
  };
  // An epoch's key never changes: a second one under the same epoch is ignored.
  await tx.gatewayAgreementKey.createMany({ data: [row], skipDuplicates: true });
}

async function keepGateway(
  tx: Transaction,
  payload: RecordPayload<'trust-dmz'>,
  by: { readonly fingerprint: string; readonly importedBy: string; readonly witnessDigest: string },
  now: Date,
): Promise<void> {
  const { gatewayId: id } = payload;
  await tx.gateway.updateMany({ where: { id: { not: id } }, data: { current: false } });
  const data = {
    fingerprint: by.fingerprint,
    signingJwk: toJson(payload.signingKey),
    ledgerJwk: toJson(payload.ledgerKey),
    importedAt: now,
    importedBy: by.importedBy,
    witnessedBy: by.witnessDigest,
    current: true,
  };
  await tx.gateway.upsert({ where: { id }, create: { id, ...data }, update: data });
  for (const key of payload.agreementKeys) {
    await receiveAgreementKey(tx, { gatewayId: id, key, at: now.toISOString() });
  }
}
