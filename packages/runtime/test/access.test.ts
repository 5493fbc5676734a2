import { routeMatrix, type Permissions, type SallyportServer } from '@sallyport/runtime';
import t from 'tap';
import { AUDITOR, CLERK, addGuardedScope, logIn, serverFor } from './server/fixture.ts';

const PERMISSIONS: Permissions<'clerk' | 'auditor'> = {
  'GET /v1/cases': ['clerk', 'auditor'],
  'POST /v1/cases': ['clerk'],
  'GET /v1/cases/:id': 'any-session',
};
const ok = (): { ok: boolean } => ({ ok: true });
const routes = (scope: SallyportServer): void => {
  scope.get('/v1/cases', ok);
  scope.post('/v1/cases', ok);
  scope.get('/v1/cases/:id', ok);
};

/** `ready()` answers the server itself, which is a thenable and no promise. */
async function start(server: SallyportServer): Promise<void> {
  await server.ready();
}

t.test('answers every route and role as the table says', async (t) => {
  const server = await serverFor(t);
  addGuardedScope(server, PERMISSIONS, routes);
  await server.ready();
  const headers = new Map<string | null, Record<string, string>>([
    [null, {}],
    ['clerk', await logIn(server, CLERK)],
    ['auditor', await logIn(server, AUDITOR)],
  ]);
  const matrix = routeMatrix(server, ['clerk', 'auditor']).filter(({ route }) =>
    route.url.includes('cases'),
  );
  t.equal(matrix.length, 9);
  for (const { route, role, allowed } of matrix) {
    const method = route.method as 'GET' | 'POST';
    const response = await server.inject({
      method,
      url: route.url,
      headers: headers.get(role) ?? {},
    });
    const refusal = role === null ? 401 : 403;
    t.equal(
      response.statusCode,
      allowed ? 200 : refusal,
      `${route.method} ${route.url} as ${role ?? 'nobody'}`,
    );
  }
});

t.test('refuses to start with a route that the table does not list', async (t) => {
  const server = await serverFor(t);
  addGuardedScope(server, PERMISSIONS, (scope) => {
    routes(scope);
    scope.delete('/v1/cases/:id', ok);
  });
  await t.rejects(start(server), {
    code: 'ERR_PERMISSION_UNLISTED',
    detail: { route: 'DELETE /v1/cases/:id' },
  });
});

t.test('refuses to start with a route outside every guarded scope', async (t) => {
  const server = await serverFor(t);
  server.get('/v1/backdoor', ok);
  await t.rejects(start(server), { code: 'ERR_PERMISSION_UNLISTED' });
});

t.test('refuses to start when the table lists a route that nobody registered', async (t) => {
  const server = await serverFor(t);
  addGuardedScope(server, PERMISSIONS, (scope) => {
    scope.get('/v1/cases', ok);
    scope.get('/v1/cases/:id', ok);
  });
  await t.rejects(start(server), {
    code: 'ERR_PERMISSION_UNLISTED',
    detail: { route: 'POST /v1/cases' },
  });
});

t.test('refuses a change without the session’s own CSRF value, or from another site', async (t) => {
  const server = await serverFor(t);
  addGuardedScope(server, PERMISSIONS, routes);
  const clerk = await logIn(server, CLERK);
  const auditor = await logIn(server, AUDITOR);
  const post = async (headers: Record<string, string>): Promise<string> =>
    (await server.inject({ method: 'POST', url: '/v1/cases', headers })).json<{ code?: string }>()
      .code ?? 'ok';
  t.equal(await post(clerk), 'ok');
  t.equal(await post({ cookie: clerk.cookie }), 'ERR_CSRF_MISMATCH');
  t.equal(
    await post({ ...clerk, 'x-sallyport-csrf': auditor['x-sallyport-csrf'] }),
    'ERR_CSRF_MISMATCH',
  );
  t.equal(await post({ ...clerk, 'sec-fetch-site': 'cross-site' }), 'ERR_CSRF_MISMATCH');
  t.equal(await post({ ...clerk, 'sec-fetch-site': 'same-origin' }), 'ok');
  const login = await server.inject({
    method: 'POST',
    url: `/v1/session/${CLERK}`,
    headers: { 'sec-fetch-site': 'same-site' },
  });
  t.match(login.json(), { code: 'ERR_CSRF_MISMATCH' });
});

t.test('sees a lost role and a closed session at the next call', async (t) => {
  const server = await serverFor(t);
  const rows = addGuardedScope(server, PERMISSIONS, routes);
  const headers = await logIn(server, CLERK);
  const post = async (): Promise<number> =>
    (await server.inject({ method: 'POST', url: '/v1/cases', headers })).statusCode;
  t.equal(await post(), 200);
  const row = rows.get(CLERK);
  if (row === undefined) throw new Error('the login stored no row');
  rows.set(CLERK, { ...row, role: 'auditor' });
  t.equal(await post(), 403);
  rows.delete(CLERK);
  t.equal(await post(), 401);
});
