import {
  createLogger,
  createServer,
  createSessions,
  guardRoutes,
  type Permissions,
  type SallyportServer,
  type ServerOptions,
  type SessionRow,
} from '@sallyport/runtime';
import type { Test } from 'tap';

export const CLERK = 'c'.repeat(32);
export const AUDITOR = 'a'.repeat(32);
export const ROLES: Readonly<Record<string, string>> = { [CLERK]: 'clerk', [AUDITOR]: 'auditor' };

/** A server with the limits of a test: quiet, and without the process's own metrics. */
export async function serverFor(
  t: Test,
  options: Partial<ServerOptions> = {},
): Promise<SallyportServer> {
  const server = await createServer({
    service: 'demo',
    logger: createLogger({ service: 'demo', level: 'silent' }),
    readiness: {},
    processMetrics: false,
    ...options,
  });
  t.teardown(() => server.close());
  return server;
}

/** Sessions over a map of rows, and the routes that log in and out. */
export function addGuardedScope(
  server: SallyportServer,
  permissions: Permissions,
  routes: (scope: SallyportServer) => void,
  clock = { now: new Date('2026-11-21T10:00:00.000Z') },
): Map<string, SessionRow> {
  const rows = new Map<string, SessionRow>();
  const sessions = createSessions({
    key: new Uint8Array(32).fill(7),
    secure: false,
    clock: () => clock.now,
    findSession: (sessionId) => Promise.resolve(rows.get(sessionId) ?? null),
  });
  void server.register((scope: SallyportServer, _options, done) => {
    guardRoutes(scope, {
      permissions: {
        'POST /v1/session/:id': 'public',
        'DELETE /v1/session': 'any-session',
        ...permissions,
      },
      authenticate: sessions.authenticate,
    });
    scope.post('/v1/session/:id', (request, reply) => {
      const { id } = request.params as { id: string };
      const endsAt = new Date(clock.now.getTime() + 8 * 3_600_000);
      rows.set(id, { sessionId: id, accountId: id, role: ROLES[id] ?? 'nobody', endsAt });
      return sessions.open(reply, id);
    });
    scope.delete('/v1/session', (request, reply) => {
      rows.delete(request.session?.sessionId ?? '');
      sessions.close(reply);
      return reply.code(204).send();
    });
    routes(scope);
    done();
  });
  return rows;
}

/** Logs in and answers the headers of later calls. */
export async function logIn(
  server: SallyportServer,
  id: string,
): Promise<{ readonly cookie: string; readonly 'x-sallyport-csrf': string }> {
  const response = await server.inject({ method: 'POST', url: `/v1/session/${id}` });
  const [cookie = ''] = String(response.headers['set-cookie']).split(';');
  return { cookie, 'x-sallyport-csrf': response.json<{ csrf: string }>().csrf };
}
