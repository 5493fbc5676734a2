import { createReadStream } from 'node:fs';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  canonicalize,
  signRecord,
  unwrapWith,
  type LicenceGrant,
  type ReleaseApprovalDraft,
} from '@sallyport/contracts';
import { approveRelease } from '@sallyport/internal-exporter/commands/approve.js';
import { destroyDue } from '@sallyport/internal-exporter/pipeline/destroy-due.js';
import { drainLedger } from '@sallyport/internal-exporter/pipeline/drain-ledger.js';
import { resealExport, retryExport } from '@sallyport/internal-exporter/pipeline/retry-export.js';
import { runExport } from '@sallyport/internal-exporter/pipeline/run-export.js';
import { showExport } from '@sallyport/internal-exporter/pipeline/show-export.js';
import { signQueued } from '@sallyport/internal-exporter/pipeline/sign-queued.js';
import { packageFile, workFile } from '@sallyport/internal-exporter/store/file-places.js';
import { newId } from '@sallyport/internal-exporter/store/ids.js';
import { sendStep } from '@sallyport/internal-exporter/workers/send.js';
import { openFrame } from '@sallyport/lane';
import { verifyPackage } from '@sallyport/seal/verify';
import t from 'tap';
import { NEVER, bringFootage, choose, release, startRoles, stateOf } from '../roles-fixture.ts';
import { addDevice, seedApprovedExport } from '../approved-export-fixture.ts';
import { commandOf } from '../command-line.ts';
import { makeClip, makeSite } from '../site-fixture.ts';

t.setTimeout(700_000);
t.test('an export walks from footage to the lane', { timeout: 600_000 }, async (t) => {
  const fixture = await makeSite(t);
  const { db, folder, places } = fixture;
  const roles = await startRoles(fixture);
  t.teardown(() => roles.seal.ledger.close());
  const [operator, first, second] = [
    await fixture.addPerson('operator'),
    await fixture.addPerson('approver'),
    await fixture.addPerson('approver'),
  ];
  const clip = join(folder, 'clip.mp4');
  await makeClip(clip);

  const given = await seedApprovedExport(fixture, first);
  const footageId = await bringFootage(fixture, given, clip);
  t.equal(await bringFootage(fixture, given, clip), footageId, 'the same recording is kept once');
  await choose(fixture, given, operator, footageId);
  t.equal(await stateOf(fixture, given), 'transcoding waiting');
  t.ok(await roles.runMedia());
  t.equal(await stateOf(fixture, given), 'mask-review waiting');

  const seen = await showExport(db, given.exportId);
  t.equal(seen.planVersion, 1);
  t.ok(seen.previewCount > 1, 'pictures to judge by');

  await t.test('an operator adds a box and lets it be rendered', async (t) => {
    const { exportId } = given;
    const { accountId } = operator;
    const actor = { kind: 'account', id: accountId } as const;
    const box = { x: 10, y: 10, width: 40, height: 40, atMs: 0, origin: 'seen' } as const;
    const add = {
      kind: 'add',
      trackKind: 'manual',
      reason: '창문',
      fromMs: 0,
      toMs: 1500,
      keyframes: [box],
    } as const;
    const edit = { exportId, basedOn: 1, edits: [{ ...add, keyframes: [box] }], accountId, actor };
    const { version } = await runExport.edit(roles.review, edit, new Date());
    t.equal(version, 2);
    await t.rejects(runExport.edit(roles.review, edit, new Date()), {
      code: 'ERR_EXPORT_VERSION_MISMATCH',
    });
    const review = { exportId, version: 1, accountId, actor };
    await t.rejects(runExport.review(db, review, new Date()), {
      code: 'ERR_EXPORT_VERSION_MISMATCH',
    });
    await runExport.review(db, { ...review, version: 2 }, new Date());
    t.ok(await roles.runMedia());
    t.equal(await stateOf(fixture, given), 'release-approval waiting');
  });

  await t.test('the preparer and the first approver may not release', async (t) => {
    await t.rejects(release(roles, given, operator), { code: 'ERR_APPROVAL_KEY' });
    await t.rejects(release(roles, given, first), { code: 'ERR_APPROVAL_SAME_PERSON' });
    const twin = await fixture.addPerson('approver', first.personId);
    await t.rejects(release(roles, given, twin), { code: 'ERR_APPROVAL_SAME_PERSON' });
    const preparersTwin = await fixture.addPerson('approver', operator.personId);
    await t.rejects(release(roles, given, preparersTwin), { code: 'ERR_APPROVAL_PREPARER' });
    const alter = (draft: ReleaseApprovalDraft): void => void (draft.scopeSha256 = '0'.repeat(64));
    await t.rejects(release(roles, given, second, alter), { code: 'ERR_APPROVAL_MISMATCH' });
    t.equal(await stateOf(fixture, given), 'release-approval waiting');
  });

  await t.test(
    'the second approver releases from the command line, with a key in a file',
    async (t) => {
      const { exportId } = given;
      const approve = await commandOf(fixture, approveRelease, second);
      t.match(await approve(exportId), {
        signed: false,
        draft: { exportId, scope: { scope: {} } },
      });
      t.equal(await stateOf(fixture, given), 'release-approval waiting', 'reading signs nothing');
      const borrowed = await commandOf(fixture, approveRelease, operator);
      await t.rejects(borrowed(exportId, '--sign'), { code: 'ERR_ACCOUNT_UNKNOWN' });
      t.match(await approve(exportId, '--sign'), { signed: true, state: 'encrypting' });
      t.equal(await stateOf(fixture, given), 'encrypting waiting');
    },
  );

  await t.test('seal refuses what differs from what was approved', async (t) => {
    const retry = async () => {
      await roles.sealOnce();
      return stateOf(fixture, given);
    };
    const again = (change: () => Promise<unknown>) => change().then(() => retryIfFailed());
    async function retryIfFailed(): Promise<string> {
      const { progress } = await showExport(db, given.exportId);
      const actor = { kind: 'account', id: operator.accountId } as const;
      if (progress === 'failed')
        await retryExport(db, { exportId: given.exportId, actor }, new Date());
      return retry();
    }
    const approvals = await db.approval.findMany({ where: { requestId: given.requestId } });
    const releaseRow = approvals.find(({ kind }) => kind === 'release');
    const requestRow = approvals.find(({ kind }) => kind === 'request');
    if (releaseRow === undefined || requestRow === undefined)
      throw new Error('two approvals expected');
    const where = { id: releaseRow.id };

    const forged = await signRecord(
      'release-approval',
      {
        ...{
          approvalId: newId(),
          siteId: fixture.site.siteId,
          requestId: given.requestId,
          exportId: given.exportId,
        },
        ...{ scopeSha256: releaseRow.scopeSha256, at: new Date().toISOString() },
        expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
      },
      first.signer,
    );
    const set = (jws: string) => () => db.approval.update({ where, data: { jws } });
    t.equal(
      await again(set(forged)),
      'encrypting failed ERR_SEAL_APPROVAL_PERSON',
      'the same person twice',
    );
    const operatorsHand = (await fixture.addPerson('approver', operator.personId)).signer;
    const parts = {
      approvalId: newId(),
      siteId: fixture.site.siteId,
      requestId: given.requestId,
      exportId: given.exportId,
    };
    const times = {
      at: new Date().toISOString(),
      expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
    };
    const scopeSha256 = releaseRow.scopeSha256;
    const byPreparer = await signRecord(
      'release-approval',
      { ...parts, ...times, scopeSha256 },
      operatorsHand,
    );
    t.equal(
      await again(set(byPreparer)),
      'encrypting failed ERR_SEAL_APPROVAL_PERSON',
      'the preparer',
    );
    const past = { at: '2026-01-01T00:00:00.000Z', expiresAt: '2026-01-02T00:00:00.000Z' };
    const expired = await signRecord(
      'release-approval',
      { ...parts, ...past, scopeSha256 },
      second.signer,
    );
    t.equal(
      await again(set(expired)),
      'encrypting failed ERR_SEAL_APPROVAL_EXPIRED',
      'out of date',
    );
    const other = await signRecord(
      'release-approval',
      { ...parts, ...times, scopeSha256: '1'.repeat(64) },
      second.signer,
    );
    t.equal(await again(set(other)), 'encrypting failed ERR_SEAL_APPROVAL_SCOPE', 'another scope');
    const device = await fixture.issue('device-sign', { subjectId: newId(), ownerId: newId() });
    const byDevice = await signRecord(
      'release-approval',
      { ...parts, ...times, scopeSha256 },
      device.signer,
    );
    t.equal(
      await again(set(byDevice)),
      'encrypting failed ERR_CERTIFICATE_ROLE',
      'no approver at all',
    );
    const gone = await fixture.addPerson('approver');
    const byGone = await signRecord(
      'release-approval',
      { ...parts, ...times, scopeSha256 },
      gone.signer,
    );
    await db.certificate.update({
      where: { id: gone.certificateId },
      data: { revokedAt: new Date() },
    });
    t.equal(await again(set(byGone)), 'encrypting failed ERR_CERTIFICATE_REVOKED', 'a revoked key');
    await db.approval.update({ where, data: { jws: releaseRow.jws } });

    const flipped = `${requestRow.jws.slice(0, -4)}AAAA`;
    await db.approval.update({ where: { id: requestRow.id }, data: { jws: flipped } });
    t.match(
      await again(async () => undefined),
      /^encrypting failed ERR_RECORD_/,
      'an altered request approval',
    );
    await db.approval.update({ where: { id: requestRow.id }, data: { jws: requestRow.jws } });

    const { rendered } = await db.export.findUniqueOrThrow({ where: { id: given.exportId } });
    const facts = rendered as { report: { fileId: string } };
    const report = workFile(places, facts.report.fileId);
    const bytes = await readFile(report);
    await writeFile(
      report,
      Buffer.concat([bytes.subarray(0, -1), Buffer.from([(bytes.at(-1) ?? 0) ^ 1])]),
    );
    t.equal(
      await again(async () => undefined),
      'encrypting failed ERR_AT_REST_TRUNCATED',
      'an altered file',
    );
    await writeFile(report, bytes);
    const { count } = await db.sealedPackage.updateMany({ data: { state: 'sent' } });
    t.equal(count, await db.sealedPackage.count(), 'no attempt left more than an abandoned row');
    await db.sealedPackage.updateMany({ data: { state: 'abandoned' } });
    t.same(
      (await readdir(places.packages)).filter((name) => !name.startsWith('.')),
      [],
      'and no file',
    );
  });

  await t.test('what both approved is sealed, once, and travels', async (t) => {
    const actor = { kind: 'account', id: operator.accountId } as const;
    await retryExport(db, { exportId: given.exportId, actor }, new Date());
    await roles.sealOnce();
    t.equal(await stateOf(fixture, given), 'transferring waiting');
    const { packageId = '' } = await showExport(db, given.exportId);
    const trust = { ca: fixture.site.caCertificate, revoked: new Set<string>() };
    const verified = await verifyPackage(createReadStream(packageFile(places, packageId)), {
      trust,
      now: new Date(),
    });
    t.equal(verified.header.exportId, given.exportId);

    const grantRow = await db.outboundRecord.findFirstOrThrow({ where: { kind: 'licence-grant' } });
    const grant = JSON.parse(
      Buffer.from(grantRow.jws?.split('.')[1] ?? '', 'base64url').toString(),
    ) as LicenceGrant;
    const binding = { purpose: 'licence-share', context: packageId, keyId: '1' } as const;
    const share = await unwrapWith(given.gatewayKey, grant.share ?? '', binding);
    t.equal(share.length, 32, 'the share opens with the gateway’s key');

    while (await signQueued(db, roles.seal.signer));
    while (await sendStep(roles.send, NEVER));
    const after = await showExport(db, given.exportId);
    t.equal(after.state, 'transferring', 'sent is not received');
    t.equal(after.packages.at(-1)?.state, 'sent');
    const spool = join(folder, 'spool');
    const names = (await readdir(spool)).sort();
    const frames = await Promise.all(
      names.map(async (name) =>
        openFrame(await readFile(join(spool, name)), { lane: 'export', trust, now: new Date() }),
      ),
    );
    t.same(
      frames.map(({ header }) => header.seq),
      names.map((_, index) => index + 1),
      'no number is missing',
    );
    const kinds = new Set(frames.map(({ header }) => header.bodyKind));
    t.ok(kinds.has('package-part') && kinds.has('leaf-table') && kinds.has('record'));
  });

  await t.test('another device gets a package of its own in the place of the first', async (t) => {
    const { exportId, officerId } = given;
    const { packageId: old = '' } = await showExport(db, exportId);
    await addDevice(fixture, { officerId, deviceId: newId() });
    await db.export.update({ where: { id: exportId }, data: { state: 'available' } });
    const actor = { kind: 'account', id: operator.accountId } as const;
    const wrong = { exportId, actor, supersedes: newId() };
    await t.rejects(resealExport(db, wrong, new Date()), { code: 'ERR_PACKAGE_EXISTS' });
    await resealExport(db, { exportId, actor, supersedes: old }, new Date());
    await roles.sealOnce();
    const now = await showExport(db, exportId);
    t.equal(now.state, 'transferring');
    t.not(now.packageId, old);
    t.equal(now.packages.find(({ packageId }) => packageId === old)?.state, 'superseded');
    t.equal(now.packages.at(-1)?.deviceCount, 2);
    const revoked = await db.outboundRecord.findMany({
      where: { kind: 'licence-grant', state: 'queued' },
    });
    t.equal(revoked.length, 1, 'the first licence is ended');
    t.match(revoked[0]?.payload, canonicalize({ status: 'revoked' }).slice(1, -1));
  });

  await t.test('every act stands in the ledger, in order', async (t) => {
    while (await drainLedger(db, roles.seal.ledger));
    t.equal(await db.ledgerOutbox.count({ where: { appendedAt: null } }), 0);
    t.equal(roles.seal.ledger.size, await db.ledgerOutbox.count());
    const rows = await db.ledgerOutbox.findMany({ orderBy: { seq: 'asc' } });
    const path = [
      'footage.imported',
      'export.planned',
      'tracks.detected',
      'masks.edited',
      'masks.reviewed',
      'clip.rendered',
      'release.recorded',
      'package.sealed',
      'transfer.sent',
    ];
    const places = path.map((kind) => rows.findIndex((row) => row.kind === kind));
    t.notOk(places.includes(-1), 'none is missing');
    t.same(
      places,
      places.toSorted((a, b) => a - b),
    );
  });

  await t.test('time ends it: the files go, and the ledger says so', async (t) => {
    const { exportId } = given;
    const packageIds = (await showExport(db, exportId)).packages.map(({ packageId }) => packageId);
    const later = new Date(Date.now() + 400 * 86_400_000);
    while (await destroyDue(roles.seal, later));
    t.equal((await showExport(db, exportId)).state, 'expired');
    for (const id of packageIds)
      await t.rejects(readFile(packageFile(places, id)), { code: 'ENOENT' });
    t.same(await readdir(places.work), [], 'plans, previews, clip and report');
    t.same(await readdir(places.footage), [], 'the original');
    t.equal(await db.ledgerOutbox.count({ where: { kind: 'footage.destroyed' } }), 1);
  });
});
