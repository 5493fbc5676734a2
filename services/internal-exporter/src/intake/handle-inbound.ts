import { createHash } from 'node:crypto';
import {
  isSallyportError,
  SallyportError,
  unwrapWith,
  verifyRecord,
  verifySelfSigned,
  type ErrorCode,
  type RecordKind,
} from '@sallyport/contracts';
import { decryptText, encryptText } from '@sallyport/runtime';
import { receiveCheckpoint } from '../acts/receive-checkpoint.ts';
import {
  receiveDestructionReceipt,
  receiveDestructionReport,
  receivePlayback,
  receiveTransferReceipt,
} from '../acts/receive-receipts.ts';
import { receiveEnrolment, receiveProof } from '../acts/devices.ts';
import { receiveSignUp } from '../acts/officers.ts';
import { receiveRequest } from '../acts/receive-request.ts';
import { receiveAgreementKey } from '../acts/trust.ts';
import { inTransaction, type Database, type Transaction } from '../store/database.ts';
import { recordEvent } from '../store/ledger-outbox.ts';
import type { PersonalFields } from '../store/personal-fields.ts';
import { getTrust, type Site } from '../store/site.ts';

const INTAKE = { kind: 'role', name: 'intake' } as const;
/** What a record may wait for: another record that the link has not brought yet. */
const WAITS_FOR: ReadonlySet<ErrorCode> = new Set([
  'ERR_OFFICER_UNKNOWN',
  'ERR_DEVICE_UNKNOWN',
  'ERR_STATION_UNKNOWN',
  'ERR_PACKAGE_UNKNOWN',
]);
const MOST_RETRIED = 100;

export interface InboundContext {
  readonly db: Database;
  readonly fields: PersonalFields;
  readonly site: Site;
  /** Private half of the site's intake key. */
  readonly intakeKey: CryptoKey;
}

/** `refused`: kept with its reason and never tried again. `waiting`: tried again after each record taken in. */
export type InboundOutcome = 'accepted' | 'refused' | 'waiting' | 'repeated';

/**
 * Takes in one record of the request lane: verified against this site's own CA and revocations, then
 * acted on, once, in one transaction with the note that it was. A repeated record changes nothing.
 * Rejects only for faults of this side, after which the same record may be offered again.
 */
export async function handleInbound(
  context: InboundContext,
  kind: RecordKind,
  jws: string,
  now: Date,
): Promise<InboundOutcome> {
  const outcome = await takeIn(context, kind, jws, now);
  if (outcome === 'accepted') await retryWaiting(context, now);
  return outcome;
}

async function takeIn(
  context: InboundContext,
  kind: RecordKind,
  jws: string,
  now: Date,
): Promise<InboundOutcome> {
  const sha256 = createHash('sha256').update(jws).digest('hex');
  const known = await context.db.inboundRecord.findUnique({ where: { sha256 } });
  if (known !== null && known.outcome !== 'waiting') return 'repeated';
  try {
    await inTransaction(context.db, async (tx) => {
      await act(context, tx, kind, { jws, sha256 }, now);
      await note(tx, context.fields, {
        sha256,
        kind,
        jws,
        outcome: 'accepted',
        failure: null,
        now,
      });
    });
    return 'accepted';
  } catch (error) {
    if (
      !isSallyportError(error) ||
      error.code === 'ERR_INTERNAL' ||
      error.code === 'ERR_EXPORTER_NOT_INITIALISED'
    ) {
      throw error;
    }
    return keepRefusal(context, { sha256, kind, jws, failure: error.code, now });
  }
}

/** Offers the records that waited for another one again, oldest first. */
async function retryWaiting(context: InboundContext, now: Date): Promise<void> {
  const waiting = await context.db.inboundRecord.findMany({
    where: { outcome: 'waiting' },
    orderBy: { receivedAt: 'asc' },
    take: MOST_RETRIED,
  });
  // Written by `note` from a RecordKind.
  for (const { kind, jws, sha256 } of waiting) {
    const text = decryptText(context.fields, jws, placeOf(sha256));
    await takeIn(context, kind as RecordKind, text, now);
  }
}

async function act(
  context: InboundContext,
  tx: Transaction,
  kind: RecordKind,
  record: { readonly jws: string; readonly sha256: string },
  now: Date,
): Promise<void> {
  const { fields, site, intakeKey } = context;
  const { jws, sha256 } = record;
  const trust = await getTrust(tx);
  switch (kind) {
    case 'officer-sign-up': {
      const { payload } = await verifyRecord(kind, jws, { trust, roles: ['gateway'], now });
      if (payload.siteId !== site.siteId) throw new SallyportError('ERR_RECORD_AUDIENCE');
      const binding = {
        purpose: 'personal',
        context: payload.officerId,
        keyId: site.intakeKey.keyId,
      } as const;
      const personal = await unwrapWith(intakeKey, payload.sealed, binding);
      return receiveSignUp(tx, fields, payload, personal, sha256, now);
    }
    case 'device-enrolment': {
      const { payload, publicKey } = await verifySelfSigned(kind, jws);
      return receiveEnrolment(
        tx,
        fields,
        payload,
        { signedBy: publicKey, recordSha256: sha256, siteId: site.siteId },
        now,
      );
    }
    case 'enrolment-proof': {
      const { payload, publicKey } = await verifySelfSigned(kind, jws);
      return receiveProof(tx, payload, publicKey, now);
    }
    case 'export-request': {
      const { payload, signer } = await verifyRecord(kind, jws, {
        trust,
        roles: ['device-sign'],
        now,
      });
      if (signer.subjectId !== payload.deviceId || signer.ownerId !== payload.officerId) {
        throw new SallyportError('ERR_REQUEST_REQUESTER', {
          detail: { requestId: payload.requestId },
        });
      }
      return receiveRequest(
        tx,
        { fields, site, intakeKey },
        payload,
        { jws, jwsSha256: sha256 },
        now,
      );
    }
    case 'transfer-receipt': {
      const { payload, signer } = await verifyRecord(kind, jws, { trust, roles: ['gateway'], now });
      return receiveTransferReceipt(tx, payload, signer.subjectId, now);
    }
    case 'playback-receipt': {
      const { payload, signer } = await verifyRecord(kind, jws, {
        trust,
        roles: ['device-sign'],
        now,
      });
      return receivePlayback(tx, payload, signer, now);
    }
    case 'destruction-receipt': {
      const { payload, signer } = await verifyRecord(kind, jws, {
        trust,
        roles: ['device-sign'],
        now,
      });
      return receiveDestructionReceipt(tx, payload, signer, now);
    }
    case 'destruction-report': {
      const { payload } = await verifyRecord(kind, jws, { trust, roles: ['gateway'], now });
      return receiveDestructionReport(tx, payload, now);
    }
    case 'gateway-agreement-key': {
      const { payload, signer } = await verifyRecord(kind, jws, { trust, roles: ['gateway'], now });
      if (signer.subjectId !== payload.gatewayId) throw new SallyportError('ERR_RECORD_AUDIENCE');
      return receiveAgreementKey(tx, payload);
    }
    case 'checkpoint': {
      const { payload, signer } = await verifyRecord(kind, jws, {
        trust,
        roles: ['gateway-ledger'],
        now,
      });
      return receiveCheckpoint(tx, payload, signer.subjectId, now);
    }
    default:
      // Every other kind travels outward or by hand.
      throw new SallyportError('ERR_RECORD_HEADER', { detail: { member: 'typ', kind } });
  }
}

async function keepRefusal(
  { db, fields }: InboundContext,
  refusal: {
    readonly sha256: string;
    readonly kind: RecordKind;
    readonly jws: string;
    readonly failure: ErrorCode;
    readonly now: Date;
  },
): Promise<InboundOutcome> {
  const { failure, now } = refusal;
  const outcome = WAITS_FOR.has(failure) ? 'waiting' : 'refused';
  await inTransaction(db, async (tx) => {
    const isNew = await note(tx, fields, { ...refusal, outcome });
    if (!isNew) return;
    await recordEvent(tx, {
      at: now,
      actor: INTAKE,
      event: { kind: 'lane.refused', lane: 'request', failure },
    });
  });
  return outcome;
}

/** Keeps what became of a record; true when this outcome is new. */
async function note(
  tx: Transaction,
  fields: PersonalFields,
  row: {
    sha256: string;
    kind: RecordKind;
    jws: string;
    outcome: 'accepted' | 'refused' | 'waiting';
    failure: ErrorCode | null;
    now: Date;
  },
): Promise<boolean> {
  const { sha256, kind, outcome, failure, now } = row;
  // A device's enrolment carries the name somebody gave it.
  const jws = encryptText(fields, row.jws, placeOf(sha256));
  const known = await tx.inboundRecord.findUnique({ where: { sha256 } });
  const data = { kind, jws, outcome, failure };
  await tx.inboundRecord.upsert({
    where: { sha256 },
    create: { sha256, ...data, receivedAt: now },
    update: data,
  });
  return known?.outcome !== outcome;
}

const placeOf = (rowId: string) => ({ table: 'InboundRecord', column: 'jws', rowId });
