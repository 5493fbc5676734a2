import {
  inspectCertificate,
  SallyportError,
  type PublicJwk,
  type RecordSigner,
} from '@sallyport/contracts';
import type { KeyPairFile } from '../store/key-files.ts';
import type { Database } from '../store/database.ts';
import type { PersonalFields } from '../store/personal-fields.ts';

/**
 * The account of an active approver by staff number.
 *
 * @throws SallyportError ERR_ACCOUNT_UNKNOWN
 */
export async function getApproverAccount(
  db: Database,
  fields: PersonalFields,
  staffNumber: string,
): Promise<{ readonly accountId: string }> {
  const account = await db.account.findFirst({
    where: {
      staffNumberLookup: fields.lookup('staff-number', staffNumber),
      role: 'approver',
      state: 'active',
    },
  });
  if (account === null)
    throw new SallyportError('ERR_ACCOUNT_UNKNOWN', { detail: { role: 'approver' } });
  return { accountId: account.id };
}

/**
 * A key of an approver with the certificate that was issued for it.
 *
 * @throws SallyportError ERR_APPROVER_KEY_UNKNOWN when this account never offered the key,
 * ERR_APPROVER_KEY_STATE while it has no certificate
 */
export async function getApproverSigner(
  db: Database,
  accountId: string,
  { privateKey, publicJwk }: KeyPairFile,
): Promise<RecordSigner> {
  const certificates = await db.certificate.findMany({
    where: { role: 'approver', subjectId: accountId },
    orderBy: { notAfter: 'desc' },
  });
  for (const { der } of certificates) {
    const { publicKey } = await inspectCertificate(der);
    if (isSameKey(publicKey, publicJwk)) return { privateKey, certificate: der };
  }
  const offered = await db.approverKey.findMany({ where: { accountId } });
  const own = offered.find((row) => isSameKey(row.publicJwk as unknown as PublicJwk, publicJwk)); // written by offerApproverKey only
  if (own === undefined) throw new SallyportError('ERR_APPROVER_KEY_UNKNOWN');
  throw new SallyportError('ERR_APPROVER_KEY_STATE', { detail: { state: own.state } });
}

function isSameKey(one: PublicJwk, other: PublicJwk): boolean {
  return one.x === other.x && one.y === other.y;
}
