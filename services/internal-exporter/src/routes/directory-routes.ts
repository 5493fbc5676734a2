import {
  CameraChange,
  CameraQuery,
  ConsoleCamera,
  ConsoleCameras,
  ConsoleEnrolments,
  ConsoleOfficers,
  ConsolePolicy,
  ConsoleStation,
  ConsoleStations,
  FingerprintBody,
  IdParams,
  NewCamera,
  NewStation,
  RevocationBody,
  SitePolicy,
  Done,
} from '@sallyport/contracts';
import { getSession, type SallyportServer } from '@sallyport/runtime';
import { changeCamera, listCameras, registerCamera } from '../acts/cameras.ts';
import { confirmDevice, listEnrolments, refuseDevice, revokeDevice } from '../acts/devices.ts';
import { decideOfficer, listOfficers } from '../acts/officers.ts';
import { getPolicy, putPolicy } from '../acts/policy.ts';
import { listStations, registerStation } from '../acts/stations.ts';
import { byAccount } from '../store/actors.ts';
import { inTransaction } from '../store/database.ts';
import type { ApiTools } from './api-tools.ts';

export function stationRoutes(server: SallyportServer, { db, clock }: ApiTools): void {
  server.get('/v1/stations', { schema: { response: { 200: ConsoleStations } } }, async () => ({
    stations: [...(await listStations(db))],
  }));

  server.post(
    '/v1/stations',
    { schema: { body: NewStation, response: { 201: ConsoleStation } } },
    async (request, reply) =>
      reply
        .code(201)
        .send(await registerStation(db, request.body, getSession(request).accountId, clock())),
  );
}

export function cameraRoutes(server: SallyportServer, { db, fields, clock }: ApiTools): void {
  server.get(
    '/v1/cameras',
    { schema: { querystring: CameraQuery, response: { 200: ConsoleCameras } } },
    (request) => {
      const { offset = 0, limit = 100, search } = request.query;
      return listCameras(db, fields, { offset, limit, search });
    },
  );

  server.post(
    '/v1/cameras',
    { schema: { body: NewCamera, response: { 201: ConsoleCamera } } },
    async (request, reply) =>
      reply
        .code(201)
        .send(
          await registerCamera(db, fields, request.body, getSession(request).accountId, clock()),
        ),
  );

  server.patch(
    '/v1/cameras/:id',
    { schema: { params: IdParams, body: CameraChange, response: { 200: ConsoleCamera } } },
    (request) =>
      changeCamera(
        db,
        fields,
        request.params.id,
        request.body,
        getSession(request).accountId,
        clock(),
      ),
  );
}

export function officerRoutes(server: SallyportServer, { db, fields, clock }: ApiTools): void {
  server.get('/v1/officers', { schema: { response: { 200: ConsoleOfficers } } }, async () => ({
    officers: [...(await listOfficers(db, fields))],
  }));

  for (const [verb, decision] of [
    ['confirm', 'confirmed'],
    ['refuse', 'refused'],
  ] as const) {
    server.post(
      `/v1/officers/:id/${verb}`,
      { schema: { params: IdParams, response: { 204: Done } } },
      async (request, reply) => {
        await decideOfficer(
          db,
          request.params.id,
          decision,
          getSession(request).accountId,
          clock(),
        );
        return reply.code(204).send(null);
      },
    );
  }
}

export function deviceRoutes(server: SallyportServer, { db, fields, clock }: ApiTools): void {
  server.get('/v1/enrolments', { schema: { response: { 200: ConsoleEnrolments } } }, async () => ({
    enrolments: [...(await listEnrolments(db, fields))],
  }));

  server.post(
    '/v1/enrolments/:id/confirm',
    { schema: { params: IdParams, body: FingerprintBody, response: { 204: Done } } },
    async (request, reply) => {
      await confirmDevice(
        db,
        request.params.id,
        request.body.fingerprint,
        getSession(request).accountId,
        clock(),
      );
      return reply.code(204).send(null);
    },
  );

  server.post(
    '/v1/enrolments/:id/refuse',
    { schema: { params: IdParams, response: { 204: Done } } },
    async (request, reply) => {
      await refuseDevice(db, request.params.id, getSession(request).accountId, clock());
      return reply.code(204).send(null);
    },
  );

  server.post(
    '/v1/devices/:id/revoke',
    { schema: { params: IdParams, body: RevocationBody, response: { 204: Done } } },
    async (request, reply) => {
      await revokeDevice(
        db,
        request.params.id,
        request.body.reason,
        getSession(request).accountId,
        clock(),
      );
      return reply.code(204).send(null);
    },
  );
}

export function policyRoutes(server: SallyportServer, { db, clock }: ApiTools): void {
  server.get('/v1/policy', { schema: { response: { 200: ConsolePolicy } } }, () => getPolicy(db));

  server.put(
    '/v1/policy',
    { schema: { body: SitePolicy, response: { 200: ConsolePolicy } } },
    (request) => {
      const { accountId } = getSession(request);
      const by = { actor: byAccount(accountId), accountId };
      return inTransaction(db, (tx) => putPolicy(tx, request.body, by, clock()));
    },
  );
}
