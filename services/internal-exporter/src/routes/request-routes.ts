import {
  ApprovalBody,
  ApprovalReply,
  ConsoleRequest,
  ConsoleRequests,
  IdParams,
  RejectionBody,
  RequestApprovalDraft,
  RequestQuery,
  Done,
} from '@sallyport/contracts';
import { getSession, type SallyportServer } from '@sallyport/runtime';
import { draftRequestApproval, recordRequestApproval } from '../acts/approve-request.ts';
import { rejectRequest } from '../acts/reject-request.ts';
import { getRequest, listRequests } from '../acts/requests.ts';
import type { ApiTools } from './api-tools.ts';

export function requestRoutes(server: SallyportServer, { db, fields, clock }: ApiTools): void {
  server.get(
    '/v1/requests',
    { schema: { querystring: RequestQuery, response: { 200: ConsoleRequests } } },
    (request) => {
      const { offset = 0, limit = 100, state } = request.query;
      return listRequests(db, fields, { offset, limit, state });
    },
  );

  server.get(
    '/v1/requests/:id',
    { schema: { params: IdParams, response: { 200: ConsoleRequest } } },
    (request) => getRequest(db, fields, request.params.id),
  );

  server.get(
    '/v1/requests/:id/approval-draft',
    { schema: { params: IdParams, response: { 200: RequestApprovalDraft } } },
    (request) =>
      draftRequestApproval(db, fields, request.params.id, getSession(request).accountId, clock()),
  );

  server.post(
    '/v1/requests/:id/approvals',
    { schema: { params: IdParams, body: ApprovalBody, response: { 201: ApprovalReply } } },
    async (request, reply) => {
      const given = {
        requestId: request.params.id,
        jws: request.body.jws,
        accountId: getSession(request).accountId,
      };
      return reply.code(201).send(await recordRequestApproval(db, fields, given, clock()));
    },
  );

  server.post(
    '/v1/requests/:id/reject',
    { schema: { params: IdParams, body: RejectionBody, response: { 204: Done } } },
    async (request, reply) => {
      const { accountId } = getSession(request);
      await rejectRequest(db, fields, request.params.id, request.body.reason, accountId, clock());
      return reply.code(204).send(null);
    },
  );
}
