import {
  ActivationBody,
  ActivationConfirm,
  ActivationReply,
  ConsoleLogin,
  ConsoleSession,
  type ConsoleRole,
  Done,
} from '@sallyport/contracts';
import { getSession, type SallyportServer } from '@sallyport/runtime';
import { accountLogin, accountName, getAccount } from '../acts/accounts.ts';
import { beginActivation, confirmActivation } from '../acts/activation.ts';
import { closeSession, logIn } from '../acts/sessions.ts';
import type { ApiTools } from './api-tools.ts';

/** Guessing is slowed per address before any account is touched; a control room shares one address. */
const RARE = { rateLimit: { max: 30, timeWindow: 60_000 } };

export function sessionRoutes(server: SallyportServer, tools: ApiTools): void {
  const { db, fields, site, sessions, clock } = tools;

  server.post(
    '/v1/session',
    { schema: { body: ConsoleLogin, response: { 200: ConsoleSession } }, config: RARE },
    async (request, reply) => {
      const { sessionId, accountId, endsAt } = await logIn(db, fields, request.body, clock());
      const { csrf } = sessions.open(reply, sessionId);
      return describeSession(tools, accountId, csrf, endsAt);
    },
  );

  server.get('/v1/session', { schema: { response: { 200: ConsoleSession } } }, async (request) => {
    const { accountId, csrf, sessionId } = getSession(request);
    const { endsAt } = await db.session.findUniqueOrThrow({ where: { id: sessionId } });
    return describeSession(tools, accountId, csrf, endsAt);
  });

  server.delete('/v1/session', { schema: { response: { 204: Done } } }, async (request, reply) => {
    await closeSession(db, getSession(request).sessionId, clock());
    sessions.close(reply);
    return reply.code(204).send(null);
  });

  server.post(
    '/v1/activation',
    { schema: { body: ActivationBody, response: { 200: ActivationReply } }, config: RARE },
    (request) => beginActivation(db, fields, site.siteName, request.body, clock()),
  );

  server.post(
    '/v1/activation/confirm',
    { schema: { body: ActivationConfirm, response: { 204: Done } }, config: RARE },
    async (request, reply) => {
      await confirmActivation(db, fields, request.body, clock());
      return reply.code(204).send(null);
    },
  );
}

async function describeSession(
  { db, fields, site }: ApiTools,
  accountId: string,
  csrf: string,
  endsAt: Date,
): Promise<ConsoleSession> {
  const row = await getAccount(db, accountId);
  const role = row.role as ConsoleRole; // written by createAccount only
  return {
    account: { accountId, login: accountLogin(fields, row), name: accountName(fields, row), role },
    site: { siteId: site.siteId, siteName: site.siteName },
    csrf,
    expiresAt: endsAt.toISOString(),
  };
}
