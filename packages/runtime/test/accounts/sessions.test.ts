import t, { type Test } from 'tap';
import { CLERK, addGuardedScope, logIn, serverFor } from '../server/fixture.ts';

const MINUTE = 60_000;
const START = new Date('2026-11-21T10:00:00.000Z').getTime();

async function prepare(test: Test) {
  const clock = { now: new Date(START) };
  const server = await serverFor(test);
  const rows = addGuardedScope(
    server,
    { 'GET /v1/me': 'any-session' },
    (scope) => void scope.get('/v1/me', (request) => request.session),
    clock,
  );
  const headers = await logIn(server, CLERK);
  const at = async (minutes: number, cookie = headers.cookie) => {
    clock.now = new Date(START + minutes * MINUTE);
    return server.inject({ url: '/v1/me', headers: { cookie } });
  };
  return { server, rows, headers, at };
}

t.test('sets an HttpOnly, SameSite=Strict cookie and answers the row of the session', async (t) => {
  const { server, at, headers } = await prepare(t);
  const login = await server.inject({ method: 'POST', url: `/v1/session/${CLERK}` });
  t.match(
    login.headers['set-cookie'],
    /^sallyport_session=[^;]+; Max-Age=900; Path=\/; HttpOnly; SameSite=Strict$/,
  );
  const me = await at(0);
  t.same(me.json(), {
    sessionId: CLERK,
    accountId: CLERK,
    role: 'clerk',
    csrf: headers['x-sallyport-csrf'],
  });
});

t.test('ends after 15 idle minutes, and renews itself while it is used', async (t) => {
  const { at } = await prepare(t);
  t.equal((await at(5)).headers['set-cookie'], undefined);
  const renewed = await at(10);
  t.equal(renewed.statusCode, 200);
  t.match((await at(15)).json(), { code: 'ERR_SESSION_EXPIRED' });
  const [cookie = ''] = String(renewed.headers['set-cookie']).split(';');
  t.equal((await at(20, cookie)).statusCode, 200);
});

t.test('ends with its row, however busy it is', async (t) => {
  const { rows, at } = await prepare(t);
  const row = rows.get(CLERK);
  if (row === undefined) throw new Error('the login stored no row');
  rows.set(CLERK, { ...row, endsAt: new Date(START + 3 * MINUTE) });
  t.equal((await at(2)).statusCode, 200);
  t.match((await at(3)).json(), { code: 'ERR_SESSION_EXPIRED' });
});

t.test('refuses a token with any one character changed, cut or of another session', async (t) => {
  const { at, headers } = await prepare(t);
  const [, token = ''] = headers.cookie.split('=');
  for (let index = 0; index < token.length; index += 1) {
    const swapped = token[index] === 'b' ? 'd' : 'b';
    const changed = token.slice(0, index) + swapped + token.slice(index + 1);
    t.equal((await at(0, `sallyport_session=${changed}`)).statusCode, 401);
  }
  t.equal((await at(0, `sallyport_session=${token.slice(0, -1)}`)).statusCode, 401);
  t.equal((await at(0, 'other=1')).json<{ code: string }>().code, 'ERR_SESSION_REQUIRED');
});

t.test('is over for the browser and the server after logging out', async (t) => {
  const { server, at, headers } = await prepare(t);
  const response = await server.inject({ method: 'DELETE', url: '/v1/session', headers });
  t.equal(response.statusCode, 204);
  t.match(response.headers['set-cookie'], /^sallyport_session=; /);
  t.equal((await at(0)).statusCode, 401);
});
