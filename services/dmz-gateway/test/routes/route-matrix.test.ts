import t from 'tap';
import { PERMISSIONS, SESSION_ROLES } from '@sallyport/dmz-gateway/domain/permissions.js';
import { routeMatrix } from '@sallyport/runtime';
import { addStation, call, logIn, officer, signUp, staff, type Client } from '../support/client.ts';
import { newId } from '../support/internal-zone.ts';
import { startRig } from '../support/rig.ts';

t.setTimeout(180_000); // a busy machine: every rig starts a database

void t.test('every route answers exactly the roles its table names', async (t) => {
  const rig = await startRig(t);
  await rig.importTrust();
  const stationId = await addStation(rig);
  const clients: Readonly<Record<string, Client>> = {
    officer: (await officer(rig, stationId)).client,
    'waiting-officer': await logIn(rig, await signUp(rig, stationId)),
    auditor: await staff(rig, 'auditor', 'matrix-auditor'),
    administrator: await staff(rig, 'administrator', 'matrix-administrator'),
  };
  const cells = routeMatrix(rig.server, SESSION_ROLES).filter(({ route }) =>
    route.url.startsWith('/v1/'),
  );
  const listed = Object.values(PERMISSIONS).flatMap((table) => Object.keys(table));
  t.equal(new Set(cells.map(({ route }) => `${route.method} ${route.url}`)).size, listed.length);

  for (const { route, role, allowed } of cells) {
    const { method, url } = route;
    if (method === 'DELETE' && allowed) continue; // would end the session the next cells need
    const path = url.replaceAll(/:[a-zA-Z]+Id/g, newId()).replace(':n', '0');
    const body = method === 'POST' ? {} : undefined;
    const verb = method as 'GET' | 'POST' | 'DELETE';
    const client = role === null ? undefined : clients[role];
    const reply =
      client === undefined
        ? await call(rig, verb, path, body)
        : await client.call(verb, path, body);
    const refused =
      reply.status === (role === null ? 401 : 403) &&
      ['ERR_SESSION_REQUIRED', 'ERR_ACCESS_DENIED'].includes(reply.body.code ?? '');
    t.equal(refused, !allowed, `${method} ${url} as ${role ?? 'nobody'}`);
  }

  await t.test('a state-changing call without the CSRF value is refused', async (t) => {
    const administrator = await staff(rig, 'administrator', 'csrf-administrator');
    const url = `/v1/accounts/${newId()}/unlock`;
    const reply = await administrator.call('POST', url, undefined, { 'x-sallyport-csrf': 'wrong' });
    t.match(reply, { status: 403, body: { code: 'ERR_CSRF_MISMATCH' } });
    t.match(await administrator.call('POST', url), {
      status: 404,
      body: { code: 'ERR_ACCOUNT_UNKNOWN' },
    });
  });
});
