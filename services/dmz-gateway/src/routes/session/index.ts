import Type from 'typebox';
import {
  PortalDevice,
  PortalDeviceParams,
  PortalDevices,
  PortalRecordBody,
  PortalSession,
} from '@sallyport/contracts';
import { getSession, type SallyportServer } from '@sallyport/runtime';
import { describeSession } from '../../accounts/session-rows.ts';
import { enrolDevice, listDevices, proveDevice } from '../../stations/devices.ts';
import { getOfficerId, limitByAccount, type RouteContext } from '../context.ts';

/** What a session may do before the internal zone has confirmed its officer: see itself, enrol a device. */
export function sessionRoutes(scope: SallyportServer, context: RouteContext): void {
  const { db, fields, sessions, clock } = context;

  scope.get('/v1/session', { schema: { response: { 200: PortalSession } } }, (request) =>
    describeSession(db, fields, getSession(request)),
  );

  scope.delete(
    '/v1/session',
    { schema: { response: { 204: Type.Null() } } },
    async (request, reply) => {
      await db.session.deleteMany({ where: { id: getSession(request).sessionId } });
      sessions.close(reply);
      return reply.code(204).send(null);
    },
  );

  scope.get('/v1/devices', { schema: { response: { 200: PortalDevices } } }, async (request) =>
    listDevices(db, fields, await getOfficerId(db, request)),
  );

  scope.post(
    '/v1/devices',
    {
      schema: { body: PortalRecordBody, response: { 201: PortalDevice } },
      config: limitByAccount(10),
    },
    async (request, reply) => {
      const officerId = await getOfficerId(db, request);
      const { jws } = request.body;
      return reply.code(201).send(await enrolDevice(db, fields, { officerId, jws }, clock()));
    },
  );

  scope.post(
    '/v1/devices/:deviceId/proof',
    {
      schema: {
        params: PortalDeviceParams,
        body: PortalRecordBody,
        response: { 202: PortalDevice },
      },
      config: limitByAccount(10),
    },
    async (request, reply) => {
      const officerId = await getOfficerId(db, request);
      const caller = { officerId, deviceId: request.params.deviceId, jws: request.body.jws };
      return reply.code(202).send(await proveDevice(db, fields, caller, clock()));
    },
  );
}
