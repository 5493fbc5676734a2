// Both lanes through a link that delays, repeats, reorders, halves and loses files, then frames that
// are old, changed or forged (test-limit: 1500 s). A damaged file may still be arriving: the receiver
// gives it two minutes before it is refused, so those are laid first and looked at last.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type {
  ConsoleExport,
  ConsoleRequest,
  PortalCameras,
  PortalLanes,
  PortalPackage,
} from '@sallyport/contracts';
import {
  activate,
  createHops,
  logIn,
  openPair,
  playPackage,
  tellStory,
  waitFor,
  type ApiClient,
  type Pair,
} from '@sallyport/testkit';
import { sendsWhatItLikes } from '../attack/hostile-dmz.ts';
import { clearAfter, makeFolder, makeSmallClip } from '../support/stage.ts';
import { TappedLane } from '../support/tapped-lane.ts';
import { layDamagedFrames, refusesDamaged } from './damaged-frames.ts';
import { forges } from './forged-packages.ts';
import {
  countInside,
  countOutside,
  eventsInside,
  kindOf,
  rangesOf,
  textOf,
  type Scene,
} from './lane-scene.ts';
import { sendLarge } from './large-export.ts';

const WORN = { duplication: 0.4, delaySteps: 6, partial: 0.2 };

await t.test('a link that does what it likes with files', async (t) => {
  const directory = await makeFolder(t);
  const clip = await makeSmallClip(directory);
  const spool = (name: string) => join(directory, 'spool', name);
  const lanes = {
    exporterWrites: spool('export-out'),
    gatewayReads: spool('export-in'),
    gatewayWrites: spool('request-out'),
    exporterReads: spool('request-in'),
  };
  const exportLane = new TappedLane(lanes.exporterWrites, lanes.gatewayReads, {
    seed: 11,
    ...WORN,
  });
  const requestLane = new TappedLane(lanes.gatewayWrites, lanes.exporterReads, {
    seed: 12,
    ...WORN,
  });
  const pair = await openPair({ directory, lanes });
  clearAfter(t, pair, directory);
  await Promise.all([exportLane.start(), requestLane.start()]);
  t.teardown(async () => {
    await Promise.all([exportLane.stop(), requestLane.stop()]);
  });

  const hops = createHops(() => undefined);
  const end = await tellStory(pair, hops, clip, { hasFaceModel: false });
  t.equal(hops.failed, null, 'files late, twice, out of order and half written change nothing');
  const auditor = await hireGatewayAuditor(pair);
  const scene: Scene = { directory, pair, exportLane, requestLane, end, auditor };

  const damaged = await layDamagedFrames(scene);
  await t.test('old frames again', (t) => replays(t, scene));
  await t.test('a lost part', (t) => losesPart(t, scene));
  await t.test('lost records', (t) => losesRecords(t, scene));
  await t.test('damaged frames', (t) => refusesDamaged(t, scene, damaged));
  await t.test('forged packages', (t) => forges(t, scene));
  await pair.startExporter();
  await t.test('a hostile DMZ', (t) => sendsWhatItLikes(t, scene));
});

async function hireGatewayAuditor(pair: Pair): Promise<ApiClient> {
  const { activationCode } = await pair.gateway([
    ...['account', 'create', '--role', 'auditor', '--name', '외부감사'],
    ...['--login', 'outside-auditor', '--by', 'N-0001'],
  ]);
  const account = await activate(pair.portalUrl, 'outside-auditor', String(activationCode));
  return logIn(pair.portalUrl, account);
}

/** Everything that ever went over either lane arrives once more. */
async function replays(t: Test, scene: Scene): Promise<void> {
  const { exportLane, requestLane, end, auditor } = scene;
  const look = async () => ({
    package: await end.requester.client.get<PortalPackage>(`/v1/packages/${end.packageId}`),
    state: (await end.staff.operator.client.get<ConsoleRequest>(`/v1/requests/${end.requestId}`))
      .state,
    admitted: await countOutside(auditor, 'package.admitted'),
    receipts: await countInside(end, 'transfer.receipt'),
    opened: await countInside(end, 'playback.opened'),
  });
  const before = await look();
  for (const lane of [exportLane, requestLane])
    for (const { name } of await lane.frames())
      await lane.put(`again-${name}`, join(lane.archive, name));
  await waitFor('the old frames to be taken away', async () => {
    const left = await Promise.all([
      readdir(join(scene.directory, 'spool', 'export-in')),
      readdir(join(scene.directory, 'spool', 'request-in')),
    ]);
    return left.flat().some((name) => name.startsWith('again-')) ? null : true;
  });
  t.strictSame(await look(), before, 'every frame a second time changes nothing in either zone');
}

/** A package of several parts, one of them lost on the way out, then the receipt on the way in. */
async function losesPart(t: Test, scene: Scene): Promise<void> {
  const { exportLane, requestLane, end, auditor } = scene;
  const operator = end.staff.operator.client;
  const client = end.requester.client;
  exportLane.hold(
    ({ header }) => header.bodyKind === 'package-part' && header.transfer?.partIndex === 1,
  );
  requestLane.hold(({ body }) => kindOf(body) === 'transfer-receipt');
  const exportId = await sendLarge(t, scene);
  const [lost] = await waitFor('the part that is held back', async () => {
    const names = await readdir(exportLane.held);
    const frames = (await exportLane.frames()).filter(({ name }) => names.includes(name));
    return frames.length > 0 ? frames : null;
  });
  if (lost?.header.transfer === undefined) throw new Error('a part has a transfer');
  const { packageId, partCount } = lost.header.transfer;
  t.ok(partCount >= 3, `the package has ${partCount} parts`);
  const path = `/v1/packages/${packageId}`;
  const shown = await waitFor('all the other parts', async () => {
    const seen = await client
      .get<{ packages: readonly { packageId: string; transfer: PortalPackage['transfer'] }[] }>(
        '/v1/packages',
      )
      .catch(() => null);
    const exports = await client.get<{ exports: readonly { package: PortalPackage | null }[] }>(
      `/v1/requests/${(await operator.get<ConsoleExport>(`/v1/exports/${exportId}`)).requestId}`,
    );
    const transfer = (
      seen?.packages.find((each) => each.packageId === packageId) ?? exports.exports[0]?.package
    )?.transfer;
    return transfer?.partsReceived === partCount - 1 ? transfer : null;
  });
  t.match(
    shown,
    { state: 'receiving', missing: [{ from: 1, to: 1 }] },
    'the portal lists exactly the part that is missing',
  );
  const gapOf = async () => (await auditor.get<PortalLanes>('/v1/lanes')).exportLane.gaps;
  await waitFor('the gap', async () => ((await gapOf()).length > 0 ? true : null));
  t.match(
    await gapOf(),
    [{ from: lost.header.seq, to: lost.header.seq, count: 1, kind: 'open' }],
    'the lane shows exactly the number that is missing',
  );
  const inside = await waitFor('the package sent', async () => {
    const { packages } = await operator.get<ConsoleExport>(`/v1/exports/${exportId}`);
    return packages.find((each) => each.sentAt !== null) ?? null;
  });
  t.match(inside, { state: 'sent', receivedAt: null }, 'inside, sent is not received');

  await exportLane.release();
  await waitFor('the package outside', async () => {
    const seen = await client.get<PortalPackage>(path).catch(() => null);
    return seen?.transfer.state === 'available' ? true : null;
  });
  t.pass('the lost file completes the package');
  t.strictSame(await gapOf(), [], 'and closes the gap');
  await waitFor('the receipt that is held back', async () =>
    (await readdir(requestLane.held)).length > 0 ? true : null,
  );
  const still = await operator.get<ConsoleExport>(`/v1/exports/${exportId}`);
  t.match(
    still.packages[0],
    { state: 'sent', receivedAt: null },
    'without the gateway’s receipt it is still only sent',
  );
  const held = (await requestLane.frames()).find(
    ({ body }) => kindOf(body) === 'transfer-receipt' && textOf(body).includes(packageId),
  );
  await waitFor(
    'the gap of the request lane in the ledger',
    async () => {
      const gaps = (await eventsInside(end)).filter(
        (event) => event.kind === 'lane.gap' && event.lane === 'request',
      );
      return gaps.some(
        (event) =>
          event.kind === 'lane.gap' &&
          event.fromSeq <= (held?.header.seq ?? 0) &&
          event.toSeq >= (held?.header.seq ?? 0),
      )
        ? true
        : null;
    },
    { timeoutMs: 240_000 },
  );
  t.pass('inside, the ledger names the number that is missing on the request lane');
  await requestLane.release();
  await waitFor('the receipt inside', async () => {
    const { packages } = await operator.get<ConsoleExport>(`/v1/exports/${exportId}`);
    return packages[0]?.state === 'received' ? true : null;
  });
  t.pass('with it, received');
  const played = await playPackage(end.requester, end.device, packageId);
  t.ok(played.sizeBytes > 16 * 1024 * 1024, 'and it plays');
}

/** Directory updates of which the link loses about half; all of them come again in the end. */
async function losesRecords(t: Test, scene: Scene): Promise<void> {
  const { exportLane, end, auditor } = scene;
  const mover = await exportLane.change({ seed: 7, loss: 0.5 });
  const names = Array.from({ length: 12 }, (_, index) => `하천변 ${index + 1}`);
  for (const name of names) {
    await end.staff.operator.client.send('POST', '/v1/cameras', {
      ...{ name, location: '한빛시 하천로', type: 'fixed', district: '하천동' },
    });
    // One record a frame: the next update waits until this one is on the lane.
    const count = (await exportLane.frames()).length;
    await waitFor(
      'the update on the lane',
      async () => ((await exportLane.frames()).length > count ? true : null),
      { timeoutMs: 3000 },
    ).catch(() => null);
  }
  await exportLane.change({ seed: 8 });
  const lost = (await exportLane.frames()).filter(({ name }) => mover.tally.lost.includes(name));
  t.ok(lost.length > 2, `the link lost ${lost.length} frames`);
  // A lost tail shows once something follows it.
  await end.staff.operator.client.send('POST', '/v1/cameras', {
    ...{ name: '하천변 끝', location: '한빛시 하천로', type: 'fixed', district: '하천동' },
  });
  const wanted = rangesOf(lost);
  const shown = await waitFor('the gaps', async () => {
    const { exportLane: seen } = await auditor.get<PortalLanes>('/v1/lanes');
    const ranges = seen.gaps.map(({ from, to }) => `${from}-${to}`);
    return ranges.length >= wanted.length ? ranges : null;
  });
  t.strictSame(shown, wanted, 'the gaps are exactly the numbers that were lost');
  for (const { name } of lost) await exportLane.put(name, join(exportLane.archive, name));
  await waitFor('no gap', async () =>
    (await auditor.get<PortalLanes>('/v1/lanes')).exportLane.gaps.length === 0 ? true : null,
  );
  const { cameras } = await end.requester.client.get<PortalCameras>('/v1/directory/cameras');
  t.ok(
    names.every((name) => cameras.some((camera) => camera.name === name)),
    'the lost files, put again, complete the directory',
  );
}
