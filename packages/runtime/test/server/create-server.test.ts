import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { SallyportError } from '@sallyport/contracts';
import { createLogger, languageOf, listen, type SallyportServer } from '@sallyport/runtime';
import t from 'tap';
import Type from 'typebox';
import { serverFor } from './fixture.ts';

const PUBLIC = { config: { access: 'public' as const } };
const Case = Type.Object(
  { title: Type.String({ maxLength: 20 }), count: Type.Integer({ minimum: 1 }) },
  { additionalProperties: false },
);
const Query = Type.Object({ page: Type.Optional(Type.Integer()) }, { additionalProperties: false });

function addCases(server: SallyportServer): void {
  server.post(
    '/v1/cases',
    { ...PUBLIC, schema: { body: Case, querystring: Query } },
    (request) => ({
      doubled: request.body.count * 2,
      page: request.query.page ?? 0,
    }),
  );
  server.get('/v1/cases/:id', PUBLIC, () => {
    throw new Error('name: 홍길동');
  });
  server.get('/v1/refused', PUBLIC, () => {
    throw new SallyportError('ERR_ACCESS_DENIED', { detail: { role: 'clerk' } });
  });
  server.get('/v1/text', PUBLIC, () => {
    // A thrown non-error is what a careless dependency may do; the handler must survive it.
    // eslint-disable-next-line @typescript-eslint/only-throw-error
    throw 'text';
  });
}

const BAD_BODIES: readonly (readonly [string, unknown, Record<string, string>])[] = [
  [
    'an unknown field',
    { title: 'a', count: 1, extra: 1 },
    { detail: 'path: /body/extra; rule: additionalProperties' },
  ],
  ['a missing field', { title: 'a' }, { detail: 'path: /body/count; rule: required' }],
  [
    'a number given as text',
    { title: 'a', count: '1' },
    { detail: 'path: /body/count; rule: type' },
  ],
  [
    'a text that is too long',
    { title: 'a'.repeat(21), count: 1 },
    { detail: 'path: /body/title; rule: maxLength' },
  ],
  ['no body', undefined, { detail: 'path: /body; rule: type' }],
];

for (const [what, payload, expected] of BAD_BODIES) {
  t.test(`refuses ${what}, naming the path`, async (t) => {
    const server = await serverFor(t);
    addCases(server);
    const body = payload === undefined ? {} : { payload: payload as object };
    const response = await server.inject({ method: 'POST', url: '/v1/cases', ...body });
    t.equal(response.statusCode, 400);
    t.match(response.headers['content-type'], /^application\/problem\+json/);
    t.match(response.json(), { code: 'ERR_REQUEST_INVALID', status: 400, ...expected });
  });
}

t.test('coerces the query to its declared type, and refuses unknown names there too', async (t) => {
  const server = await serverFor(t);
  addCases(server);
  const post = (query: string) =>
    server.inject({ method: 'POST', url: `/v1/cases?${query}`, payload: { title: 'a', count: 2 } });
  t.same((await post('page=3')).json(), { doubled: 4, page: 3 });
  t.match((await post('page=x')).json(), { detail: 'path: /querystring/page; rule: type' });
  t.match((await post('pgae=3')).json(), { code: 'ERR_REQUEST_INVALID' });
});

t.test(
  'refuses broken JSON, prototype members, other types and large bodies by code',
  async (t) => {
    const server = await serverFor(t, { bodyLimitBytes: 200 });
    addCases(server);
    const post = async (payload: string, type = 'application/json'): Promise<string> => {
      const headers = { 'content-type': type };
      const response = await server.inject({ method: 'POST', url: '/v1/cases', payload, headers });
      return response.json<{ code: string }>().code;
    };
    t.equal(await post('{'), 'ERR_REQUEST_INVALID');
    t.equal(await post(''), 'ERR_REQUEST_INVALID');
    t.equal(await post('{"__proto__":{"a":1}}'), 'ERR_REQUEST_INVALID');
    t.equal(await post('<a/>', 'text/xml'), 'ERR_REQUEST_MEDIA_TYPE');
    t.equal(await post(`{"title":"${'x'.repeat(300)}"}`), 'ERR_REQUEST_TOO_LARGE');
  },
);

t.test('tells nothing in a 5xx but its code and the request id', async (t) => {
  const lines: string[] = [];
  const logger = createLogger({
    service: 'demo',
    destination: { write: (line) => void lines.push(line) },
  });
  const server = await serverFor(t, { logger });
  addCases(server);
  const response = await server.inject('/v1/cases/1');
  t.equal(response.statusCode, 500);
  t.same(Object.keys(response.json<object>()).sort(), ['code', 'requestId']);
  const { requestId } = response.json<{ requestId: string }>();
  t.equal(response.headers['x-request-id'], requestId);
  t.match(lines.join(''), requestId);
  t.notOk(lines.join('').includes('홍길동'));
  t.match((await server.inject('/v1/text')).json(), { code: 'ERR_INTERNAL' });
});

t.test('logs a request by route pattern, never by address or header', async (t) => {
  const lines: string[] = [];
  const logger = createLogger({
    service: 'demo',
    destination: { write: (line) => void lines.push(line) },
  });
  const server = await serverFor(t, { logger });
  addCases(server);
  await server.inject({
    url: '/v1/cases/secret-id?token=t0',
    headers: { authorization: 'Bearer t1' },
  });
  await server.inject({ url: '/nowhere/secret-id' });
  t.match(lines.join(''), '"route":"/v1/cases/:id"');
  for (const secret of ['secret-id', 't0', 't1']) t.notOk(lines.join('').includes(`${secret}"`));
  t.notOk(lines.join('').includes('secret-id'));
});

t.test('answers errors in the reader’s language, Korean unless told', async (t) => {
  const server = await serverFor(t);
  addCases(server);
  const titleFor = async (header: string): Promise<string> =>
    (await server.inject({ url: '/v1/refused', headers: { 'accept-language': header } })).json<{
      title: string;
    }>().title;
  t.match(await titleFor(''), '권한');
  t.match(await titleFor('en-US,en;q=0.9,ko;q=0.8'), 'role');
  t.match(await titleFor('fr, ko;q=0.5, en;q=0.4'), '권한');
  t.equal(languageOf('en;q=x, *'), 'ko');
});

t.test('tells 404 from 405 and ignores a request id from outside', async (t) => {
  const server = await serverFor(t);
  addCases(server);
  t.match((await server.inject('/v1/nothing')).json(), {
    code: 'ERR_ROUTE_NOT_FOUND',
    status: 404,
  });
  const wrong = await server.inject({
    method: 'PUT',
    url: '/v1/cases/7',
    headers: { 'x-request-id': 'mine' },
  });
  t.match(wrong.json(), { code: 'ERR_METHOD_NOT_ALLOWED', status: 405 });
  t.equal(wrong.headers['allow'], 'GET');
  t.match(wrong.headers['x-request-id'], /^[0-9a-f]{32}$/);
  t.equal((await server.inject('/%E0%A4%A')).statusCode, 404);
  t.equal((await server.inject(`/v1/cases/${'x'.repeat(400)}`)).statusCode, 404);
});

t.test('sends the strict headers with every answer, errors included', async (t) => {
  const server = await serverFor(t);
  const { headers } = await server.inject('/v1/nothing');
  const policy = String(headers['content-security-policy']);
  t.match(policy, "default-src 'none';script-src 'self';");
  t.notOk(policy.includes('unsafe-eval') || /https?:/.test(policy));
  t.match(headers, {
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    'permissions-policy': /camera=\(\)/,
  });
});

t.test('is alive at once, but ready only while every check passes', async (t) => {
  let databaseUp = false;
  const server = await serverFor(t, {
    readiness: {
      database: () => (databaseUp ? Promise.resolve() : Promise.reject(new Error('down'))),
    },
  });
  t.same((await server.inject('/healthz')).json(), { status: 'alive' });
  const down = await server.inject('/readyz');
  t.equal(down.statusCode, 503);
  t.equal(down.json<{ code: string }>().code, 'ERR_NOT_READY');
  databaseUp = true;
  t.same((await server.inject('/readyz')).json(), { status: 'ready' });
});

t.test('counts a readiness check that never answers as failed', async (t) => {
  const server = await serverFor(t, { readiness: { stuck: () => new Promise(() => undefined) } });
  t.equal((await server.inject('/readyz')).statusCode, 503);
});

t.test('measures by route pattern, for loopback callers that came through no proxy', async (t) => {
  const server = await serverFor(t);
  addCases(server);
  await server.inject('/v1/cases/4711');
  await server.inject('/unknown/4711');
  const metrics = await server.inject('/metrics');
  t.match(metrics.body, /route="\/v1\/cases\/:id",status="500"/);
  t.notOk(metrics.body.includes('4711'));
  t.equal((await server.inject({ url: '/metrics', remoteAddress: '10.0.0.1' })).statusCode, 404);
  const proxied = await server.inject({
    url: '/metrics',
    headers: { 'x-forwarded-for': '10.0.0.1' },
  });
  t.equal(proxied.statusCode, 404);
  const open = await serverFor(t, { metricsFrom: 'anywhere' });
  t.equal((await open.inject({ url: '/metrics', remoteAddress: '10.0.0.1' })).statusCode, 200);
});

t.test('limits one caller, and says when to come back', async (t) => {
  const server = await serverFor(t, { rateLimits: { perCallerPerMinute: 3 } });
  addCases(server);
  for (let call = 0; call < 3; call += 1)
    t.equal((await server.inject('/v1/refused')).statusCode, 403);
  const refused = await server.inject('/v1/refused');
  t.equal(refused.statusCode, 429);
  t.match(refused.json(), { code: 'ERR_RATE_LIMITED' });
  t.match(refused.headers['retry-after'], /^[0-9]+$/);
  t.equal((await server.inject({ url: '/v1/refused', remoteAddress: '10.0.0.9' })).statusCode, 403);
});

t.test('limits one address before anything else is done', async (t) => {
  const server = await serverFor(t, { rateLimits: { perAddressPerMinute: 2 } });
  t.equal((await server.inject('/v1/nothing')).statusCode, 404);
  t.equal((await server.inject('/v1/nothing')).statusCode, 404);
  const refused = await server.inject('/v1/nothing');
  t.match(refused.json(), { code: 'ERR_RATE_LIMITED' });
});

t.test(
  'ends a request whose body does not arrive in time, but not on a route for slow bodies',
  async (t) => {
    const server = await serverFor(t, { requestTimeoutMs: 60 });
    addCases(server);
    server.post(
      '/v1/upload',
      { config: { access: 'public', slowBody: true }, schema: { body: Case } },
      () => 'late',
    );
    await listen(server, { host: '127.0.0.1', port: 0 });
    const { port } = server.server.address() as AddressInfo;
    const body = JSON.stringify({ title: 'a', count: 1 });
    const send = async (path: string): Promise<string> => {
      const socket = connect(port, '127.0.0.1');
      const parts: Buffer[] = [];
      socket.on('data', (part) => parts.push(part));
      socket.on('error', () => undefined);
      const head = `POST ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n`;
      socket.write(`${head}content-length: ${body.length}\r\n\r\n${body.slice(0, 5)}`);
      setTimeout(() => socket.write(body.slice(5)), 200);
      await once(socket, 'close');
      return Buffer.concat(parts).toString();
    };
    const [slow, upload] = await Promise.all([send('/v1/cases'), send('/v1/upload')]);
    t.match(slow, 'HTTP/1.1 408');
    t.match(slow, 'ERR_REQUEST_TIMEOUT');
    t.match(upload, 'HTTP/1.1 200');
  },
);
