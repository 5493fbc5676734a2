import {
  SallyportError,
  peekKind,
  verifyRecord,
  type CertificateRole,
  type RecordKind,
  type VerifiedRecord,
} from '@sallyport/contracts';
import type { Transaction } from '../store/database.ts';
import { getAnchor } from '../store/trust.ts';
import { applyCheckpoint } from './apply-checkpoint.ts';
import { applyDirectoryUpdate, type OwnKeys } from './apply-directory.ts';
import { applyEnrolmentChallenge, applyEnrolmentOutcome } from './apply-enrolment.ts';
import { applyLicenceGrant } from './apply-licence-grant.ts';
import { applyRequestStatus } from './apply-request-status.ts';

export interface RecordContext {
  readonly gatewayId: string;
  readonly own: OwnKeys;
  readonly sharesRoot: string;
  readonly now: Date;
}

/** What the export lane may carry, and whose signature it must bear. */
const SIGNERS = {
  'directory-update': ['seal'],
  'request-status': ['seal'],
  'enrolment-challenge': ['seal'],
  'enrolment-outcome': ['seal'],
  'licence-grant': ['seal'],
  checkpoint: ['ledger'],
} as const satisfies Partial<Record<RecordKind, readonly CertificateRole[]>>;
type Expected = keyof typeof SIGNERS;

/**
 * Verifies one record from the export lane and applies it. Applying it again changes nothing.
 *
 * @throws SallyportError ERR_RECORD_*, ERR_CERTIFICATE_*, and what the kind's own rules refuse
 */
export async function applyRecord(
  tx: Transaction,
  jws: string,
  context: RecordContext,
): Promise<void> {
  const kind = peekKind(jws);
  if (!isExpected(kind)) throw new SallyportError('ERR_RECORD_UNEXPECTED', { detail: { kind } });
  const options = { trust: await getAnchor(tx), roles: SIGNERS[kind], now: context.now };
  const { now } = context;
  switch (kind) {
    case 'directory-update':
      return applyDirectoryUpdate(tx, await open(kind, jws, options), context.own, now);
    case 'request-status':
      return applyRequestStatus(tx, await open(kind, jws, options), now);
    case 'enrolment-challenge':
      return applyEnrolmentChallenge(tx, await open(kind, jws, options));
    case 'enrolment-outcome':
      return applyEnrolmentOutcome(tx, await open(kind, jws, options));
    case 'licence-grant':
      return applyLicenceGrant(tx, await open(kind, jws, options), context);
    case 'checkpoint':
      return applyCheckpoint(tx, await open(kind, jws, options), now);
  }
}

async function open<K extends Expected>(
  kind: K,
  jws: string,
  options: Parameters<typeof verifyRecord>[2],
): Promise<VerifiedRecord<K>['payload']> {
  return (await verifyRecord(kind, jws, options)).payload;
}

function isExpected(kind: RecordKind): kind is Expected {
  return Object.hasOwn(SIGNERS, kind);
}
