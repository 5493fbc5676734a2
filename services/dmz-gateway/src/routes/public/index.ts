import Type from 'typebox';
import {
  PortalActivationBody,
  PortalActivationConfirmBody,
  PortalActivationReply,
  PortalLoginBody,
  PortalSession,
  PortalSignUpBody,
  PortalSignUpReply,
  PortalSite,
  PortalStations,
} from '@sallyport/contracts';
import type { SallyportServer } from '@sallyport/runtime';
import { logIn } from '../../accounts/log-in.ts';
import { describeSession } from '../../accounts/session-rows.ts';
import { signUp } from '../../accounts/sign-up.ts';
import { beginActivation, confirmActivation } from '../../accounts/staff-accounts.ts';
import { listStations } from '../../stations/directory-view.ts';
import { getSite } from '../../store/trust.ts';
import { limitByAccount, limitByLogin, type RouteContext } from '../context.ts';

/** What anybody may call: the site, sign-up, activation, log-in. */
export function publicRoutes(scope: SallyportServer, context: RouteContext): void {
  const { db, fields, sessions, clock, gatewayId } = context;

  scope.get('/v1/site', { schema: { response: { 200: PortalSite } } }, async () => {
    const { siteId, siteName, ca, intakeKey } = await getSite(db);
    return { siteId, siteName, gatewayId, ca, intakeKey };
  });

  scope.get('/v1/directory/stations', { schema: { response: { 200: PortalStations } } }, () =>
    listStations(db),
  );

  scope.post(
    '/v1/sign-up',
    {
      schema: { body: PortalSignUpBody, response: { 201: PortalSignUpReply } },
      config: limitByAccount(20),
    },
    async (request, reply) => reply.code(201).send(await signUp(db, fields, request.body, clock())),
  );

  scope.post(
    '/v1/activation',
    {
      schema: { body: PortalActivationBody, response: { 200: PortalActivationReply } },
      config: limitByLogin(10),
    },
    (request) => beginActivation(db, fields, request.body, clock()),
  );

  scope.post(
    '/v1/activation/confirm',
    {
      schema: { body: PortalActivationConfirmBody, response: { 204: Type.Null() } },
      config: limitByLogin(10),
    },
    async (request, reply) => {
      await confirmActivation(db, fields, request.body, clock());
      return reply.code(204).send(null);
    },
  );

  scope.post(
    '/v1/session',
    {
      schema: { body: PortalLoginBody, response: { 200: PortalSession } },
      config: limitByLogin(20),
    },
    async (request, reply) => {
      const { sessionId } = await logIn(db, fields, request.body, clock());
      const { csrf } = sessions.open(reply, sessionId);
      return describeSession(db, fields, { sessionId, csrf });
    },
  );
}
