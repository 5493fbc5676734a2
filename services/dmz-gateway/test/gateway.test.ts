import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import {
  certificateId,
  signRecord,
  unwrapWith,
  verifyRecord,
  type PortalPackage,
  type PortalRequest,
} from '@sallyport/contracts';
import { sendRecords } from '@sallyport/dmz-gateway/send/send-records.js';
import { drainLedger, publishCheckpoint } from '@sallyport/dmz-gateway/send/drain-ledger.js';
import { openSigningKey } from '@sallyport/dmz-gateway/keys/gateway-keys.js';
import { settleDownloads } from '@sallyport/dmz-gateway/stations/downloads.js';
import { findSigner } from '@sallyport/dmz-gateway/store/trust.js';
import { SpoolSender, openFrame } from '@sallyport/lane';
import { findInDatabase } from '@sallyport/testkit';
import { LedgerWriter } from '@sallyport/ledger';
import {
  addStation,
  licenceRequest,
  logIn,
  makeRequest,
  officer,
  staff,
} from './support/client.ts';
import { newId } from './support/internal-zone.ts';
import { startRig } from './support/rig.ts';
import { makePackage } from './support/seal-fixture.ts';

t.setTimeout(180_000); // a busy machine: every rig starts a database

void t.test('one package from the export lane to a licence and its end', async (t) => {
  const rig = await startRig(t);
  const { zone, db } = rig;
  await rig.importTrust();
  const stationId = await addStation(rig);
  const { account, client, officerId, device } = await officer(rig, stationId);
  const gatewayKey = await openSigningKey(rig.config, 'gateway');
  const ledgerKey = await openSigningKey(rig.config, 'ledger');
  const spool = new SpoolSender(rig.config.requestSpool);
  const send = async () =>
    sendRecords({
      db, gatewayId: rig.gatewayId, spool, cipher: rig.fields.outbound, signer: await findSigner(db, gatewayKey, 'gateway'), clock: rig.clock, firstEpoch: 1,
    }); // prettier-ignore

  await t.test(
    'a request waits until the gateway is certified, then leaves signed frame by frame',
    async (t) => {
      const request = await makeRequest(rig, device);
      const reply = await client.call('POST', '/v1/requests', {
        jws: request.jws,
        copy: request.copy,
      });
      t.equal(reply.status, 202);
      t.equal(await send(), 0, 'nothing is sent without a certificate');
      await rig.certifyGateway();
      await rig.receive();
      t.ok((await send()) >= 3);
      const sent = await db.outbound.findMany({
        where: { kind: 'device-enrolment', state: 'sent' },
      });
      t.equal(sent.length, 1);
      const query = (sql: string) => db.$queryRawUnsafe<Record<string, unknown>[]>(sql);
      t.same(await findInDatabase(query, '사무실 PC'), [], 'a label stands nowhere in clear');
      t.same(
        await findInDatabase(query, sent[0]?.kind ?? ''),
        ['outbound.kind'],
        'the search finds',
      );
      const names = (await readdir(rig.config.requestSpool)).sort();
      const bodies = await Promise.all(
        names.map(async (name) => {
          const options = { lane: 'request', trust: zone.trust, now: rig.clock() } as const;
          return Buffer.from(
            (await openFrame(await readFile(join(rig.config.requestSpool, name)), options)).body,
          ).toString();
        }),
      );
      t.ok(bodies.includes(request.jws), 'the device-signed text travels byte for byte');
      const shown = (await client.call('GET', `/v1/requests/${request.requestId}`))
        .body as PortalRequest;
      t.type(shown.hops.sentAt, 'string');
      t.equal(shown.hops.answeredAt, null, 'sent is not received');
    },
  );

  const sealed = await makePackage(zone, {
    folder: rig.config.dataDir, gatewayId: rig.gatewayId, officerId, device, now: rig.clock(),
  }); // prettier-ignore
  const url = `/v1/packages/${sealed.packageId}`;

  await t.test(
    'parts show as missing until the package is whole, verified and served',
    async (t) => {
      await zone.sendPackage(rig.spool, sealed.packageId, sealed.path, {
        partSizeBytes: 100_000,
        only: [0, 2, 3],
      });
      await rig.receive();
      const half = await db.package.findUniqueOrThrow({ where: { id: sealed.packageId } });
      t.match(half, { state: 'receiving', partsReceived: 3, missing: [{ from: 1, to: 1 }] });
      await zone.sendPackage(rig.spool, sealed.packageId, sealed.path, {
        partSizeBytes: 100_000,
        only: [1],
      });
      await rig.receive();
      const shown = (await client.call('GET', url)).body as PortalPackage;
      t.match(shown, {
        transfer: { state: 'available', partsReceived: 4 },
        licence: { state: 'none' },
      });
      t.equal((await rig.events('package.admitted')).length, 1);
      t.equal(await db.outbound.count({ where: { kind: 'transfer-receipt' } }), 1);
      t.same(await readdir(rig.paths.incoming), []);
    },
  );

  await t.test('segments carry their leaf hash as a strong tag and know no ranges', async (t) => {
    const header = await client.call('GET', `${url}/header`);
    const { payload } = await verifyRecord('package-header', header.body.jws ?? '', {
      trust: zone.trust, roles: ['seal'], now: rig.clock(),
    }); // prettier-ignore
    t.equal(payload.root, sealed.header.root);
    const leaves = await client.call('GET', `${url}/leaves`);
    t.equal(leaves.raw.length, sealed.layout.segmentCount * 32);
    const segment = await client.call('GET', `${url}/segments/1`);
    const index = Buffer.alloc(9);
    index.writeBigUInt64BE(1n, 1);
    const leaf = createHash('sha256').update(index).update(segment.raw).digest('hex');
    t.equal(segment.headers['etag'], `"${leaf}"`);
    t.equal(leaves.raw.subarray(32, 64).toString('hex'), leaf);
    t.match(String(segment.headers['cache-control']), /private/);
    t.equal(segment.headers['accept-ranges'], 'none');
    const again = await client.call('GET', `${url}/segments/1`, undefined, {
      'if-none-match': `"${leaf}"`,
    });
    t.equal(again.status, 304);
    const ranged = await client.call('GET', `${url}/segments/1`, undefined, { range: 'bytes=0-9' });
    t.match(ranged, { status: 400, body: { code: 'ERR_RANGE_REFUSED' } });
    const beyond = await client.call('GET', `${url}/segments/9999`);
    t.match(beyond, { status: 404, body: { code: 'ERR_SEGMENT_UNKNOWN' } });
  });

  const grantId = newId();
  let licenceId = '';
  await t.test(
    'the share rests in a file alone and leaves only for the device that signed',
    async (t) => {
      const early = await client.call('POST', `${url}/licence`, {
        jws: await licenceRequest(rig, client, device, sealed.packageId),
      });
      t.equal(early.body.code, 'ERR_LICENCE_NONE');
      const key = await rig.agreementKey();
      const grant = await sealed.grant(key, { grantId, plays: 2 });
      await zone.sendJws(rig.spool, grant);
      await rig.receive();
      const file = join(rig.paths.shares, String(key.epoch), `${grantId}.jwe`);
      t.equal((await stat(file)).mode & 0o777, 0o600);
      const share = await readFile(file, 'utf8');
      const rows = JSON.stringify(
        [await db.grant.findMany(), await db.ledgerEvent.findMany(), await db.outbound.findMany()],
        (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value),
      );
      t.notOk(rows.includes(share.slice(-40)), 'no part of the share is in the database');

      const jws = await licenceRequest(rig, client, device, sealed.packageId);
      const issued = await client.call('POST', `${url}/licence`, { jws });
      t.equal(issued.status, 200);
      const { payload } = await verifyRecord('licence', issued.body.jws ?? '', {
      trust: zone.trust, roles: ['gateway'], now: rig.clock(),
    }); // prettier-ignore
      t.equal(payload.playsLeft, 1);
      licenceId = payload.licenceId;
      const opened = await unwrapWith(device.agree.privateKey, payload.share, {
      purpose: 'licence', context: sealed.packageId, keyId: await certificateId(device.agreeCertificate),
    }); // prettier-ignore
      t.same(opened, sealed.licenceShare);
      const replayed = await client.call('POST', `${url}/licence`, { jws });
      t.match(replayed, { status: 422, body: { code: 'ERR_LICENCE_NONCE' } });
    },
  );

  await t.test('two calls at once cannot both take the last play', async (t) => {
    const requests = [
      await licenceRequest(rig, client, device, sealed.packageId),
      await licenceRequest(rig, client, device, sealed.packageId),
    ];
    const replies = await Promise.all(
      requests.map((jws) => client.call('POST', `${url}/licence`, { jws })),
    );
    t.same(replies.map(({ status }) => status).sort(), [200, 403]);
    t.equal(replies.find(({ status }) => status === 403)?.body.code, 'ERR_LICENCE_USED_UP');
    t.equal((await rig.events('licence.issued')).length, 2);
    t.ok((await rig.events('licence.refused')).length >= 3);
  });

  await t.test('receipts are passed inward once, and a download becomes one entry', async (t) => {
    const receipt = {
      packageId: sealed.packageId,
      licenceId,
      deviceId: device.deviceId,
      event: 'opened',
      at: rig.clock().toISOString(),
    } as const;
    const signer = { privateKey: device.sign.privateKey, certificate: device.signCertificate };
    const jws = await signRecord('playback-receipt', receipt, signer);
    t.equal((await client.call('POST', '/v1/receipts', { jws })).status, 202);
    t.equal((await client.call('POST', '/v1/receipts', { jws })).status, 202);
    t.equal((await rig.events('playback.opened')).length, 1);
    const foreign = await signRecord(
      'playback-receipt',
      { ...receipt, licenceId: newId() },
      signer,
    );
    t.equal(
      (await client.call('POST', '/v1/receipts', { jws: foreign })).body.code,
      'ERR_RECEIPT_MISMATCH',
    );
    t.equal(
      await settleDownloads(db, rig.clock()),
      0,
      'a download that goes on is not written down yet',
    );
    rig.moveClock(60_000);
    await settleDownloads(db, rig.clock());
    t.match(await rig.events('segments.downloaded'), [
      { firstSegment: 1, lastSegment: 1, officerId },
    ]);
  });

  await t.test('no licence after the recipient’s own destruction receipt', async (t) => {
    const signer = { privateKey: device.sign.privateKey, certificate: device.signCertificate };
    const { packageId } = sealed;
    const receipt = { packageId, deviceId: device.deviceId, at: rig.clock().toISOString() };
    const before = await client.call('POST', `${url}/licence`, {
      jws: await licenceRequest(rig, client, device, packageId),
    });
    t.not(before.body.code, 'ERR_LICENCE_DESTROYED');
    const jws = await signRecord('destruction-receipt', receipt, signer);
    t.equal((await client.call('POST', '/v1/receipts', { jws })).status, 202);
    const after = await client.call('POST', `${url}/licence`, {
      jws: await licenceRequest(rig, client, device, packageId),
    });
    t.match(after, { status: 410, body: { code: 'ERR_LICENCE_DESTROYED' } });
    const refusals = await rig.events('licence.refused');
    t.match(refusals.at(-1), { packageId, failure: 'ERR_LICENCE_DESTROYED' });
  });

  await t.test('the auditor reads a table and a CSV, and the reading is an entry', async (t) => {
    const auditor = await staff(rig, 'auditor', 'auditor-1');
    const log = await auditor.call('GET', '/v1/transfer-log?limit=5');
    t.equal(log.body.rows?.length, 5);
    const csv = await auditor.call('GET', '/v1/transfer-log.csv');
    t.match(csv.text, /^row,at,event/);
    t.match(csv.text, /licence\.issued/);
    t.equal((await rig.events('ledger.read')).length, 2);
    await auditor.call('GET', '/v1/transfer-log?limit=5');
    t.equal((await rig.events('ledger.read')).length, 2, 'an open page does not flood the ledger');
    rig.moveClock(600_000);
    await auditor.call('GET', '/v1/transfer-log?limit=5');
    t.equal((await rig.events('ledger.read')).length, 3);
    const lanes = await auditor.call('GET', '/v1/lanes');
    t.match(lanes.body, {
      trust: { pinned: true, certified: true },
      internalLedger: { verdict: 'unproven' },
    });
  });

  await t.test('entries reach the ledger once, and its head leaves signed', async (t) => {
    const directory = join(rig.config.dataDir, 'ledger-test');
    const ledger = await LedgerWriter.open({ directory, origin: rig.gatewayId, zone: 'dmz' });
    while ((await drainLedger(db, ledger)) > 0);
    t.equal(await db.ledgerEvent.count({ where: { ledgerIndex: null } }), 0);
    t.equal(ledger.size, await db.ledgerEvent.count());
    // A crash between log and database: the rows are carried again, the log stays.
    await db.ledgerEvent.updateMany({ data: { ledgerIndex: null } });
    const size = ledger.size;
    while ((await drainLedger(db, ledger)) > 0);
    t.equal(ledger.size, size);
    const signer = await findSigner(db, ledgerKey, 'ledger');
    t.equal(await publishCheckpoint(db, ledger, signer, rig.clock()), true);
    t.equal(await publishCheckpoint(db, ledger, signer, rig.clock()), false);
    t.equal(await db.outbound.count({ where: { kind: 'checkpoint' } }), 1);
    await ledger.close();
  });

  await t.test(
    'expiry refuses, destroys share and ciphertext, and reports both facts with their times',
    async (t) => {
      rig.moveClock(25 * 3600_000);
      const fresh = await logIn(rig, account);
      const gone = await fresh.call('GET', `${url}/segments/0`);
      t.match(gone, { status: 410, body: { code: 'ERR_PACKAGE_GONE' } });
      t.equal(await rig.destroy(), 1);
      t.equal(await rig.destroy(), 0);
      t.same(await readdir(rig.paths.packages), []);
      t.same(await readdir(join(rig.paths.shares, String((await rig.agreementKey()).epoch))), []);
      t.equal((await rig.events('destruction.key-destroyed')).length, 1);
      t.equal((await rig.events('destruction.file-gone')).length, 1);
      const report = await db.outbound.findFirstOrThrow({ where: { kind: 'destruction-report' } });
      t.match(report.payload, {
        reason: 'expired',
        keyDestroyedAt: String,
        fileDestroyedAt: String,
      });
      t.match((await fresh.call('GET', url)).body, {
        transfer: { state: 'destroyed' },
        licence: { state: 'destroyed' },
      });
      await zone.sendJws(
        rig.spool,
        await sealed.grant(await rig.agreementKey(), { grantId, version: 9 }),
      );
      await zone.sendPackage(rig.spool, sealed.packageId, sealed.path);
      await rig.receive();
      const row = await db.package.findUniqueOrThrow({ where: { id: sealed.packageId } });
      t.equal(row.state, 'destroyed', 'old news cannot revive what is gone');
      t.same(await readdir(rig.paths.packages), []);
    },
  );
});
