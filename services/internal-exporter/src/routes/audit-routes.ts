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
import { getSession, type SallyportServer } from '@sallyport/runtime';
import { readCheckpoint, readLedger, readTransferLog } from '../acts/audit.ts';
import { readLanes } from '../acts/read-lanes.ts';
import { toCsv } from '../domain/csv.ts';
import type { ApiTools } from './api-tools.ts';

const MOST_CSV_ROWS = 10_000;
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
  server.get(
    '/v1/ledger/entries',
    { schema: { querystring: LedgerQuery, response: { 200: ConsoleLedgerEntries } } },
    (request) => {
      const { offset = 0, limit = 100 } = request.query;
      return readLedger(db, fields, { offset, limit }, getSession(request).accountId, clock());
    },
  );

  server.get('/v1/ledger/checkpoint', { schema: { response: { 200: ConsoleCheckpoint } } }, () =>
    readCheckpoint(db),
  );

  server.get('/v1/lanes', { schema: { response: { 200: ConsoleLanes } } }, () => readLanes(db));

  server.get(
    '/v1/transfer-log',
    { schema: { querystring: PageQuery, response: { 200: ConsoleTransferLog } } },
    (request) => {
      const { offset = 0, limit = 100 } = request.query;
      return readTransferLog(db, fields, { offset, limit }, getSession(request).accountId, clock());
    },
  );

  server.get(
    '/v1/transfer-log.csv',
    { schema: { response: { 200: CsvText } } },
    async (request, reply) => {
      const page = { offset: 0, limit: MOST_CSV_ROWS };
      const { rows } = await readTransferLog(
        db,
        fields,
        page,
        getSession(request).accountId,
        clock(),
      );
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
