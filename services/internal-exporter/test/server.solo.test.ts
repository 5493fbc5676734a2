import t from 'tap';
import { CONSOLE_ROLES } from '@sallyport/contracts';
import { PERMISSIONS } from '@sallyport/internal-exporter/config/permissions.js';
import { routeMatrix, totpCode } from '@sallyport/runtime';
import {
  activate,
  addCaller,
  call,
  logInAs,
  makeClock,
  makeServer,
  PASSWORD,
  type Caller,
} from './people.ts';
import { makeSite } from './site-fixture.ts';

const NOBODY = '0'.repeat(32);

// A database is made first; on a machine that does other work that takes longer than usual.
t.setTimeout(180_000);

t.test('the console API', async (t) => {
  const fixture = await makeSite(t);
  const clock = makeClock();
  const server = await makeServer(fixture, clock);
  t.teardown(() => server.close());
  const people = new Map<string, Caller>();
  for (const [index, role] of CONSOLE_ROLES.entries()) {
    people.set(
      role,
      await addCaller(fixture, server, clock, { role, login: role, staffNumber: `S-${index}` }),
    );
  }
  const as = (role: string): Caller => {
    const caller = people.get(role);
    if (caller === undefined) throw new Error(`nobody is ${role}`);
    return caller;
  };

  await t.test('answers every route to the roles of the table and to nobody else', async (t) => {
    const matrix = routeMatrix(server, CONSOLE_ROLES).filter(({ route }) =>
      route.url.startsWith('/v1/'),
    );
    t.ok(matrix.length > 150);
    for (const { route, role, allowed } of matrix) {
      const { method, url, access } = route;
      if (`${method} ${url}` === 'DELETE /v1/session' && role !== null) continue;
      const path = url.replace(':id', NOBODY).replace(':n', '0');
      const verb = method as 'GET';
      const body = method === 'GET' || method === 'DELETE' ? undefined : {};
      const answer =
        role === null
          ? await call(server, verb, path, body)
          : await as(role).call(verb, path, body);
      const title = `${method} ${url} as ${role ?? 'nobody'}`;
      if (allowed) t.not(answer.body['code'], 'ERR_ACCESS_DENIED', title);
      else if (role === null) t.equal(answer.status, 401, title);
      else t.match(answer, { status: 403, body: { code: 'ERR_ACCESS_DENIED' } }, title);
      if (access === 'public') t.notOk([401, 403].includes(answer.status) && role === null, title);
    }
  });

  await t.test(
    'lists every route in the table, and every line of the table is a route',
    async (t) => {
      const routes = server.routeTable
        .filter(({ url }) => url.startsWith('/v1/'))
        .map(({ method, url }) => `${method} ${url}`);
      t.same([...routes].sort(), Object.keys(PERMISSIONS).sort());
    },
  );

  await t.test('refuses a state-changing call without the CSRF header', async (t) => {
    const { headers } = await logInAs(server, clock, as('administrator'));
    const { cookie = '' } = headers;
    const answer = await call(server, 'POST', '/v1/stations', { name: '중부서' }, { cookie });
    t.match(answer, { status: 403, body: { code: 'ERR_CSRF_MISMATCH' } });
  });

  await t.test('refuses fields it does not know, and bodies of another shape', async (t) => {
    const unknown = await as('administrator').call('POST', '/v1/stations', {
      name: '중부서',
      extra: 1,
    });
    t.match(unknown, { status: 400, body: { code: 'ERR_REQUEST_INVALID' } });
    const wrong = await as('administrator').call('POST', '/v1/stations', { name: 5 });
    t.equal(wrong.status, 400);
    const bidi = await as('administrator').call('POST', '/v1/stations', { name: 'a\u202eb' });
    t.equal(bidi.status, 400);
    const id = await as('operator').call('GET', `/v1/requests/${'g'.repeat(32)}`);
    t.equal(id.status, 400);
  });

  await t.test(
    'locks an account after repeated failures, shows it, and an administrator clears it',
    async (t) => {
      const { login, totpSecret, accountId } = await addCaller(fixture, server, clock, {
        role: 'operator',
        login: 'forgetful',
        staffNumber: 'S-77',
      });
      for (let attempt = 0; attempt < 5; attempt += 1) {
        const wrong = await logInAs(server, clock, {
          login,
          totpSecret,
          password: 'not the password',
        });
        t.match(wrong, { status: 401, body: { code: 'ERR_CREDENTIALS_REFUSED' } });
      }
      t.match(await logInAs(server, clock, { login, totpSecret }), {
        status: 423,
        body: { code: 'ERR_ACCOUNT_LOCKED' },
      });
      const { body } = await as('administrator').call('GET', '/v1/accounts');
      const listed = (
        body['accounts'] as { accountId: string; lockout: { kind: string; failures: number } }[]
      ).find((account) => account.accountId === accountId);
      t.match(listed, { lockout: { kind: 'locked-for-a-while', failures: 5 } });
      t.equal(
        (await as('administrator').call('POST', `/v1/accounts/${accountId}/unlock`)).status,
        204,
      );
      t.equal((await logInAs(server, clock, { login, totpSecret })).status, 200);
    },
  );

  await t.test('accepts a one-time code once', async (t) => {
    const { login, totpSecret } = as('auditor');
    clock.advance(60_000);
    const body = { login, password: PASSWORD, totp: totpCode(totpSecret, clock.now()) };
    t.equal((await call(server, 'POST', '/v1/session', body)).status, 200);
    t.match(await call(server, 'POST', '/v1/session', body), {
      status: 401,
      body: { code: 'ERR_CREDENTIALS_REFUSED' },
    });
  });

  await t.test('answers alike for an unknown account and a wrong password', async (t) => {
    const body = { login: 'nobody-here', password: PASSWORD, totp: '123456' };
    t.match(await call(server, 'POST', '/v1/session', body), {
      status: 401,
      body: { code: 'ERR_CREDENTIALS_REFUSED' },
    });
  });

  await t.test(
    'refuses an activation with a wrong or spent code and a weak password',
    async (t) => {
      const created = await as('administrator').call('POST', '/v1/accounts', {
        ...{ role: 'operator', name: '새 사람', login: 'newcomer', staffNumber: 'S-50' },
      });
      t.equal(created.status, 201);
      const code = String(created.body['activationCode']);
      const weak = await call(server, 'POST', '/v1/activation', {
        login: 'newcomer',
        code,
        password: 'aaaaaaaaaaaaaa',
      });
      t.match(weak, { status: 422, body: { code: 'ERR_PASSWORD_WEAK' } });
      const wrong = { login: 'newcomer', code: 'AAAAA-AAAAA-AAAAA-AAAAA', password: PASSWORD };
      t.match(await call(server, 'POST', '/v1/activation', wrong), {
        status: 401,
        body: { code: 'ERR_ACTIVATION_REFUSED' },
      });
      const totpSecret = await activate(server, clock, 'newcomer', code);
      t.equal((await logInAs(server, clock, { login: 'newcomer', totpSecret })).status, 200);
      const spent = await call(server, 'POST', '/v1/activation', {
        login: 'newcomer',
        code,
        password: PASSWORD,
      });
      t.match(spent, { status: 401, body: { code: 'ERR_ACTIVATION_REFUSED' } });
      const taken = await as('administrator').call('POST', '/v1/accounts', {
        ...{ role: 'operator', name: '다른 사람', login: 'newcomer', staffNumber: 'S-51' },
      });
      t.match(taken, { status: 409, body: { code: 'ERR_ACCOUNT_LOGIN_TAKEN' } });
    },
  );

  await t.test(
    'needs a second administrator for a second account of one staff number',
    async (t) => {
      const second = await addCaller(fixture, server, clock, {
        ...{ role: 'administrator', login: 'second-admin', staffNumber: 'S-90' },
      });
      const proposed = await as('administrator').call('POST', '/v1/accounts', {
        ...{ role: 'approver', name: '두 역할', login: 'two-hats', staffNumber: 'S-0' },
      });
      t.match(proposed, {
        status: 201,
        body: { activationCode: null, account: { state: 'proposed' } },
      });
      const { accountId } = proposed.body['account'] as { accountId: string };
      const path = `/v1/account-proposals/${accountId}/confirm`;
      t.match(await as('administrator').call('POST', path), {
        status: 403,
        body: { code: 'ERR_ACCOUNT_SECOND_ADMINISTRATOR' },
      });
      const { body } = await second.call('GET', '/v1/account-proposals');
      t.match(body, { accounts: [{ accountId, state: 'proposed' }] });
      t.match(await second.call('POST', path), {
        status: 200,
        body: { account: { state: 'awaiting-activation' } },
      });
      t.match(await second.call('POST', path), {
        status: 409,
        body: { code: 'ERR_ACCOUNT_STATE' },
      });
    },
  );

  await t.test('ends the sessions of a disabled account at once', async (t) => {
    const leaver = await addCaller(fixture, server, clock, {
      role: 'operator',
      login: 'leaver',
      staffNumber: 'S-60',
    });
    t.equal((await leaver.call('GET', '/v1/session')).status, 200);
    t.equal(
      (await as('administrator').call('POST', `/v1/accounts/${leaver.accountId}/disable`)).status,
      204,
    );
    t.equal((await leaver.call('GET', '/v1/session')).status, 401);
    const own = await as('administrator').call(
      'POST',
      `/v1/accounts/${as('administrator').accountId}/disable`,
    );
    t.match(own, { status: 409, body: { code: 'ERR_ACCOUNT_STATE' } });
  });

  await t.test(
    'registers cameras with their registrant and tells every version outward',
    async (t) => {
      const wanted = { name: '정문 1', location: '시청 앞', type: 'fixed', district: '중구' };
      const made = await as('operator').call('POST', '/v1/cameras', wanted);
      t.match(made, {
        status: 201,
        body: { ...wanted, retentionDays: 30, registrant: '사람 operator', version: 1 },
      });
      const path = `/v1/cameras/${String(made.body['cameraId'])}`;
      const changed = await as('operator').call('PATCH', path, { exclusion: { kind: 'always' } });
      t.match(changed, { status: 200, body: { version: 2 } });
      t.equal((await as('operator').call('PATCH', path, {})).status, 400);
      t.equal((await as('operator').call('PATCH', path, { removed: true })).status, 200);
      t.match(await as('operator').call('PATCH', path, { name: '다시' }), {
        status: 404,
        body: { code: 'ERR_CAMERA_UNKNOWN' },
      });
      const told = await fixture.db.outboundRecord.findMany({
        where: { kind: 'directory-update' },
        orderBy: { seq: 'asc' },
      });
      const entries = told
        .flatMap(
          ({ payload }) =>
            (
              JSON.parse(payload) as {
                entries: { kind: string; version: number; value: unknown }[];
              }
            ).entries,
        )
        .filter(({ kind }) => kind === 'camera');
      t.match(entries, [
        { version: 1, value: { excluded: false } },
        { version: 2, value: { excluded: true } },
        { version: 3, value: null },
      ]);
      const { body } = await as('auditor').call('GET', '/v1/cameras?search=정문');
      t.same(body, { rows: [], total: 0 });
    },
  );

  await t.test(
    'keeps every version of the policy; a new pledge text is a new pledge version',
    async (t) => {
      const { body } = await as('operator').call('GET', '/v1/policy');
      const policy = body['policy'] as Record<string, unknown>;
      const changed = await as('administrator').call('PUT', '/v1/policy', {
        ...policy,
        pledgeText: '새 서약',
        plays: 10,
      });
      t.match(changed, {
        status: 200,
        body: { version: 2, policy: { pledgeVersion: 2, plays: 10 } },
      });
      const wrong = { ...policy, recommendedClipMinutes: 90 };
      t.equal((await as('administrator').call('PUT', '/v1/policy', wrong)).status, 400);
    },
  );

  await t.test('shows the auditor every act with names, and logs the reading itself', async (t) => {
    const first = await as('auditor').call('GET', '/v1/ledger/entries?limit=500');
    const rows = first.body['rows'] as {
      entry: { event: { kind: string } };
      actorName: string | null;
    }[];
    const kinds = new Set(rows.map(({ entry }) => entry.event.kind));
    for (const kind of [
      'account.created',
      'account.proposed',
      'account.locked',
      'camera.removed',
      'policy.changed',
    ]) {
      t.ok(kinds.has(kind), kind);
    }
    t.ok(rows.some(({ actorName }) => actorName === '사람 administrator'));
    t.ok(rows.some(({ actorName }) => actorName === 'HOST-1'));
    const readings = () => fixture.db.ledgerOutbox.count({ where: { kind: 'ledger.read' } });
    const before = await readings();
    await as('auditor').call('GET', '/v1/ledger/entries?limit=500');
    t.equal(await readings(), before, 'an open page does not flood the ledger');
    clock.advance(600_000);
    const { headers } = await logInAs(server, clock, as('auditor'));
    const read = (path: string) => call(server, 'GET', path, undefined, headers);
    await read('/v1/ledger/entries?limit=500');
    t.equal(await readings(), before + 1);
    const again = await read('/v1/ledger/entries?limit=500');
    const last = (again.body['rows'] as typeof rows).at(-1);
    t.match(last, { entry: { event: { kind: 'ledger.read', readerId: as('auditor').accountId } } });
    t.equal((await read('/v1/ledger/checkpoint')).status, 200);
    t.same((await read('/v1/transfer-log')).body, { rows: [], total: 0 });
    t.match((await read('/v1/transfer-log.csv')).text, /^\ufeff"접수번호","패키지"/);
  });

  await t.test('keeps no name, login or staff number in the database as text', async (t) => {
    const columns = await fixture.db.$queryRaw<
      { dump: string }[]
    >`SELECT row_to_json(a)::text AS dump FROM "Account" a`;
    t.notOk(
      columns.some(
        ({ dump }) =>
          dump.includes('사람') || dump.includes('"administrator-login"') || dump.includes('S-90'),
      ),
    );
  });
});
