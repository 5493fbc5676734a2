import {
  canonicalBytes,
  parse,
  PublicJwk,
  SallyportError,
  sha256Hex,
  verifySelfSigned,
  type ConsoleApproverKey,
} from '@sallyport/contracts';
import { decryptText, encryptText } from '@sallyport/runtime';
import { assertFingerprint, toFingerprint } from '../domain/fingerprint.ts';
import { inTransaction, toJson, type Database, type Prisma } from '../store/database.ts';
import { newId } from '../store/ids.ts';
import type { PersonalFields } from '../store/personal-fields.ts';
import { getSite } from '../store/site.ts';
import { accountName } from './accounts.ts';
import { orderCertificate } from './certificates.ts';

const WITH_ACCOUNT = { account: true } as const;
type KeyRow = Prisma.ApproverKeyGetPayload<{ include: typeof WITH_ACCOUNT }>;

/**
 * Keeps an approver's public key, signed by its private half, until an administrator confirms it.
 *
 * @throws SallyportError ERR_RECORD_*, ERR_RECORD_AUDIENCE, ERR_ACCESS_DENIED for another account's key
 */
export async function offerApproverKey(
  db: Database,
  fields: PersonalFields,
  jws: string,
  accountId: string,
  now: Date,
): Promise<ConsoleApproverKey> {
  const { payload, publicKey } = await verifySelfSigned('approver-key', jws);
  const { siteId } = await getSite(db);
  if (payload.siteId !== siteId) throw new SallyportError('ERR_RECORD_AUDIENCE');
  if (payload.accountId !== accountId) throw new SallyportError('ERR_ACCESS_DENIED');
  if (payload.publicKey.x !== publicKey.x || payload.publicKey.y !== publicKey.y) {
    throw new SallyportError('ERR_RECORD_SIGNATURE', { detail: { member: 'publicKey' } });
  }
  const id = newId();
  const row = await db.approverKey.create({
    data: {
      id,
      accountId,
      label: encryptText(fields, payload.label, placeOf(id, 'label')),
      publicJwk: toJson(publicKey),
      fingerprint: toFingerprint(await sha256Hex(canonicalBytes(publicKey))),
      jws: encryptText(fields, jws, placeOf(id, 'jws')),
      state: 'pending',
      createdAt: now,
    },
    include: WITH_ACCOUNT,
  });
  return toConsoleKey(fields, row, null);
}

/**
 * An administrator, who is not the approver, compared the fingerprint with them: the certificate is
 * ordered.
 *
 * @throws SallyportError ERR_APPROVER_KEY_UNKNOWN, ERR_APPROVER_KEY_STATE, ERR_FINGERPRINT_MISMATCH,
 * ERR_ACCOUNT_SECOND_ADMINISTRATOR
 */
export function confirmApproverKey(
  db: Database,
  keyId: string,
  fingerprint: string,
  byId: string,
  now: Date,
): Promise<void> {
  return inTransaction(db, async (tx) => {
    const row = await tx.approverKey.findUnique({ where: { id: keyId }, include: WITH_ACCOUNT });
    if (row === null) throw new SallyportError('ERR_APPROVER_KEY_UNKNOWN');
    assertFingerprint(fingerprint, row.fingerprint);
    const { personId } = await tx.account.findUniqueOrThrow({ where: { id: byId } });
    if (personId === row.account.personId)
      throw new SallyportError('ERR_ACCOUNT_SECOND_ADMINISTRATOR');
    const usable = row.account.state === 'active' && row.account.role === 'approver';
    const { count } = usable
      ? await tx.approverKey.updateMany({
          where: { id: keyId, state: 'pending' },
          data: { state: 'confirmed', confirmedAt: now, confirmedById: byId },
        })
      : { count: 0 };
    if (count === 0)
      throw new SallyportError('ERR_APPROVER_KEY_STATE', { detail: { state: row.state } });
    const publicKey = parse(PublicJwk, row.publicJwk, 'ERR_KEY_INVALID');
    const holder = { subjectId: row.accountId, ownerId: row.account.personId, orderedById: byId };
    await orderCertificate(tx, { ...holder, role: 'approver', publicKey }, now);
  });
}

/** All keys for an administrator; an approver sees their own. */
export async function listApproverKeys(
  db: Database,
  fields: PersonalFields,
  ofAccount: string | null,
): Promise<readonly ConsoleApproverKey[]> {
  const rows = await db.approverKey.findMany({
    where: ofAccount === null ? {} : { accountId: ofAccount },
    include: WITH_ACCOUNT,
    orderBy: { createdAt: 'desc' },
  });
  const ids = rows.flatMap(({ certificateId }) => certificateId ?? []);
  const certificates = await db.certificate.findMany({ where: { id: { in: ids } } });
  const derById = new Map(certificates.map(({ id, der }) => [id, der]));
  return rows.map((row) => toConsoleKey(fields, row, derById.get(row.certificateId ?? '') ?? null));
}

function toConsoleKey(
  fields: PersonalFields,
  row: KeyRow,
  certificate: string | null,
): ConsoleApproverKey {
  return {
    keyId: row.id,
    accountId: row.accountId,
    accountName: accountName(fields, row.account),
    label: decryptText(fields, row.label, placeOf(row.id, 'label')),
    fingerprint: row.fingerprint,
    state: row.state as ConsoleApproverKey['state'], // written by this service only
    certificate,
    certificateId: row.certificateId,
    createdAt: row.createdAt.toISOString(),
  };
}

/** A label is a person's own words, and the signed record repeats it. */
function placeOf(rowId: string, column: 'label' | 'jws') {
  return { table: 'ApproverKey', column, rowId };
}
