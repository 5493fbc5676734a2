import {
  parse,
  PublicJwk,
  SallyportError,
  wrapFor,
  type RecordPayload,
} from '@sallyport/contracts';
import { byAccount } from '../store/actors.ts';
import { inTransaction, toJson, type Database, type Transaction } from '../store/database.ts';
import { recordEvent } from '../store/ledger-outbox.ts';
import type { PersonalFields } from '../store/personal-fields.ts';
import { publishStatus } from '../store/request-status.ts';
import { rejectionPlace } from './requests.ts';

const REJECTABLE = ['submitted', 'under-review', 'more-info-needed'];
const MOST_DEVICES = 8;

/**
 * Refuses a request with a reason. The words are kept encrypted here and leave only wrapped to the
 * requester's own devices.
 *
 * @throws SallyportError ERR_REQUEST_UNKNOWN, ERR_REQUEST_STATE
 */
export function rejectRequest(
  db: Database,
  fields: PersonalFields,
  requestId: string,
  reason: string,
  byId: string,
  now: Date,
): Promise<void> {
  return inTransaction(db, async (tx) => {
    const request = await tx.exportRequest.findUnique({ where: { id: requestId } });
    if (request === null) throw new SallyportError('ERR_REQUEST_UNKNOWN');
    const notes = await wrapNotes(tx, requestId, request.officerId, reason);
    const { count } = await tx.exportRequest.updateMany({
      where: { id: requestId, state: { in: REJECTABLE } },
      data: {
        state: 'rejected',
        rejectionEncrypted: fields.encrypt(reason, rejectionPlace(requestId)),
        notes: toJson(notes),
      },
    });
    if (count === 0)
      throw new SallyportError('ERR_REQUEST_STATE', { detail: { state: request.state } });
    await publishStatus(tx, requestId, now, byId);
    await recordEvent(tx, {
      at: now,
      actor: byAccount(byId),
      event: { kind: 'export-request.rejected', requestId },
    });
  });
}

async function wrapNotes(
  tx: Transaction,
  requestId: string,
  officerId: string,
  reason: string,
): Promise<RecordPayload<'request-status'>['notes']> {
  const devices = await tx.device.findMany({
    where: { officerId, state: 'confirmed', agreeCertificateId: { not: null } },
    orderBy: { decidedAt: 'desc' },
    take: MOST_DEVICES,
  });
  const words = new TextEncoder().encode(reason);
  return Promise.all(
    devices.map(async ({ agreementJwk, agreeCertificateId }) => {
      const keyId = agreeCertificateId ?? '';
      const key = parse(PublicJwk, agreementJwk, 'ERR_KEY_INVALID');
      return {
        keyId,
        sealed: await wrapFor(key, words, { purpose: 'personal', context: requestId, keyId }),
      };
    }),
  );
}
