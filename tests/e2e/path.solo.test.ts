// The whole path between two zones that share nothing but a link: two users, each zone's files closed
// to the other, settings from deploy's examples, set up with the very commands of deploy/README.md
// (test-limit: 1500 s).
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import type {
  ConsoleExport,
  ConsoleRequest,
  PortalPackage,
  PortalSite,
} from '@sallyport/contracts';
import {
  activate,
  askLicence,
  chooseFootage,
  createApiClient,
  createHops,
  currentCode,
  logIn,
  openPair,
  reviewMasks,
  tellStory,
  uploadFootage,
  waitAdmitted,
  waitExport,
  waitFor,
  type Pair,
  type PairOptions,
} from '@sallyport/testkit';
import { DAYS_AHEAD_MS } from '../support/days-ahead.ts';
import { installAsWritten, readExample, withoutPlaces } from '../support/installed.ts';
import { refused } from '../support/refusals.ts';
import { clearAfter, makeFolder, makeSmallClip } from '../support/stage.ts';
import {
  filesBelow,
  findTwoUsers,
  layLink,
  readableBy,
  type UnixUser,
} from '../support/two-zones.ts';
import {
  detailsFor,
  enlistSecondOfficer,
  hoursAgo,
  submitAs,
  type World,
} from '../support/world.ts';
import { checksClip, checksLedgers, comparesLogs, findsNothingInDmz } from './evidence.ts';
import { refusesFootage } from './hostile-footage.ts';
import {
  countsPlays,
  getPackage,
  refusesRevokedDevice,
  resealsForSecondDevice,
} from './licences.ts';
import { refusesReleaseApprovals, refusesRequestApprovals } from './refused-approvals.ts';
import { refusesRequests } from './refused-requests.ts';

const NEVER_OUTSIDE = [
  ...['홍길동', '임꺽정', '2026-형사-00123', '2026-형사-00456', '한빛시 새터길', '절도 사건'],
  ...['용의자의 이동 경로', '010-0000-0000', '010-1111-1111', 'officer@example.invalid'],
];

await t.test('one clip goes from the control centre to a police station', async (t) => {
  const users = await findTwoUsers();
  const two = typeof users === 'string' ? null : users;
  const directory = await makeFolder(t);
  const clip = await makeSmallClip(directory);
  const link = two === null ? null : await layLink(directory, two);
  const [exporterExample, gatewayExample] = await Promise.all([
    readExample('internal-exporter'),
    readExample('dmz-gateway'),
  ]);
  const options: PairOptions = {
    directory,
    exporterEnvironment: withoutPlaces(exporterExample.set),
    gatewayEnvironment: withoutPlaces(gatewayExample.set),
    ...(two === null ? {} : { exporterUser: two[0], gatewayUser: two[1] }),
    ...(link === null ? {} : { lanes: link.lanes }),
  };
  const pair = await openPair(options);
  clearAfter(t, pair, directory);
  if (two !== null)
    for (const zone of ['internal', 'dmz']) await chmod(join(directory, zone), 0o700);
  link?.start();
  t.teardown(async () => link?.stop());
  for (const [program, example] of [
    [pair.programs.exporter, exporterExample],
    [pair.programs.gateway, gatewayExample],
  ] as const) {
    const known = new Set([...Object.keys(example.set), ...example.offered]);
    const strange = Object.keys(program.environment).filter((name) => !known.has(name));
    t.strictSame(strange, [], 'every setting in use stands in the example file of its zone');
  }

  const installed = await installing(pair, directory);
  const hops = createHops(() => undefined);
  const end = await tellStory(installed.pair, hops, clip, { hasFaceModel: false, plays: 3 });
  t.equal(hops.failed, null);
  t.strictSame(hops.rows.length, 18, 'every hop of the path has its row');
  const world: World = { directory, pair, clip, end, ...(await installed.people()) };

  await t.test('the clip', (t) => checksClip(t, world, end.played.clip));
  await t.test(
    'watermark: the clause of I1',
    { todo: 'watermark: none (not built)' },
    async (t) => {
      const shown = await end.staff.operator.client.get<ConsoleExport>(
        `/v1/exports/${end.exportId}`,
      );
      t.not(shown.watermark.kind, 'none', 'nothing leaves without a watermark of its own');
    },
  );
  const other = await enlistSecondOfficer(world);
  await t.test('requests that are refused', (t) => refusesRequests(t, world, other));
  await t.test('a second export', (t) => exportAgainstResistance(t, world));
  const resealed = await sub(t, 'sealed again for a second device', (t) =>
    resealsForSecondDevice(t, world),
  );
  await t.test('a revoked device', (t) => refusesRevokedDevice(t, world, resealed));
  await t.test('logs and proofs', (t) => comparesLogs(t, world));

  const { ca } = await end.requester.client.get<PortalSite>('/v1/site');
  await t.test(
    'each zone’s files are closed to the other',
    { skip: typeof users === 'string' && users },
    async (t) => {
      await seesNothing(t, directory, two);
    },
  );
  await pair.stop();
  await t.test('what the DMZ holds', (t) =>
    findsNothingInDmz(t, world, end.played.clip, NEVER_OUTSIDE),
  );
  await t.test('both ledgers', (t) => checksLedgers(t, world, ca));
  await t.test('the play period is over', (t) => expires(t, world, options, resealed.packageId));
});

/** Sets both zones up as deploy/README.md says, in place of the pair's own way. */
async function installing(
  pair: Pair,
  directory: string,
): Promise<{
  pair: Pair;
  people: () => Promise<Pick<World, 'secondAdministrator' | 'gatewayAuditor'>>;
}> {
  const carried = join(directory, 'carried');
  await mkdir(carried);
  await chmod(carried, 0o777);
  const logins = { exporter: 'admin-by-command', gateway: 'outside-admin' };
  let code = '';
  return {
    pair: {
      ...pair,
      initialise: async () => {
        const replies = await installAsWritten(pair, { carried, logins });
        code = String(replies.get('exporter account create')?.['activationCode']);
      },
    },
    async people() {
      const administrator = await activate(pair.consoleUrl, logins.exporter, code);
      const auditor = await pair.gateway([
        ...['account', 'create', '--role', 'auditor', '--name', '외부감사'],
        ...['--login', 'outside-auditor', '--by', 'N-0001'],
      ]);
      const account = await activate(
        pair.portalUrl,
        'outside-auditor',
        String(auditor['activationCode']),
      );
      return {
        secondAdministrator: await logIn(pair.consoleUrl, administrator),
        gatewayAuditor: await logIn(pair.portalUrl, account),
      };
    },
  };
}

/** An export whose approvals and footage are wrong at first; it goes out in the end, with two plays. */
async function exportAgainstResistance(t: Test, world: World): Promise<void> {
  const { end, clip } = world;
  const operator = end.staff.operator.client;
  const startsAt = hoursAgo(20);
  const { requestId } = await submitAs(world, detailsFor(world, startsAt));
  await waitAdmitted(operator, requestId);
  await t.test('first approvals that are refused', (t) =>
    refusesRequestApprovals(t, world, requestId),
  );
  const exportId = await waitFor('the second export', async () => {
    const { exports } = await operator.get<ConsoleRequest>(`/v1/requests/${requestId}`);
    return exports[0]?.exportId ?? null;
  });
  await t.test('footage that is refused', (t) => refusesFootage(t, world, exportId, startsAt));
  const footage = await uploadFootage(operator, end.cameraId, clip.file, startsAt.toISOString());
  await chooseFootage(operator, exportId, footage.footageId, ['motion']);
  await waitExport(operator, exportId, ['mask-review']);
  await reviewMasks(operator, exportId);
  await waitExport(operator, exportId, ['release-approval']);
  await t.test('second approvals that are refused', (t) =>
    refusesReleaseApprovals(t, world, exportId),
  );
  const packageId = await waitFor('the second export’s package outside', async () => {
    const shown = await operator.get<ConsoleExport>(`/v1/exports/${exportId}`);
    if (shown.progress === 'failed')
      throw new Error(`the sealing failed: ${shown.failure ?? 'no code'}`);
    const id = shown.packages.find(({ state }) => state === 'received')?.packageId;
    if (id === undefined) return null;
    return (await getPackage(world, id)).licence.state === 'active' ? id : null;
  });
  await t.test('plays are counted', (t) => countsPlays(t, world, packageId));
}

async function seesNothing(
  t: Test,
  directory: string,
  users: readonly [UnixUser, UnixUser] | null,
): Promise<void> {
  if (users === null) return;
  const [internal, dmz] = users;
  t.strictSame(
    await readableBy(dmz, join(directory, 'internal')),
    [],
    'the DMZ’s user can read no file of the internal zone',
  );
  t.strictSame(
    await readableBy(internal, join(directory, 'dmz')),
    [],
    'the internal zone’s user can read no file of the DMZ',
  );
  t.ok(
    (await readableBy(internal, join(directory, 'internal'))).length > 100,
    'its own files it can read',
  );
}

/** The gateway alone, 91 days later. */
async function expires(
  t: Test,
  world: World,
  options: PairOptions,
  packageId: string,
): Promise<void> {
  const { end, directory, pair } = world;
  const preload = fileURLToPath(new URL('../support/clock-ahead.js', import.meta.url));
  const later = await openPair({
    ...options,
    portalPort: Number(new URL(pair.portalUrl).port),
    gatewayEnvironment: { ...options.gatewayEnvironment, NODE_OPTIONS: `--import=${preload}` },
  });
  clearAfter(t, later, directory);
  await later.startGateway();
  const client = createApiClient(later.portalUrl);
  const { login, password, totpSecret } = end.requester.account;
  const totp = currentCode(totpSecret, Date.now() + DAYS_AHEAD_MS);
  await client.login({ login, password, totp });
  const { gatewayId } = await client.get<PortalSite>('/v1/site');
  await refused(
    t,
    askLicence(client, end.device, packageId, gatewayId),
    'ERR_LICENCE_EXPIRED',
    'after the play period no licence is issued',
  );
  const gone = await waitFor('the destruction', async () => {
    const seen = await client.get<PortalPackage>(`/v1/packages/${packageId}`);
    return seen.destruction.keyDestroyedAt !== null && seen.destruction.fileDestroyedAt !== null
      ? seen
      : null;
  });
  t.equal(
    gone.transfer.state,
    'destroyed',
    'the package is destroyed, and says when its key and its file went',
  );
  await refused(
    t,
    client.get(`/v1/packages/${packageId}/segments/0`),
    'ERR_PACKAGE_GONE',
    'no segment is served',
  );
  const filesIn = async (name: string): Promise<number> =>
    (await filesBelow(join(directory, 'dmz', name))).length;
  await waitFor('the last share and the last ciphertext to go', async () =>
    (await filesIn('shares')) + (await filesIn('packages')) === 0 ? true : null,
  );
  t.pass('no ciphertext and no licence share is left');
}

/** A subtest with a result. */
async function sub<T>(t: Test, name: string, act: (t: Test) => Promise<T>): Promise<T> {
  let result: { value: T } | null = null;
  await t.test(name, async (t) => {
    result = { value: await act(t) };
  });
  // Set by the subtest unless it threw, and then the test above has failed with its reason.
  const ended = result as { value: T } | null;
  if (ended === null) throw new Error(`${name} did not end`);
  return ended.value;
}
