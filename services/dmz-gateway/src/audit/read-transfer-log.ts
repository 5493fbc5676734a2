import {
  LedgerActor,
  LedgerEvent,
  parse,
  type PortalTransferLog,
  type PortalTransferLogRow,
} from '@sallyport/contracts';
import type { OncePer } from '@sallyport/runtime';
import { toCsvLine } from '../domain/csv.ts';
import {
  TRANSFER_EVENTS,
  TRANSFER_LOG_COLUMNS,
  toCells,
  toTransferLogRow,
} from '../domain/transfer-log.ts';
import type { Database } from '../store/database.ts';
import { recordEvent } from '../store/ledger-events.ts';

const PAGE = 100;
const MOST = 500;

/** One page, newest first. The reading becomes an entry, the same page by the same person once in a while. */
export async function readTransferLog(
  db: Database,
  reader: { readonly accountId: string; readonly before?: string; readonly limit?: string },
  oncePerReading: OncePer,
  now: Date,
): Promise<PortalTransferLog> {
  const limit = Math.min(MOST, reader.limit === undefined ? PAGE : Number(reader.limit));
  const before = reader.before === undefined ? null : BigInt(reader.before);
  const rows = await findRows(db, before, limit);
  const key = `${reader.accountId} ${reader.before ?? 'newest'}`;
  await oncePerReading(key, now, () => recordReading(db, reader.accountId, rows, now));
  const last = rows.at(-1);
  const more = rows.length === limit && last !== undefined;
  return { rows, nextBefore: more ? String(last.row) : null };
}

/** The whole log as CSV, oldest page last, in memory bounded by one page. Each copy is an entry. */
export async function* exportTransferLog(
  db: Database,
  accountId: string,
  now: Date,
): AsyncGenerator<string> {
  yield toCsvLine(TRANSFER_LOG_COLUMNS);
  let before: bigint | null = null;
  for (;;) {
    const rows: readonly PortalTransferLogRow[] = await findRows(db, before, MOST);
    const last = rows.at(-1);
    if (last === undefined) return;
    if (before === null) await recordReading(db, accountId, rows, now);
    yield rows.map((row) => toCsvLine(toCells(row))).join('');
    before = BigInt(last.row);
  }
}

async function findRows(
  db: Database,
  before: bigint | null,
  take: number,
): Promise<PortalTransferLogRow[]> {
  const rows = await db.ledgerEvent.findMany({
    where: {
      kind: { in: [...TRANSFER_EVENTS] },
      ...(before === null ? {} : { row: { lt: before } }),
    },
    orderBy: { row: 'desc' },
    take,
  });
  return rows.map((row) =>
    toTransferLogRow({
      row: Number(row.row),
      at: row.at,
      actor: parse(LedgerActor, row.actor),
      event: parse(LedgerEvent, row.event),
      officerId: row.officerId,
      ledgerIndex: row.ledgerIndex === null ? null : Number(row.ledgerIndex),
    }),
  );
}

async function recordReading(
  db: Database,
  readerId: string,
  rows: readonly PortalTransferLogRow[],
  now: Date,
): Promise<void> {
  const fromIndex = rows.at(-1)?.row ?? 0;
  const toIndex = rows[0]?.row ?? 0;
  await recordEvent(db, {
    at: now,
    actor: { kind: 'account', id: readerId },
    event: { kind: 'ledger.read', readerId, fromIndex, toIndex },
  });
}
