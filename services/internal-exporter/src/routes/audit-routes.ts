import {
  CsvText,
  ConsoleCheckpoint,
  ConsoleLanes,
  ConsoleLedgerEntries,
  ConsoleTransferLog,
  LedgerQuery,
  PageQuery,
  type TransferLogEntry,
} from '@sallyport/contracts';
import { atMostOncePer, getSession, type SallyportServer } from '@sallyport/runtime';
import { readCheckpoint, readLedger, readTransferLog, recordReading } from '../acts/audit.ts';
import { readLanes } from '../acts/read-lanes.ts';
import { toCsv } from '../domain/csv.ts';
import type { ApiTools } from './api-tools.ts';

const MOST_CSV_ROWS = 10_000;
/** An open page asks again and again; the same look by the same person is one entry in this time. */
const READING_PERIOD_MS = 600_000;
const COLUMNS = [
  ['접수번호', ({ receiptNumber }) => receiptNumber],
  ['패키지', ({ packageId }) => packageId],
  ['수령자', ({ recipientName }) => recipientName],
  ['봉인', ({ sealedAt }) => sealedAt],
  ['보냄', ({ sentAt }) => sentAt],
  ['받음', ({ receivedAt }) => receivedAt],
  ['판정', ({ verdict }) => verdict],
  ['거부 사유', ({ failure }) => failure],
  ['열람권 부여', ({ licenceGrantedAt }) => licenceGrantedAt],
  ['열람 횟수', ({ openedCount }) => openedCount],
  ['마지막 열람', ({ lastOpenedAt }) => lastOpenedAt],
  ['키 파기', ({ keyDestroyedAt }) => keyDestroyedAt],
  ['파일 파기', ({ fileGoneAt }) => fileGoneAt],
  ['수령자 파기확인', ({ recipientReceiptAt }) => recipientReceiptAt],
] as const satisfies readonly (readonly [
  string,
  (row: TransferLogEntry) => string | number | null,
])[];

export function auditRoutes(server: SallyportServer, { db, fields, clock }: ApiTools): void {
  const oncePerReading = atMostOncePer(READING_PERIOD_MS);
  const noteReading = async (
    accountId: string,
    view: 'ledger' | 'transfer log',
    range: { readonly offset: number; readonly count: number },
  ): Promise<void> => {
    const now = clock();
    const note = () => recordReading(db, accountId, range, now);
    await oncePerReading(`${accountId} ${view} ${range.offset}`, now, note);
  };

  server.get(
    '/v1/ledger/entries',
    { schema: { querystring: LedgerQuery, response: { 200: ConsoleLedgerEntries } } },
    async (request) => {
      const { offset = 0, limit = 100 } = request.query;
      const page = await readLedger(db, fields, { offset, limit });
      const { accountId } = getSession(request);
      await noteReading(accountId, 'ledger', { offset, count: page.rows.length });
      return page;
    },
  );

  server.get('/v1/ledger/checkpoint', { schema: { response: { 200: ConsoleCheckpoint } } }, () =>
    readCheckpoint(db),
  );

  server.get('/v1/lanes', { schema: { response: { 200: ConsoleLanes } } }, () => readLanes(db));

  server.get(
    '/v1/transfer-log',
    { schema: { querystring: PageQuery, response: { 200: ConsoleTransferLog } } },
    async (request) => {
      const { offset = 0, limit = 100 } = request.query;
      const page = await readTransferLog(db, fields, { offset, limit });
      const { accountId } = getSession(request);
      await noteReading(accountId, 'transfer log', { offset, count: page.rows.length });
      return page;
    },
  );

  server.get(
    '/v1/transfer-log.csv',
    { schema: { response: { 200: CsvText } } },
    async (request, reply) => {
      const page = { offset: 0, limit: MOST_CSV_ROWS };
      const { rows } = await readTransferLog(db, fields, page);
      const { accountId } = getSession(request);
      // A copy that is carried away is an entry each time.
      await recordReading(db, accountId, { offset: 0, count: rows.length }, clock());
      const table = rows.map((row) => COLUMNS.map(([, cell]) => cell(row)));
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="transfer-log.csv"')
        .send(
          toCsv(
            COLUMNS.map(([title]) => title),
            table,
          ),
        );
    },
  );
}
