import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { signRecord } from '@sallyport/contracts';
import type { ExporterConfig } from '@sallyport/internal-exporter/config/env.js';
import { runExport } from '@sallyport/internal-exporter/pipeline/run-export.js';
import { showExport } from '@sallyport/internal-exporter/pipeline/show-export.js';
import { startIntake } from '@sallyport/internal-exporter/workers/intake.js';
import { startMedia } from '@sallyport/internal-exporter/workers/media.js';
import { startSeal } from '@sallyport/internal-exporter/workers/seal.js';
import { startSend } from '@sallyport/internal-exporter/workers/send.js';
import { SpoolSender, makeFrame } from '@sallyport/lane';
import { checkLedger } from '@sallyport/ledger';
import { createLifecycle } from '@sallyport/runtime';
import t from 'tap';
import { bringFootage, choose, release } from '../roles-fixture.ts';
import { seedApprovedExport } from '../approved-export-fixture.ts';
import { logger, makeClip, makeSite } from '../site-fixture.ts';

t.setTimeout(700_000);
t.test(
  'the roles carry an export by themselves wherever no person is needed',
  { timeout: 600_000 },
  async (t) => {
    const fixture = await makeSite(t);
    const { db, folder, site, keys, personal } = fixture;
    const dataDirectory = join(folder, 'data');
    const config: ExporterConfig = {
      ...{ dataDirectory, keyFolder: join(folder, 'keys'), listen: { host: '127.0.0.1', port: 0 } },
      ...{ databaseUrl: null, exportSpool: join(folder, 'out'), requestSpool: join(folder, 'in') },
      ...{ watchFolder: null, footageLimitBytes: 1e9, modelsFolder: null, modelSource: null },
      ...{
        passphrase: null,
        approverPassphrase: null,
        caPassphrase: null,
        tls: null,
        logLevel: 'silent',
      },
    };
    const start = async () => {
      const lifecycle = createLifecycle({ logger });
      const context = { config, db, site, keys, logger, lifecycle };
      for (const role of [startSeal, startMedia, startSend, startIntake]) await role(context);
      return lifecycle;
    };
    const first = await fixture.addPerson('approver');
    const second = await fixture.addPerson('approver');
    const operator = await fixture.addPerson('operator');
    const given = await seedApprovedExport(fixture, first);
    const { exportId, requestId } = given;
    const clip = join(folder, 'clip.mp4');
    await makeClip(clip);
    const reach = async (state: string, progress: string): Promise<void> => {
      for (let tries = 0; tries < 400; tries += 1) {
        const now = await showExport(db, exportId);
        if (now.state === state && now.progress === progress) return;
        if (now.progress === 'failed') throw new Error(`${now.state}: ${now.failure ?? ''}`);
        await pause(100);
      }
      throw new Error(`never reached ${state} ${progress}`);
    };

    await choose(fixture, given, operator, await bringFootage(fixture, given, clip));
    let lifecycle = await start();
    await reach('mask-review', 'waiting');
    await lifecycle.stop('a restart between two steps');
    lifecycle = await start();
    const actor = { kind: 'account', id: operator.accountId } as const;
    await runExport.review(
      db,
      { exportId, version: 1, accountId: operator.accountId, actor },
      new Date(),
    );
    await reach('release-approval', 'waiting');
    const roles = { release: { db, site, personal } } as Parameters<typeof release>[0];
    await release(roles, given, second);
    for (let tries = 0; tries < 200; tries += 1) {
      if ((await showExport(db, exportId)).packages[0]?.state === 'sent') break;
      await pause(100);
    }
    const sent = await showExport(db, exportId);
    t.equal(sent.state, 'transferring');
    t.equal(sent.packages[0]?.state, 'sent');
    t.ok((await readdir(config.exportSpool)).length > 3);

    const gateway = await fixture.issue('gateway', {
      subjectId: given.gatewayId,
      ownerId: given.gatewayId,
    });
    const [sealed] = sent.packages;
    const at = new Date().toISOString();
    const facts = {
      packageId: sealed?.packageId ?? '',
      root: sealed?.root ?? '',
      sizeBytes: sealed?.sizeBytes ?? 0,
    };
    const receipt = { ...facts, verdict: 'admitted', segmentCount: 4, at } as const;
    const body = new TextEncoder().encode(
      await signRecord('transfer-receipt', receipt, gateway.signer),
    );
    const place = {
      lane: 'request',
      senderId: given.gatewayId,
      epoch: 1,
      bodyKind: 'record',
      at: receipt.at,
    } as const;
    const spool = new SpoolSender(config.requestSpool);
    await spool.send(await makeFrame({ ...place, seq: 2 }, body, gateway.signer));
    await reach('available', 'done');
    t.equal((await showExport(db, exportId)).packages[0]?.state, 'received');
    t.equal(
      await db.ledgerOutbox.count({ where: { kind: 'lane.gap' } }),
      1,
      'number 1 is missing, and that is said',
    );

    const status = await db.outboundRecord.findMany({
      where: { kind: 'request-status' },
      orderBy: { seq: 'asc' },
    });
    t.ok(status.length > 5, 'the requester was told of each step');
    t.match(status.at(-1)?.payload, `"requestId":"${requestId}"`);
    await pause(500);
    await lifecycle.stop('done');
    t.same(await readdir(join(dataDirectory, 'jobs')), [], 'nothing lies in the clear');
    t.equal(await db.ledgerOutbox.count({ where: { appendedAt: null } }), 0);
    const report = await checkLedger({
      directory: join(dataDirectory, 'ledger'),
      ca: site.caCertificate,
    });
    t.ok(report.isSound);
  },
);
