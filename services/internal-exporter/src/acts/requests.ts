import {
  SallyportError,
  type ConsoleExportRow,
  type ConsoleRequest,
  type ConsoleRequestRow,
  type RequestState,
  type RequestWarning,
  type StepProgress,
} from '@sallyport/contracts';
import type { Database, Prisma } from '../store/database.ts';
import type { PersonalFields } from '../store/personal-fields.ts';
import { accountName } from './accounts.ts';
import { officerPersonal } from './officers.ts';
import { detailsOf } from './receive-request.ts';

const WHOLE = {
  exports: { orderBy: { startsAt: 'asc' } },
  history: { orderBy: { id: 'asc' } },
  approvals: { orderBy: { at: 'asc' } },
  items: true,
} as const satisfies Prisma.ExportRequestInclude;
type RequestRow = Prisma.ExportRequestGetPayload<{ include: { items: true } }>;
type WholeRow = Prisma.ExportRequestGetPayload<{ include: typeof WHOLE }>;

/** One page of requests, newest first. */
export async function listRequests(
  db: Database,
  fields: PersonalFields,
  page: {
    readonly offset: number;
    readonly limit: number;
    readonly state?: RequestState | undefined;
  },
): Promise<{ readonly rows: ConsoleRequestRow[]; readonly total: number }> {
  const where = page.state === undefined ? {} : { state: page.state };
  const [total, rows] = await Promise.all([
    db.exportRequest.count({ where }),
    db.exportRequest.findMany({
      where,
      include: { items: true },
      orderBy: [{ receivedAt: 'desc' }, { id: 'asc' }],
      skip: page.offset,
      take: page.limit,
    }),
  ]);
  const people = await findOfficers(
    db,
    fields,
    rows.map(({ officerId }) => officerId),
  );
  return { rows: rows.map((row) => toRow(fields, row, people)), total };
}

/** Everything about one request. @throws SallyportError ERR_REQUEST_UNKNOWN */
export async function getRequest(
  db: Database,
  fields: PersonalFields,
  requestId: string,
): Promise<ConsoleRequest> {
  const row = await db.exportRequest.findUnique({ where: { id: requestId }, include: WHOLE });
  if (row === null) throw new SallyportError('ERR_REQUEST_UNKNOWN');
  const details = detailsOf(fields, row);
  const people = await findOfficers(db, fields, [
    row.officerId,
    row.recipientOfficerId ?? row.officerId,
  ]);
  const accounts = await findAccountNames(db, fields, row);
  const cameraIds = [...(details?.items ?? []), ...row.exports].map(({ cameraId }) => cameraId);
  const cameras = await db.camera.findMany({ where: { id: { in: cameraIds } } });
  const cameraName = (id: string) => cameras.find((camera) => camera.id === id)?.name ?? id;
  return {
    ...toRow(fields, row, people),
    details,
    cameraNames: (details?.items ?? []).map(({ cameraId }) => cameraName(cameraId)),
    recipientName: people.get(row.recipientOfficerId ?? '')?.name ?? null,
    requesterId: row.officerId,
    failure: row.failure,
    rejection:
      row.rejectionEncrypted === null
        ? null
        : fields.decrypt(row.rejectionEncrypted, rejectionPlace(row.id)),
    exports: row.exports.map((each) => toExportRow(each, cameraName(each.cameraId))),
    history: row.history.map(({ state, at, accountId }) => ({
      state: state as RequestState, // written through the transition table only
      at: at.toISOString(),
      by: accounts.get(accountId ?? '') ?? null,
    })),
    approvals: row.approvals.map((approval) => ({
      approvalId: approval.id,
      kind: approval.kind === 'request' ? 'request' : 'release',
      exportId: approval.exportId,
      by: accounts.get(approval.accountId) ?? approval.accountId,
      at: approval.at.toISOString(),
    })),
  };
}

/** Where the words of a rejection rest. */
export function rejectionPlace(requestId: string) {
  return { table: 'ExportRequest', column: 'rejectionEncrypted', rowId: requestId };
}

interface OfficerFacts {
  readonly name: string;
  readonly stationName: string;
}

function toRow(
  fields: PersonalFields,
  row: RequestRow,
  people: ReadonlyMap<string, OfficerFacts>,
): ConsoleRequestRow {
  const details = detailsOf(fields, row);
  const requester = people.get(row.officerId);
  return {
    requestId: row.id,
    receiptNumber: row.receiptNumber,
    kind: details?.kind ?? null,
    state: row.state as RequestState, // written through the transition table only
    requesterName: requester?.name ?? row.officerId,
    stationName: requester?.stationName ?? null,
    caseNumber: details?.caseNumber ?? null,
    itemCount: details?.items.length ?? 0,
    warnings: row.warnings as RequestWarning[], // written by admission only
    at: row.at.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
  };
}

function toExportRow(row: WholeRow['exports'][number], cameraName: string): ConsoleExportRow {
  return {
    exportId: row.id,
    itemId: row.itemId,
    state: row.state as RequestState,
    progress: row.progress as StepProgress,
    percent: row.percent,
    ...(row.failure === null ? {} : { failure: row.failure }),
    ...(row.packageId === null ? {} : { packageId: row.packageId }),
    cameraId: row.cameraId,
    cameraName,
    startsAt: row.startsAt.toISOString(),
    endsAt: row.endsAt.toISOString(),
  };
}

async function findOfficers(
  db: Database,
  fields: PersonalFields,
  ids: readonly string[],
): Promise<ReadonlyMap<string, OfficerFacts>> {
  const rows = await db.officer.findMany({
    where: { id: { in: [...new Set(ids)] } },
    include: { station: true },
  });
  return new Map(
    rows.map((row) => [
      row.id,
      { name: officerPersonal(fields, row).name, stationName: row.station.name },
    ]),
  );
}

async function findAccountNames(
  db: Database,
  fields: PersonalFields,
  row: WholeRow,
): Promise<ReadonlyMap<string, string>> {
  const ids = [
    ...row.history.map(({ accountId }) => accountId),
    ...row.approvals.map(({ accountId }) => accountId),
  ];
  const accounts = await db.account.findMany({
    where: { id: { in: ids.filter((id) => id !== null) } },
  });
  return new Map(accounts.map((account) => [account.id, accountName(fields, account)]));
}
