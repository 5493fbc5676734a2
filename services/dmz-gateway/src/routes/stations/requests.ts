import {
  PortalRequest,
  PortalRequestBody,
  PortalRequestParams,
  PortalRequests,
} from '@sallyport/contracts';
import type { SallyportServer } from '@sallyport/runtime';
import { getRequest, listRequests, submitRequest } from '../../stations/requests.ts';
import { getOfficerId, limitByAccount, type RouteContext } from '../context.ts';

/** Requests: submit one, follow one's own. */
export function requestRoutes(scope: SallyportServer, { db, clock }: RouteContext): void {
  scope.get('/v1/requests', { schema: { response: { 200: PortalRequests } } }, async (request) =>
    listRequests(db, await getOfficerId(db, request)),
  );

  scope.post(
    '/v1/requests',
    {
      schema: { body: PortalRequestBody, response: { 202: PortalRequest } },
      config: limitByAccount(30),
    },
    async (request, reply) => {
      const officerId = await getOfficerId(db, request);
      return reply.code(202).send(await submitRequest(db, { officerId, ...request.body }, clock()));
    },
  );

  scope.get(
    '/v1/requests/:requestId',
    { schema: { params: PortalRequestParams, response: { 200: PortalRequest } } },
    async (request) =>
      getRequest(db, await getOfficerId(db, request), request.params.requestId, clock()),
  );
}
