import t from 'tap';
import { totpCode } from '@sallyport/runtime';
import {
  addStation,
  call,
  enrol,
  enrolment,
  logIn,
  makeDevice,
  makeRequest,
  officer,
  signUp,
  staff,
} from '../support/client.ts';
import { newId } from '../support/internal-zone.ts';
import { startRig } from '../support/rig.ts';

const WRONG = { password: 'not the password', totp: '000000' };

t.setTimeout(180_000); // a busy machine: every rig starts a database

void t.test('accounts, devices and requests', async (t) => {
  const rig = await startRig(t);
  const { db, zone } = rig;
  t.match(await call(rig, 'GET', '/v1/site'), {
    status: 503,
    body: { code: 'ERR_GATEWAY_NOT_TRUSTED' },
  });
  await rig.importTrust();
  const stationId = await addStation(rig);

  await t.test('a sign-up leaves no name in the database, and goes inward sealed', async (t) => {
    const { officerId, login } = await signUp(rig, stationId);
    t.match(login, /^hong-[0-9]{6}$/);
    const queued = await db.outbound.findFirstOrThrow({
      where: { kind: 'officer-sign-up' },
      orderBy: { id: 'desc' },
    });
    t.match(queued.payload, { officerId, stationId, siteId: zone.siteId });
    const dump = JSON.stringify([await db.account.findMany(), queued.payload]);
    t.notOk(dump.includes('홍길동'));
    t.notOk(dump.includes(login), 'the login name is encrypted too');
  });

  await t.test(
    'a sign-up for an unknown station, with a weak password or a used id is refused',
    async (t) => {
      const { officerId } = await signUp(rig, stationId);
      const body = {
        officerId,
        wishedLogin: 'hong',
        password: 'a long enough passphrase',
        stationId,
        sealed: 'a.b.c.d.e',
      };
      t.equal((await call(rig, 'POST', '/v1/sign-up', body)).status, 400);
      t.equal(
        (await call(rig, 'POST', '/v1/sign-up', { ...body, role: 'auditor' })).body.code,
        'ERR_REQUEST_INVALID',
      );
      await t.rejects(signUp(rig, newId()), /ERR_STATION_UNKNOWN/);
    },
  );

  await t.test('an unknown name and a wrong password get one answer and lock alike', async (t) => {
    const { login } = await signUp(rig, stationId);
    for (const name of [login, 'nobody-000000']) {
      const codes = [];
      for (let i = 0; i < 6; i += 1) {
        const reply = await call(rig, 'POST', '/v1/session', { login: name, ...WRONG });
        codes.push(`${reply.status} ${reply.body.code}`);
      }
      const refused = '401 ERR_CREDENTIALS_REFUSED';
      t.same(codes, [...Array<string>(5).fill(refused), codes[5]], name);
      t.match(codes[5], /ERR_ACCOUNT_LOCKED/);
    }
    t.equal(
      (await rig.events('account.locked')).length,
      1,
      'only accounts that exist are named in the ledger',
    );
  });

  await t.test('the administrator sees a lock and clears it', async (t) => {
    const account = await signUp(rig, stationId);
    for (let i = 0; i < 5; i += 1)
      await call(rig, 'POST', '/v1/session', { login: account.login, ...WRONG });
    await t.rejects(logIn(rig, account), /ERR_ACCOUNT_LOCKED/);
    const administrator = await staff(rig, 'administrator', 'chief');
    const { accounts } = (await administrator.call('GET', '/v1/accounts')).body as {
      accounts: { accountId: string; login: string; lock: string }[];
    };
    t.match(accounts[0], { lock: 'locked-for-a-while' });
    const locked = accounts.find(({ login }) => login === account.login);
    t.equal(
      (await administrator.call('POST', `/v1/accounts/${locked?.accountId ?? ''}/unlock`)).status,
      204,
    );
    await t.resolves(logIn(rig, account));
    t.equal((await rig.events('account.unlocked')).length, 1);
  });

  await t.test('a TOTP code opens one session, and log-out ends it on the server', async (t) => {
    const account = await signUp(rig, stationId);
    const client = await logIn(rig, account);
    const totp = totpCode(account.totpSecret, rig.clock());
    const again = await call(rig, 'POST', '/v1/session', {
      login: account.login,
      password: 'a long enough passphrase',
      totp,
    });
    t.equal(again.body.code, 'ERR_CREDENTIALS_REFUSED');
    t.match((await client.call('GET', '/v1/session')).body, {
      account: { officer: { status: 'waiting' } },
    });
    t.equal((await client.call('DELETE', '/v1/session')).status, 204);
    t.equal((await client.call('GET', '/v1/session')).body.code, 'ERR_SESSION_EXPIRED');
  });

  await t.test('an activation code works once and not after its time', async (t) => {
    const { activationCode: code } = await rig.staff('auditor', 'late-auditor');
    const body = { login: 'late-auditor', code, password: 'a long enough passphrase' };
    t.equal(
      (await call(rig, 'POST', '/v1/activation', { ...body, code: 'wrong' })).body.code,
      'ERR_ACTIVATION_REFUSED',
    );
    rig.moveClock(73 * 3600_000);
    t.equal((await call(rig, 'POST', '/v1/activation', body)).body.code, 'ERR_ACTIVATION_REFUSED');
    await t.rejects(rig.staff('auditor', 'late-auditor'), { code: 'ERR_ACCOUNT_LOGIN_TAKEN' });
  });

  const first = await officer(rig, stationId);
  const second = await officer(rig, stationId);

  await t.test(
    'an enrolment must be signed by its own key, for this officer and site, just now',
    async (t) => {
      const device = await makeDevice(first.officerId);
      const post = async (jws: string) =>
        (await first.client.call('POST', '/v1/devices', { jws })).body.code as string;
      t.equal(
        await post(await enrolment(rig, device, { officerId: second.officerId })),
        'ERR_DEVICE_FOREIGN',
      );
      t.equal(await post(await enrolment(rig, device, { siteId: newId() })), 'ERR_RECORD_AUDIENCE');
      t.equal(
        await post(await enrolment(rig, device, { at: '2026-01-01T00:00:00.000Z' })),
        'ERR_RECORD_EXPIRED',
      );
      t.equal(
        await post(await enrolment(rig, device, { signingKey: second.device.signingKey })),
        'ERR_RECORD_SIGNATURE',
      );
      t.equal(
        await post(await enrolment(rig, device, { agreementKey: device.signingKey })),
        'ERR_KEY_INVALID',
      );
      const jws = await enrolment(rig, device);
      t.equal((await first.client.call('POST', '/v1/devices', { jws })).status, 201);
      t.equal(await post(jws), 'ERR_DEVICE_EXISTS');
      const proof = await second.client.call('POST', `/v1/devices/${device.deviceId}/proof`, {
        jws,
      });
      t.equal(proof.body.code, 'ERR_DEVICE_UNKNOWN', 'another officer’s device is not there');
    },
  );

  await t.test(
    'a request by another officer’s key, for another site, late or twice is refused',
    async (t) => {
      const post = async (jws: string, copy: string) =>
        (await first.client.call('POST', '/v1/requests', { jws, copy })).body.code as string;
      const foreign = await makeRequest(rig, second.device);
      t.equal(await post(foreign.jws, foreign.copy), 'ERR_DEVICE_FOREIGN');
      const posed = await makeRequest(rig, first.device, { officerId: second.officerId });
      t.equal(await post(posed.jws, posed.copy), 'ERR_DEVICE_FOREIGN');
      const elsewhere = await makeRequest(rig, first.device, { siteId: newId() });
      t.equal(await post(elsewhere.jws, elsewhere.copy), 'ERR_RECORD_AUDIENCE');
      const late = await makeRequest(rig, first.device, { expiresAt: '2026-01-01T00:00:00.000Z' });
      t.equal(await post(late.jws, late.copy), 'ERR_RECORD_EXPIRED');
      const good = await makeRequest(rig, first.device);
      t.match(await post(good.jws, good.jws), /^ERR_RECORD_/, 'the copy must be a wrapped value');
      const mine = await first.client.call('POST', '/v1/requests', {
        jws: good.jws,
        copy: good.copy,
      });
      t.equal(mine.status, 202);
      t.equal(await post(good.jws, good.copy), 'ERR_REQUEST_DUPLICATE');
      const bent = `${good.jws.slice(0, -4)}AAAA`;
      t.match(await post(bent, good.copy), /^ERR_RECORD_(SIGNATURE|ENCODING)$/);
      const other = await second.client.call('GET', `/v1/requests/${good.requestId}`);
      t.equal(other.body.code, 'ERR_REQUEST_UNKNOWN');
    },
  );

  await t.test(
    'an unknown and a revoked device cannot ask, and revocation ends their rights at once',
    async (t) => {
      const stranger = await makeDevice(first.officerId);
      const borrowed = {
        ...stranger,
        signCertificate: first.device.signCertificate,
        agreeCertificate: first.device.agreeCertificate,
      };
      const forged = await makeRequest(rig, borrowed, { deviceId: first.device.deviceId });
      const reply = await first.client.call('POST', '/v1/requests', {
        jws: forged.jws,
        copy: forged.copy,
      });
      t.equal(reply.body.code, 'ERR_RECORD_SIGNATURE');
      const spare = await enrol(rig, first.client, first.officerId);
      const serial = await zone.serialOf(spare.signCertificate);
      const value = { serial, reason: 'lost', at: rig.clock().toISOString() };
      await zone.sendDirectory(rig.spool, [{ kind: 'revocation', id: serial, value }]);
      await rig.receive();
      const late = await makeRequest(rig, spare);
      const refused = await first.client.call('POST', '/v1/requests', {
        jws: late.jws,
        copy: late.copy,
      });
      t.match(refused, { status: 422, body: { code: 'ERR_CERTIFICATE_REVOKED' } });
      const { devices } = (await first.client.call('GET', '/v1/devices')).body as {
        devices: { deviceId: string; state: string }[];
      };
      t.equal(devices.find(({ deviceId }) => deviceId === spare.deviceId)?.state, 'revoked');
    },
  );

  await t.test('a suspended officer keeps nothing but a look at the session', async (t) => {
    const value = { stationId, status: 'suspended' };
    await zone.sendDirectory(rig.spool, [{ kind: 'officer', id: second.officerId, value }]);
    await rig.receive();
    t.equal((await second.client.call('GET', '/v1/requests')).body.code, 'ERR_ACCESS_DENIED');
    t.match((await second.client.call('GET', '/v1/session')).body, {
      account: { officer: { status: 'suspended' } },
    });
  });
});
