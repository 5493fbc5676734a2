import Type from 'typebox';
import {
  ExportStatus,
  RequestStatus,
  SallyportError,
  assertWrap,
  parse,
  verifyRecord,
  type PortalRequest,
  type PortalRequests,
  type PortalRequestSummary,
  type RequestState,
} from '@sallyport/contracts';
import { assertRequest } from '../domain/request-rules.ts';
import { Prisma, type Database } from '../store/database.ts';
import { recordEvent } from '../store/ledger-events.ts';
import { jwsDigest, queueSigned } from '../store/outbound.ts';
import { getAnchor, getSite } from '../store/trust.ts';
import { findPackage } from './packages.ts';

type Row = NonNullable<Awaited<ReturnType<Database['request']['findUnique']>>>;
const UNIQUE_VIOLATION = 'P2002';

/**
 * Takes a request: signed by a certified, unrevoked device of this very officer, for this site, in
 * time, once. What it says stays sealed; the officer's own copy is kept for display.
 *
 * @throws SallyportError ERR_RECORD_*, ERR_CERTIFICATE_*, ERR_DEVICE_FOREIGN, ERR_REQUEST_DUPLICATE
 */
export async function submitRequest(
  db: Database,
  caller: { readonly officerId: string; readonly jws: string; readonly copy: string },
  now: Date,
): Promise<PortalRequest> {
  const { jws, copy, officerId } = caller;
  const trust = await getAnchor(db);
  const options = { trust, roles: ['device-sign'] as const, now };
  const { payload, signer } = await verifyRecord('export-request', jws, options);
  const { siteId, intakeKey } = await getSite(db);
  assertRequest(payload, signer, { officerId, siteId }, now);
  const { requestId: id, deviceId } = payload;
  assertWrap(payload.sealed, { purpose: 'personal', context: id, keyId: intakeKey.keyId }, 98_304);
  assertWrap(
    copy,
    { purpose: 'personal', context: id, keyId: await agreementId(db, deviceId) },
    98_304,
  );
  const expiresAt = new Date(payload.expiresAt);
  try {
    await db.$transaction(async (tx) => {
      await tx.request.create({
        data: {
          id,
          officerId,
          deviceId,
          copy,
          jwsSha256: jwsDigest(jws),
          submittedAt: now,
          expiresAt,
        },
      });
      await queueSigned(tx, 'export-request', jws, { now });
      await recordEvent(tx, {
        at: now,
        actor: { kind: 'officer', id: officerId },
        event: { kind: 'export-request.submitted', requestId: id },
      });
    });
  } catch (cause) {
    const taken =
      cause instanceof Prisma.PrismaClientKnownRequestError && cause.code === UNIQUE_VIOLATION;
    throw taken ? new SallyportError('ERR_REQUEST_DUPLICATE', { cause }) : cause;
  }
  return getRequest(db, officerId, id, now);
}

/** An officer's own requests, newest first. */
export async function listRequests(db: Database, officerId: string): Promise<PortalRequests> {
  const rows = await db.request.findMany({
    where: { officerId },
    orderBy: { submittedAt: 'desc' },
  });
  return { requests: rows.map(toSummary) };
}

/** One request with every hop. @throws SallyportError ERR_REQUEST_UNKNOWN, also for another's request */
export async function getRequest(
  db: Database,
  officerId: string,
  id: string,
  now: Date,
): Promise<PortalRequest> {
  const row = await db.request.findUnique({ where: { id } });
  if (row === null || row.officerId !== officerId) throw new SallyportError('ERR_REQUEST_UNKNOWN');
  const outbound = await db.outbound.findUnique({ where: { dedupeKey: row.jwsSha256 } });
  const exports = parse(Type.Array(ExportStatus), row.exports);
  return {
    ...toSummary(row),
    hops: {
      queuedAt: row.submittedAt.toISOString(),
      sentAt: outbound?.sentAt?.toISOString() ?? null,
      answeredAt: row.answeredAt?.toISOString() ?? null,
    },
    statusVersion: Number(row.statusVersion),
    history: parse(RequestStatus.properties.history, row.history),
    notes: parse(RequestStatus.properties.notes, row.notes),
    exports: await Promise.all(
      exports.map(async (each) => ({
        ...each,
        package: each.packageId === undefined ? null : await findPackage(db, each.packageId, now),
      })),
    ),
  };
}

function toSummary(row: Row): PortalRequestSummary {
  return {
    requestId: row.id,
    deviceId: row.deviceId,
    state: row.state as RequestState, // stored from a parsed request-status
    receiptNumber: row.receiptNumber,
    failure: row.failure,
    submittedAt: row.submittedAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    copy: row.copy,
  };
}

/** Id of the newest agreement certificate of a device. */
async function agreementId(db: Database, deviceId: string): Promise<string> {
  const row = await db.certificate.findFirst({
    where: { subjectId: deviceId, role: 'device-agree', removedAt: null },
    orderBy: { notAfter: 'desc' },
  });
  if (row === null) throw new SallyportError('ERR_DEVICE_UNKNOWN', { detail: { deviceId } });
  return row.id;
}
