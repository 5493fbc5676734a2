import { randomBytes } from 'node:crypto';
import {
  canonicalize,
  isSallyportError,
  parse,
  parseCanonical,
  RequestDetails,
  SallyportError,
  unwrapWith,
  type ErrorCode,
  type ExportRequest,
} from '@sallyport/contracts';
import { admitRequest, rangeKey, type AdmissionFacts } from '../domain/admit-request.ts';
import { toReceiptNumber } from '../domain/receipt-number.ts';
import type { Transaction } from '../store/database.ts';
import { recordEvent } from '../store/ledger-outbox.ts';
import type { PersonalFields } from '../store/personal-fields.ts';
import { publishStatus } from '../store/request-status.ts';
import type { Site } from '../store/site.ts';
import { exclusionOf } from './cameras.ts';
import { getPolicy } from './policy.ts';

const INTAKE = { kind: 'role', name: 'intake' } as const;
/** Requests that no longer stand in the way of asking again. */
const ENDED = [
  'rejected',
  'cancelled',
  'footage-missing',
  'expired',
  'destroyed',
  'destruction-confirmed',
  'closed',
];
const MOST_SEALED_BYTES = 98_304;

export interface RequestTools {
  readonly fields: PersonalFields;
  readonly site: Site;
  /** Private half of the site's intake key. */
  readonly intakeKey: CryptoKey;
}

/**
 * Takes in a request whose signature holds: admitted for review, or refused with the reason; either
 * way it gets a row, a receipt number and a status outward.
 *
 * @throws SallyportError ERR_RECORD_STALE for another request under a known id
 */
export async function receiveRequest(
  tx: Transaction,
  tools: RequestTools,
  request: ExportRequest,
  proof: { readonly jws: string; readonly jwsSha256: string },
  now: Date,
): Promise<void> {
  const { requestId, officerId, deviceId } = request;
  const known = await tx.exportRequest.findUnique({ where: { id: requestId } });
  if (known !== null) {
    if (known.jwsSha256 === proof.jwsSha256) return;
    throw new SallyportError('ERR_RECORD_STALE', { detail: { requestId } });
  }
  const decided = await decide(tx, tools, request, now);
  const { details } = decided;
  const state = decided.failure === null ? 'under-review' : 'rejected';
  await tx.exportRequest.create({
    data: {
      id: requestId,
      receiptNumber: toReceiptNumber(now, randomBytes(6)),
      officerId,
      deviceId,
      ...proof,
      state,
      statusVersion: 0,
      failure: decided.failure,
      detailsEncrypted:
        details === null
          ? null
          : tools.fields.encrypt(canonicalize(details), detailsPlace(requestId)),
      documentNumberLookup: documentLookup(tools.fields, details),
      recipientOfficerId: details?.recipientOfficerId ?? null,
      warnings: [...decided.warnings],
      notes: [],
      at: new Date(request.at),
      expiresAt: new Date(request.expiresAt),
      receivedAt: now,
      history: { create: [{ state: 'submitted', at: now }] },
    },
  });
  if (decided.failure === null && details !== null) {
    const items = details.items.map(({ itemId, cameraId, startsAt, endsAt }) => ({
      ...{ id: itemId, requestId, cameraId },
      startsAt: new Date(startsAt),
      endsAt: new Date(endsAt),
    }));
    await tx.requestItem.createMany({ data: items });
    await recordEvent(tx, {
      at: now,
      actor: INTAKE,
      event: { kind: 'export-request.admitted', requestId },
    });
  } else {
    const event = {
      kind: 'export-request.refused',
      requestId,
      failure: decided.failure ?? 'ERR_INTERNAL',
    } as const;
    await recordEvent(tx, { at: now, actor: INTAKE, event });
  }
  await publishStatus(tx, requestId, now);
}

/** The details of a request, decrypted; null where it was refused unopened. */
export function detailsOf(
  fields: PersonalFields,
  row: { readonly id: string; readonly detailsEncrypted: Uint8Array | null },
): RequestDetails | null {
  if (row.detailsEncrypted === null) return null;
  return parse(
    RequestDetails,
    JSON.parse(fields.decrypt(row.detailsEncrypted, detailsPlace(row.id))),
    'ERR_INTERNAL',
  );
}

interface Decision {
  readonly details: RequestDetails | null;
  readonly warnings: readonly string[];
  readonly failure: ErrorCode | null;
}

async function decide(
  tx: Transaction,
  tools: RequestTools,
  request: ExportRequest,
  now: Date,
): Promise<Decision> {
  let details: RequestDetails | null = null;
  try {
    const bytes = await unwrapWith(
      tools.intakeKey,
      request.sealed,
      { purpose: 'personal', context: request.requestId, keyId: tools.site.intakeKey.keyId },
      MOST_SEALED_BYTES,
    );
    details = parse(RequestDetails, parseCanonical(bytes));
    const facts = await gatherFacts(tx, tools, request, details);
    return { details, warnings: admitRequest(request, details, facts, now), failure: null };
  } catch (error) {
    // A refusal is an answer; anything else (the database is gone) must be tried again.
    if (!isSallyportError(error) || error.code === 'ERR_INTERNAL') throw error;
    return { details, warnings: [], failure: error.code };
  }
}

async function gatherFacts(
  tx: Transaction,
  { fields, site }: RequestTools,
  request: ExportRequest,
  details: RequestDetails,
): Promise<AdmissionFacts> {
  const { officerId } = request;
  const cameraIds = details.items.map(({ cameraId }) => cameraId);
  const itemIds = details.items.map(({ itemId }) => itemId);
  const cameras = await tx.camera.findMany({ where: { id: { in: cameraIds }, removedAt: null } });
  const earlier = await tx.requestItem.findMany({
    where: {
      cameraId: { in: cameraIds },
      request: { officerId, state: { notIn: ENDED } },
    },
  });
  const confirmed = await tx.officer.findMany({
    where: { id: { in: [officerId, details.recipientOfficerId] }, state: 'confirmed' },
  });
  const isConfirmed = (id: string) => confirmed.some((officer) => officer.id === id);
  const itemsKnown = await tx.requestItem.count({ where: { id: { in: itemIds } } });
  const documentNumberLookup = documentLookup(fields, details);
  const used =
    documentNumberLookup === null
      ? 0
      : await tx.exportRequest.count({ where: { documentNumberLookup } });
  return {
    siteId: site.siteId,
    policy: (await getPolicy(tx)).policy,
    cameras: new Map(
      cameras.map((row) => [
        row.id,
        { cameraId: row.id, retentionDays: row.retentionDays, exclusion: exclusionOf(row) },
      ]),
    ),
    requesterConfirmed: isConfirmed(officerId),
    recipientConfirmed: isConfirmed(details.recipientOfficerId),
    alreadyRequested: new Set(
      earlier.map((item) =>
        rangeKey({
          cameraId: item.cameraId,
          startsAt: item.startsAt.toISOString(),
          endsAt: item.endsAt.toISOString(),
        }),
      ),
    ),
    documentNumberUsedBefore: used > 0,
    itemIdsUsedBefore: itemsKnown > 0,
  };
}

function documentLookup(fields: PersonalFields, details: RequestDetails | null): string | null {
  return details?.documentNumber === undefined
    ? null
    : fields.lookup('document-number', details.documentNumber);
}

function detailsPlace(requestId: string) {
  return { table: 'ExportRequest', column: 'detailsEncrypted', rowId: requestId };
}
