import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { signRecord, type LicenceGrant } from '@sallyport/contracts';
import { addStation, licenceRequest, officer } from '../support/client.ts';
import { newId } from '../support/internal-zone.ts';
import { startRig, type Rig } from '../support/rig.ts';
import { makePackage } from '../support/seal-fixture.ts';

t.setTimeout(180_000); // a busy machine: every rig starts a database

void t.test('the export lane', async (t) => {
  const rig = await startRig(t);
  const { zone, db, spool } = rig;
  await zone.sendDirectory(spool, [
    { kind: 'station', id: newId(), value: { name: '먼저 온 서' } },
  ]);
  t.equal(await rig.receive(), null, 'nothing is taken before the internal zone is pinned');
  t.equal((await readdir(spool)).length, 1);
  await rig.importTrust();
  const stationId = await addStation(rig);
  const { officerId, device, client } = await officer(rig, stationId);
  await rig.certifyGateway();
  await rig.receive();
  const seal = (more: Partial<Parameters<typeof makePackage>[1]> = {}) =>
    makePackage(zone, { folder: rig.config.dataDir, gatewayId: rig.gatewayId, officerId, device, now: rig.clock(), ...more }); // prettier-ignore
  const stateOf = async (id: string) => db.package.findUniqueOrThrow({ where: { id } });

  await t.test(
    'a directory row of a lower version changes nothing, and a tombstone stays',
    async (t) => {
      const id = newId();
      const camera = (name: string) => ({
        name,
        district: '중구',
        location: '1',
        retentionDays: 30,
        excluded: false,
      });
      const send = async (version: number, value: unknown) => {
        await zone.sendDirectory(spool, [{ kind: 'camera', id, version, value }]);
        await rig.receive();
        const { cameras } = (await client.call('GET', '/v1/directory/cameras')).body as {
          cameras: { name: string }[];
        };
        return cameras.map(({ name }) => name);
      };
      t.same(await send(5, camera('새 이름')), ['새 이름']);
      t.same(await send(4, camera('옛 이름')), ['새 이름']);
      t.same(await send(6, null), []);
      t.same(await send(5, camera('되살림')), []);
    },
  );

  await t.test('gaps are recorded and filled, repetitions are harmless', async (t) => {
    const before = (await rig.events('lane.gap')).length;
    zone.skip(2);
    await zone.sendDirectory(spool, [
      { kind: 'station', id: newId(), value: { name: '건너뛴 서' } },
    ]);
    await rig.receive();
    t.match((await rig.events('lane.gap')).slice(before), [{ lane: 'export' }]);
    const row = await db.laneReceiver.findUniqueOrThrow({ where: { lane: 'export' } });
    const { missing } = row.state as { missing: { from: number; to: number }[] };
    t.equal(missing.length, 1);
    const name = '늦은 서';
    const update = {
      siteId: zone.siteId,
      entries: [{ kind: 'station' as const, id: newId(), version: 1, value: { name } }],
      at: rig.clock().toISOString(),
    };
    const jws = await signRecord('directory-update', update, zone.seal);
    const high = (row.state as { high: number }).high;
    await zone.sendJws(spool, jws, { seq: missing[0]?.from ?? 0 });
    t.match(await rig.receive(), { applied: 1 });
    await zone.sendJws(spool, jws, { seq: missing[0]?.from ?? 0 });
    t.match(await rig.receive(), { applied: 0, duplicates: 1 });
    await zone.sendJws(spool, jws, { seq: high + 1 });
    t.match(await rig.receive(), { applied: 1 });
  });

  await t.test(
    'a stranger’s frame, a damaged one and records that do not belong here are refused, visibly',
    async (t) => {
      const refusedCodes = async () =>
        (await rig.events('lane.refused')).map((event) => (event as { failure: string }).failure);
      const stranger = await zone.signer('seal');
      await zone.sendBody(spool, Buffer.from('x'), { signer: stranger });
      await rig.receive();
      await rig.receive();
      t.ok((await refusedCodes()).includes('ERR_CERTIFICATE_ROLE'));
      await writeFile(join(spool, 'notes.txt'), 'hello');
      await rig.receive();
      t.ok((await refusedCodes()).includes('ERR_LANE_FRAME_FOREIGN'));
      const checkpoint = {
      origin: zone.siteId, zone: 'internal' as const, treeSize: 1, rootHash: 'ab'.repeat(32), consistency: [], at: rig.clock().toISOString(),
    }; // prettier-ignore
      await zone.sendJws(spool, await signRecord('checkpoint', checkpoint, zone.seal));
      await rig.receive();
      t.equal(await db.witnessedLedger.count(), 0, 'the sealer does not speak for the ledger');
      await zone.sendJws(spool, await signRecord('checkpoint', checkpoint, zone.ledger));
      await rig.receive();
      t.match(await db.witnessedLedger.findFirst(), { verdict: 'verified' });
      const rewritten = { ...checkpoint, rootHash: 'cd'.repeat(32) };
      await zone.sendJws(spool, await signRecord('checkpoint', rewritten, zone.ledger));
      await rig.receive();
      t.match(await db.witnessedLedger.findFirst(), { verdict: 'forked' });
      await zone.sendJws(spool, await signRecord('transfer-receipt', {
      packageId: newId(), verdict: 'admitted', root: 'ab'.repeat(32), sizeBytes: 1, segmentCount: 1, at: rig.clock().toISOString(),
    }, zone.seal)); // prettier-ignore
      await rig.receive();
      t.ok((await refusedCodes()).includes('ERR_RECORD_UNEXPECTED'));
    },
  );

  await t.test('one flipped bit anywhere keeps a package out, with the reason', async (t) => {
    const sealed = await seal();
    const good = await readFile(sealed.path);
    const { layout } = sealed;
    const places = {
      magic: 2,
      header: 200,
      segment: layout.segmentsOffset + 70_000,
      'leaf table': layout.leafTableOffset + 5,
    };
    for (const [part, at] of Object.entries(places)) {
      const bent = Uint8Array.from(good);
      bent[at] = (bent[at] ?? 0) ^ 1;
      const id = await sendBytes(rig, bent);
      const row = await stateOf(id);
      t.match(row, { state: 'quarantined', failure: /^ERR_/ }, part);
      t.notOk((await readdir(rig.paths.packages)).includes(`${id}.sealed`));
    }
    const cut = await sendBytes(rig, good.subarray(0, good.length - 40));
    t.match(await stateOf(cut), { state: 'quarantined', failure: 'ERR_SEAL_TRUNCATED' });
    const renamed = await sendBytes(rig, good);
    t.match(await stateOf(renamed), { state: 'quarantined', failure: 'ERR_PACKAGE_ID_MISMATCH' });
    const quarantined = await db.outbound.findMany({ where: { kind: 'transfer-receipt' } });
    t.ok(
      quarantined.every(
        ({ payload }) => (payload as { verdict: string }).verdict === 'quarantined',
      ),
    );
  });

  await t.test(
    'a package for another gateway and a second one of an export are kept out',
    async (t) => {
      const foreign = await seal({ gatewayId: newId() });
      await zone.sendPackage(spool, foreign.packageId, foreign.path);
      await rig.receive();
      t.match(await stateOf(foreign.packageId), {
        state: 'quarantined',
        failure: 'ERR_RECORD_AUDIENCE',
      });
      const first = await seal();
      const second = await seal({ exportId: first.exportId, requestId: first.requestId });
      for (const each of [first, second]) {
        await zone.sendPackage(spool, each.packageId, each.path);
        await rig.receive();
      }
      t.equal((await stateOf(first.packageId)).state, 'available');
      t.match(await stateOf(second.packageId), {
        state: 'quarantined',
        failure: 'ERR_PACKAGE_SECOND',
      });
    },
  );

  await t.test(
    'a package that supersedes another replaces it, and the old key and file are destroyed',
    async (t) => {
      const first = await seal();
      await zone.sendPackage(spool, first.packageId, first.path);
      await zone.sendJws(spool, await first.grant(await rig.agreementKey()));
      const next = await seal({
        exportId: first.exportId,
        requestId: first.requestId,
        supersedes: first.packageId,
      });
      await zone.sendPackage(spool, next.packageId, next.path);
      await rig.receive();
      t.equal((await stateOf(next.packageId)).state, 'available');
      await rig.destroy();
      t.match(await stateOf(first.packageId), {
        state: 'destroyed',
        destroyReason: 'superseded',
        keyDestroyedAt: Date,
        fileDestroyedAt: Date,
      });
      t.notOk((await readdir(rig.paths.packages)).includes(`${first.packageId}.sealed`));
    },
  );

  await t.test(
    'a revocation, which carries no share and no epoch, removes the share where it lies',
    async (t) => {
      const sealed = await seal();
      const key = await rig.agreementKey();
      const active = await sealed.grant(key);
      await zone.sendPackage(spool, sealed.packageId, sealed.path);
      await zone.sendJws(spool, active);
      await rig.receive();
      const [, text = ''] = active.split('.');
      // The fixture signed it a moment ago.
      const { share, ...grant } = JSON.parse(
        Buffer.from(text, 'base64url').toString(),
      ) as LicenceGrant;
      t.ok(share);
      const file = join(rig.paths.shares, String(key.epoch), `${grant.grantId}.jwe`);
      t.ok(await readFile(file));
      const revoked = { ...grant, version: 2, status: 'revoked', plays: 0, epoch: 0 } as const;
      await zone.sendJws(spool, await signRecord('licence-grant', revoked, zone.seal));
      await rig.receive();
      await rig.destroy();
      t.match(await stateOf(sealed.packageId), { state: 'destroyed', keyDestroyedAt: Date });
      await t.rejects(readFile(file), { code: 'ENOENT' });
    },
  );

  await t.test(
    'the same package again changes nothing; another root under its id keeps both out',
    async (t) => {
      const first = await seal();
      await zone.sendPackage(spool, first.packageId, first.path);
      await rig.receive();
      await zone.sendPackage(spool, first.packageId, first.path);
      await rig.receive();
      t.equal((await stateOf(first.packageId)).state, 'available');
      const twin = await seal({
        packageId: first.packageId,
        exportId: first.exportId,
        requestId: first.requestId,
      });
      await zone.sendPackage(spool, twin.packageId, twin.path);
      await rig.receive();
      t.match(await stateOf(first.packageId), {
        state: 'quarantined',
        failure: 'ERR_SEAL_EQUIVOCATION',
      });
      t.equal((await rig.events('package.equivocation')).length, 1);
      const kept = (await readdir(rig.paths.quarantine)).filter((name) =>
        name.startsWith(first.packageId),
      );
      t.equal(kept.length, 2, 'both are evidence');
      t.equal(
        (await client.call('GET', `/v1/packages/${first.packageId}/header`)).body.code,
        'ERR_PACKAGE_QUARANTINED',
      );
    },
  );

  await t.test('a file moved just before a crash is found again and admitted', async (t) => {
    const sealed = await seal();
    await zone.sendPackage(spool, sealed.packageId, sealed.path);
    await rig.receive();
    // As if the row had not been written: the file lies under its final name, the row still waits.
    await db.package.update({
      where: { id: sealed.packageId },
      data: { state: 'verifying', header: null, admittedAt: null },
    });
    await rig.receive();
    t.match(await stateOf(sealed.packageId), { state: 'available', admittedAt: Date });
  });

  await t.test(
    'a licence is refused to a revoked device, to another’s, before its time, after revocation',
    async (t) => {
      const sealed = await seal();
      const url = `/v1/packages/${sealed.packageId}/licence`;
      const grantId = newId();
      const key = await rig.agreementKey();
      await zone.sendPackage(spool, sealed.packageId, sealed.path);
      await zone.sendJws(spool, await sealed.grant(key, { grantId, plays: 0 }));
      await zone.sendJws(spool, await sealed.grant(key, { grantId: newId(), version: 2 }));
      await rig.receive();
      t.equal(
        (await db.grant.findUniqueOrThrow({ where: { packageId: sealed.packageId } })).id,
        grantId,
        'a second grant cannot reset the plays',
      );
      const codeOf = async (overrides: object) =>
        (
          await client.call('POST', url, {
            jws: await licenceRequest(rig, client, device, sealed.packageId, overrides),
          })
        ).body.code as string;
      t.equal(await codeOf({ gatewayId: newId() }), 'ERR_RECORD_AUDIENCE');
      t.equal(await codeOf({ nonce: 'A'.repeat(43) }), 'ERR_LICENCE_NONCE');
      t.equal(await codeOf({ deviceId: newId() }), 'ERR_DEVICE_FOREIGN');
      const stale = await licenceRequest(rig, client, device, sealed.packageId);
      rig.moveClock(61_000);
      t.equal((await client.call('POST', url, { jws: stale })).body.code, 'ERR_LICENCE_NONCE');
      const open = await client.call('POST', url, {
        jws: await licenceRequest(rig, client, device, sealed.packageId),
      });
      t.equal(open.status, 200);
      const serial = await zone.serialOf(device.signCertificate);
      const value = { serial, reason: 'lost', at: rig.clock().toISOString() };
      await zone.sendDirectory(spool, [{ kind: 'revocation', id: serial, value }]);
      await rig.receive();
      const ended = await client.call('GET', '/v1/session');
      t.equal(
        ended.body.code,
        'ERR_SESSION_EXPIRED',
        'the session that proved the device ends with it',
      );
    },
  );
});

/** Sends raw bytes as a package under a new id. */
async function sendBytes(rig: Rig, bytes: Uint8Array): Promise<string> {
  const packageId = newId();
  const path = join(rig.config.dataDir, `${packageId}.bytes`);
  await writeFile(path, bytes);
  await rig.zone.sendPackage(rig.spool, packageId, path);
  await rig.receive();
  return packageId;
}
