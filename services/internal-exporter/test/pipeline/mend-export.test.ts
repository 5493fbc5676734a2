import { createHash } from 'node:crypto';
import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chooseFootage } from '@sallyport/internal-exporter/pipeline/choose-footage.js';
import { receiveTransferReceipt } from '@sallyport/internal-exporter/acts/receive-receipts.js';
import { wipeJobFolders } from '@sallyport/internal-exporter/pipeline/job-folder.js';
import { retryExport } from '@sallyport/internal-exporter/pipeline/retry-export.js';
import { runExport } from '@sallyport/internal-exporter/pipeline/run-export.js';
import { showExport } from '@sallyport/internal-exporter/pipeline/show-export.js';
import { footageFile, packageFile } from '@sallyport/internal-exporter/store/file-places.js';
import { inTransaction } from '@sallyport/internal-exporter/store/database.js';
import { claimJob } from '@sallyport/internal-exporter/store/jobs.js';
import { newId } from '@sallyport/internal-exporter/store/ids.js';
import { sendStep } from '@sallyport/internal-exporter/workers/send.js';
import { watchOnce, type Sightings } from '@sallyport/internal-exporter/intake/watch-folder.js';
import { mkdir } from 'node:fs/promises';
import t from 'tap';
import { NEVER, bringFootage, choose, release, startRoles, stateOf } from '../roles-fixture.ts';
import { seedApprovedExport } from '../approved-export-fixture.ts';
import { makeClip, makeSite } from '../site-fixture.ts';

t.setTimeout(700_000);
t.test('what goes wrong on the way is said, and mended', { timeout: 600_000 }, async (t) => {
  const fixture = await makeSite(t);
  const { db, folder, places, site, personal } = fixture;
  const roles = await startRoles(fixture);
  t.teardown(() => roles.seal.ledger.close());
  const operator = await fixture.addPerson('operator');
  const first = await fixture.addPerson('approver');
  const second = await fixture.addPerson('approver');
  const actor = { kind: 'account', id: operator.accountId } as const;
  const clip = join(folder, 'clip.mp4');
  await makeClip(clip);

  await t.test('a file that is no video is refused, and other footage may be chosen', async (t) => {
    const given = await seedApprovedExport(fixture, first);
    const text = join(folder, 'list.mp4');
    await writeFile(text, "ffconcat version 1.0\nfile '/etc/passwd'\n");
    const footageId = await bringFootage(fixture, given, text);
    await choose(fixture, given, operator, footageId);
    await roles.runMedia();
    t.equal(await stateOf(fixture, given), 'acquiring failed ERR_MEDIA_NOT_VIDEO');
    t.match(await db.footage.findUnique({ where: { id: footageId } }), {
      state: 'refused',
      failure: 'ERR_MEDIA_NOT_VIDEO',
    });
    await t.rejects(choose(fixture, given, operator, footageId), { code: 'ERR_FOOTAGE_REFUSED' });
    await choose(fixture, given, operator, await bringFootage(fixture, given, clip));
    t.equal(await stateOf(fixture, given), 'transcoding waiting');
    await db.job.updateMany({ data: { state: 'done' } });
  });

  await t.test('an empty file and one of an unknown camera are not taken', async (t) => {
    const given = await seedApprovedExport(fixture, first);
    const empty = join(folder, 'empty.mp4');
    await writeFile(empty, '');
    await t.rejects(bringFootage(fixture, given, empty), { code: 'ERR_MEDIA_EMPTY' });
    const nowhere = { ...given, cameraId: newId() };
    await t.rejects(bringFootage(fixture, nowhere, clip), { code: 'ERR_FOOTAGE_CAMERA_UNKNOWN' });
    const other = await seedApprovedExport(fixture, first);
    const footageId = await bringFootage(fixture, other, clip);
    await t.rejects(choose(fixture, given, operator, footageId), {
      code: 'ERR_FOOTAGE_OTHER_CAMERA',
    });
    await t.rejects(choose(fixture, other, first, footageId), { code: 'ERR_APPROVAL_PREPARER' });
  });

  await t.test('an original that was altered at rest stops the step', async (t) => {
    const given = await seedApprovedExport(fixture, first);
    const footageId = await bringFootage(fixture, given, clip);
    const path = footageFile(places, footageId);
    const bytes = await readFile(path);
    const whole = Buffer.from(bytes);
    bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1;
    await writeFile(path, bytes);
    await choose(fixture, given, operator, footageId);
    await roles.runMedia();
    t.equal(await stateOf(fixture, given), 'transcoding failed ERR_AT_REST_TRUNCATED');
    await writeFile(path, whole);
    await db.footage.update({
      where: { id: footageId },
      data: { sha256: createHash('sha256').update('x').digest('hex') },
    });
    await retryExport(db, { exportId: given.exportId, actor }, new Date());
    await roles.runMedia();
    t.equal(await stateOf(fixture, given), 'transcoding failed ERR_FOOTAGE_DIGEST_MISMATCH');
  });

  await t.test('seal gives no key for an export whose approval does not hold', async (t) => {
    const given = await seedApprovedExport(fixture, first);
    const footageId = await bringFootage(fixture, given, clip);
    await choose(fixture, given, operator, footageId);
    const later = new Date(given.startsAt.getTime() + 5_000);
    await db.export.update({ where: { id: given.exportId }, data: { endsAt: later } });
    await roles.runMedia();
    t.equal(
      await stateOf(fixture, given),
      'transcoding failed ERR_GATE_SCOPE_MISMATCH',
      'a longer range than approved',
    );
  });

  await t.test(
    'a face export without a model is refused and goes on once there is one',
    async (t) => {
      const given = await seedApprovedExport(fixture, first);
      const footageId = await bringFootage(fixture, given, clip);
      const preparer = { accountId: operator.accountId, actor };
      const choice = {
        exportId: given.exportId,
        footageId,
        targets: ['face'],
        style: 'solid',
        preparer,
      } as const;
      await chooseFootage(db, choice, new Date());
      await roles.runMedia();
      t.equal(await stateOf(fixture, given), 'masking failed ERR_MEDIA_MODEL_MISSING');
      const { failureDetail } = await showExport(fixture.db, given.exportId);
      t.match(failureDetail, { target: 'face' }, 'with what helps to mend it');
      await t.rejects(
        runExport.review(
          db,
          { exportId: given.exportId, version: 1, accountId: operator.accountId, actor },
          new Date(),
        ),
        {
          code: 'ERR_EXPORT_VERSION_MISMATCH',
        },
      );
    },
  );

  await t.test('a worker that died leaves its step to the next one', async (t) => {
    const given = await seedApprovedExport(fixture, first);
    await choose(fixture, given, operator, await bringFootage(fixture, given, clip));
    const now = new Date();
    const dead = await claimJob(db, { steps: ['detect'], worker: 'media:dead', now });
    t.equal(dead?.exportId, given.exportId);
    t.equal(
      await claimJob(db, { steps: ['detect'], worker: 'media:test', now }),
      null,
      'its lease holds',
    );
    const root = roles.media.jobRoots[1];
    await mkdir(join(root, dead?.id ?? ''), { recursive: true });
    await db.job.update({
      where: { id: dead?.id ?? '' },
      data: { leaseUntil: new Date(now.getTime() - 1) },
    });
    await wipeJobFolders(db, [root], now);
    t.same(await readdir(root), [], 'what it left in the clear is gone');
    await roles.runMedia();
    t.equal(await stateOf(fixture, given), 'mask-review waiting');
    await db.job.update({
      where: { id: dead?.id ?? '' },
      data: { state: 'running', attempts: 9, leaseUntil: now },
    });
    await roles.runMedia();
    t.match(await db.job.findUnique({ where: { id: dead?.id ?? '' } }), {
      state: 'failed',
      failure: 'ERR_EXPORT_STEP_ABANDONED',
    });
  });

  await t.test(
    'a sealing that was cut off is done over with another id; a lost package is sent again',
    async (t) => {
      const given = await seedApprovedExport(fixture, first);
      const { exportId } = given;
      await choose(fixture, given, operator, await bringFootage(fixture, given, clip));
      await roles.runMedia();
      await runExport.review(
        db,
        { exportId, version: 1, accountId: operator.accountId, actor },
        new Date(),
      );
      await roles.runMedia();
      await release(roles, given, second);
      const cutOff = newId();
      await db.sealedPackage.create({
        data: {
          ...{
            id: cutOff,
            exportId,
            requestId: given.requestId,
            state: 'sealing',
            gatewayId: newId(),
            grantId: newId(),
          },
          ...{ expiresAt: new Date(), createdAt: new Date(), root: 'f'.repeat(64) },
        },
      });
      await writeFile(packageFile(places, cutOff), 'whole, but its share is lost');
      await roles.sealOnce();
      t.equal(await stateOf(fixture, given), 'transferring waiting');
      const shown = await showExport(db, exportId);
      t.not(shown.packageId, cutOff);
      t.notOk((await readdir(places.packages)).includes(`${cutOff}.sallypkg`));

      while (await sendStep(roles.send, NEVER));
      const spool = join(folder, 'spool');
      const sent = await readdir(spool);
      await rm(spool, { recursive: true });
      await retryExport(db, { exportId, actor }, new Date());
      while (await sendStep(roles.send, NEVER));
      const parts = await db.laneFrameOut.findMany({ where: { packageId: shown.packageId ?? '' } });
      t.same(
        (await readdir(spool)).filter((name) => sent.includes(name)).length,
        parts.length + 1,
        'the same numbers again, and the grant',
      );

      const row = await db.sealedPackage.findUniqueOrThrow({
        where: { id: shown.packageId ?? '' },
      });
      const receive = (verdict: 'admitted' | 'quarantined', failure?: 'ERR_SEAL_MAGIC') =>
        inTransaction(db, (tx) =>
          receiveTransferReceipt(
            tx,
            {
              ...{ packageId: row.id, verdict, root: '0'.repeat(64), sizeBytes: 1 },
              ...{ segmentCount: 0, at: new Date().toISOString() },
              ...(failure === undefined ? {} : { failure }),
            },
            row.gatewayId,
            new Date(),
          ),
        );
      await t.rejects(receive('admitted'), { code: 'ERR_RECORD_AUDIENCE' });
      await receive('quarantined', 'ERR_SEAL_MAGIC');
      t.equal(
        await stateOf(fixture, given),
        'transferring failed ERR_SEAL_MAGIC',
        'a package that could not even be read outside is known inside',
      );
    },
  );

  await t.test(
    'the watch folder takes whole files in and puts the others aside with a reason',
    async (t) => {
      const given = await seedApprovedExport(fixture, first);
      const watched = join(folder, 'watched');
      await mkdir(watched);
      const store = { db, site, places, personal };
      const bytes = await readFile(clip);
      await writeFile(join(watched, `${given.cameraId}_20261121T010000Z.mp4`), bytes);
      await writeFile(join(watched, 'named-by-hand.mp4'), bytes.subarray(0, 3000));
      await writeFile(
        join(watched, 'named-by-hand.json'),
        JSON.stringify({ cameraId: given.cameraId, startsAt: '2026-11-21T02:00:00.000Z' }),
      );
      await writeFile(join(watched, 'holiday.mp4'), bytes);
      await writeFile(join(watched, `${given.cameraId}_20260231T010000Z.mp4`), bytes);
      await writeFile(join(watched, 'growing.mp4.part'), bytes);
      const seen: Sightings = new Map();
      const start = Date.now();
      t.equal(
        await watchOnce(store, watched, seen, new Date(start), 1000),
        0,
        'nothing before it has rested',
      );
      t.equal(await watchOnce(store, watched, seen, new Date(start + 1500), 1000), 4);
      t.same((await readdir(watched)).sort(), ['growing.mp4.part', 'refused']);
      const refused = await readdir(join(watched, 'refused'));
      t.equal(refused.length, 4, 'two files, two reasons');
      const reason = refused.find((name) => name.endsWith('.reason.json')) ?? '';
      t.match(JSON.parse(await readFile(join(watched, 'refused', reason), 'utf8')), {
        code: 'ERR_FOOTAGE_NAMING',
      });
      t.equal(
        await db.footage.count({ where: { cameraId: given.cameraId, source: 'watch-folder' } }),
        2,
      );
    },
  );
});
