import Type from 'typebox';
import {
  PortalNonce,
  PortalNonceBody,
  PortalPackageParams,
  PortalRecordBody,
} from '@sallyport/contracts';
import { getSession, type SallyportServer } from '@sallyport/runtime';
import { issueLicence } from '../../licence/issue-licence.ts';
import { makeNonce } from '../../licence/nonces.ts';
import { getOwnPackage } from '../../stations/packages.ts';
import { takeReceipt } from '../../stations/receipts.ts';
import { findSigner } from '../../store/trust.ts';
import { getOfficerId, limitByAccount, limitByDevice, type RouteContext } from '../context.ts';

/** Licences: a nonce, then a signed request for the share; receipts afterwards. */
export function licenceRoutes(scope: SallyportServer, context: RouteContext): void {
  const { db, clock, gatewayId, keyRing, paths, signingKey } = context;

  scope.post(
    '/v1/packages/:packageId/licence-nonce',
    {
      schema: {
        params: PortalPackageParams,
        body: PortalNonceBody,
        response: { 200: PortalNonce },
      },
      config: limitByDevice(30),
    },
    async (request) => {
      const officerId = await getOfficerId(db, request);
      const { packageId } = request.params;
      await getOwnPackage(db, officerId, packageId, clock());
      return makeNonce(db, { packageId, officerId, deviceId: request.body.deviceId }, clock());
    },
  );

  scope.post(
    '/v1/packages/:packageId/licence',
    {
      schema: {
        params: PortalPackageParams,
        body: PortalRecordBody,
        response: { 200: PortalRecordBody },
      },
      config: limitByAccount(30),
    },
    async (request) => {
      const { sessionId } = getSession(request);
      const officerId = await getOfficerId(db, request);
      const { packageId } = request.params;
      const signer = await findSigner(db, signingKey, 'gateway');
      const options = { db, gatewayId, keyRing, sharesRoot: paths.shares, signer };
      const caller = { officerId, sessionId, packageId, jws: request.body.jws };
      return { jws: await issueLicence(options, caller, clock()) };
    },
  );

  scope.post(
    '/v1/receipts',
    {
      schema: { body: PortalRecordBody, response: { 202: Type.Null() } },
      config: limitByAccount(120),
    },
    async (request, reply) => {
      const officerId = await getOfficerId(db, request);
      await takeReceipt(db, { officerId, jws: request.body.jws }, clock());
      return reply.code(202).send(null);
    },
  );
}
