import { Readable } from 'node:stream';
import Type from 'typebox';
import {
  PortalAccountParams,
  PortalAccounts,
  PortalLanes,
  PortalTransferLog,
  PortalTransferLogQuery,
} from '@sallyport/contracts';
import { atMostOncePer, getSession, type SallyportServer } from '@sallyport/runtime';
import { listAccounts, unlockAccount } from '../../audit/read-accounts.ts';
import { readLanes } from '../../audit/read-lanes.ts';
import { exportTransferLog, readTransferLog } from '../../audit/read-transfer-log.ts';
import type { RouteContext } from '../context.ts';

/** An open page asks again and again; the same look by the same person is one entry in this time. */
const READING_PERIOD_MS = 600_000;

/** What the gateway's auditor reads and its administrator clears. Neither sees footage. */
export function adminRoutes(scope: SallyportServer, context: RouteContext): void {
  const { db, fields, clock } = context;
  const oncePerReading = atMostOncePer(READING_PERIOD_MS);

  scope.get(
    '/v1/transfer-log',
    { schema: { querystring: PortalTransferLogQuery, response: { 200: PortalTransferLog } } },
    (request) => {
      const { accountId } = getSession(request);
      return readTransferLog(db, { accountId, ...request.query }, oncePerReading, clock());
    },
  );

  scope.get('/v1/transfer-log.csv', (request, reply) => {
    const { accountId } = getSession(request);
    const name = 'attachment; filename="transfer-log.csv"';
    return reply
      .header('content-disposition', name)
      .type('text/csv; charset=utf-8')
      .send(Readable.from(exportTransferLog(db, accountId, clock())));
  });

  scope.get('/v1/lanes', { schema: { response: { 200: PortalLanes } } }, () => readLanes(db));

  scope.get('/v1/accounts', { schema: { response: { 200: PortalAccounts } } }, () =>
    listAccounts(db, fields, clock()),
  );

  scope.post(
    '/v1/accounts/:accountId/unlock',
    { schema: { params: PortalAccountParams, response: { 204: Type.Null() } } },
    async (request, reply) => {
      const { accountId } = getSession(request);
      await unlockAccount(db, request.params.accountId, accountId, clock());
      return reply.code(204).send(null);
    },
  );
}
