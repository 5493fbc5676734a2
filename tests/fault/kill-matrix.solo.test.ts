// Each service is killed with SIGKILL in every hop of the story, at a seeded moment, and started again
// (test-limit: 1500 s). The matrix says in which hop of which service the story went on; an empty cell
// fails. Both stories run at once: most of their time is waiting for leases and start-ups.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import t, { type Test } from 'tap';
import type { ConsoleExport, PortalPackages } from '@sallyport/contracts';
import { createHops, findRepository, tellStory, waitFor, type StoryEnd } from '@sallyport/testkit';
import { killingHops, SERVICES, type ServiceName } from '../support/killing-hops.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { installSteadyFetch } from '../support/steady-fetch.ts';
import { eventsInside } from './lane-scene.ts';

const SEED = 20_261_122;

const steady = installSteadyFetch();
t.teardown(() => steady.restore());

/** Cells by hop, then by service; an absent one was not survived. */
const matrix = new Map<string, Partial<Record<ServiceName, string>>>();

await t.test('a killed service, at every hop', async (t) => {
  const told = await Promise.allSettled(SERVICES.map((service) => tellKilling(t, service)));
  for (const line of [`seed ${SEED}`, ...formatMatrix()]) t.comment(`print: ${line}`);
  for (const [index, story] of told.entries())
    t.equal(
      story.status,
      'fulfilled',
      `the export completes although the ${SERVICES[index]} is killed in every hop`,
      story.status === 'rejected' ? { reason: String(story.reason) } : {},
    );
  const hops = [...matrix.keys()];
  t.ok(hops.length >= 18, 'the matrix has every hop');
  for (const hop of hops)
    for (const service of SERVICES)
      t.ok(matrix.get(hop)?.[service], `${hop} × ${service}: the story went on`);
});

/** One story with one service killed in every hop; then what must have happened exactly once. */
async function tellKilling(t: Test, service: ServiceName): Promise<void> {
  const stage = await openStage(t);
  const watch = watchPackages(join(stage.directory, 'dmz', 'packages'));
  const hops = killingHops(
    createHops((hop) => matrix.set(hop, matrix.get(hop) ?? {})),
    {
      ...{ pair: stage.pair, directory: stage.directory, service, steady, seed: SEED },
      survived: (hop, how) => {
        const ms = performance.now() - started;
        matrix.set(hop, { ...matrix.get(hop), [service]: `${how}, on after ${seconds(ms)}` });
        started = performance.now();
      },
    },
  );
  let started = performance.now();
  try {
    const end = await tellStory(stage.pair, hops, stage.clip, { hasFaceModel: false });
    await assertOnce(t, service, stage, end);
  } finally {
    t.strictSame(
      await watch.halfWritten(),
      [],
      `${service}: no file in packages/ ever changed its size`,
    );
  }
}

async function assertOnce(
  t: Test,
  service: ServiceName,
  stage: Stage,
  end: StoryEnd,
): Promise<void> {
  const { exportId } = end;
  const shown = await waitFor('the receipt inside', async () => {
    const found = await end.staff.operator.client.get<ConsoleExport>(`/v1/exports/${exportId}`);
    return found.packages.some(({ state }) => state === 'received') ? found : null;
  });
  const released = shown.packages.filter(({ state }) =>
    ['sealed', 'sent', 'received'].includes(state),
  );
  t.equal(released.length, 1, `${service}: one package of the export counts inside`);
  const { packages } = await end.requester.client.get<PortalPackages>('/v1/packages');
  const available = packages.filter(({ transfer }) => transfer.state === 'available');
  t.strictSame(
    available.map(({ packageId }) => packageId),
    [end.packageId],
    `${service}: one package is admitted outside`,
  );
  t.strictSame(
    await readdir(join(stage.directory, 'dmz', 'packages')),
    [`${end.packageId}.sealed`],
    `${service}: its file alone lies in packages/`,
  );
  const events = await eventsInside(end);
  const count = (kind: string) => events.filter((event) => event.kind === kind).length;
  for (const kind of [
    'approval.recorded',
    'release.recorded',
    'package.sealed',
    'transfer.sent',
    'transfer.receipt',
  ])
    t.equal(count(kind), 1, `${service}: the ledger has ${kind} once`);
  await stage.pair.stop();
  for (const zone of ['internal', 'dmz'])
    t.equal(
      await fsck(join(stage.directory, zone, 'ledger')),
      0,
      `${service}: the ledger of ${zone} is sound`,
    );
}

/** Looks at the admitted packages again and again: a file is there whole or not at all. */
function watchPackages(folder: string): { halfWritten(): Promise<string[]> } {
  const sizes = new Map<string, Set<number>>();
  const look = async (): Promise<void> => {
    for (const name of await readdir(folder).catch(() => [])) {
      const size = await stat(join(folder, name)).then(
        (found) => found.size,
        () => null,
      );
      if (size !== null) sizes.set(name, (sizes.get(name) ?? new Set()).add(size));
    }
  };
  const timer = setInterval(() => void look(), 20);
  return {
    async halfWritten() {
      clearInterval(timer);
      await look();
      return [...sizes]
        .filter(([name, seen]) => seen.size > 1 || !name.endsWith('.sealed'))
        .map(([name]) => name);
    },
  };
}

async function fsck(folder: string): Promise<number | null> {
  const script = join(findRepository(), 'packages/ledger/bin/ledger-fsck.mjs');
  const child = spawn(process.execPath, [script, folder], { stdio: 'ignore' });
  const [code] = (await once(child, 'close')) as [number | null]; // the event's documented first argument
  return code;
}

function formatMatrix(): readonly string[] {
  const width = Math.max(...[...matrix.keys()].map((hop) => hop.length));
  const line = (hop: string, cells: readonly string[]) =>
    `  ${hop.padEnd(width)}  ${cells.map((cell) => cell.padEnd(46)).join('')}`.trimEnd();
  return [
    line('hop', [...SERVICES]),
    ...[...matrix].map(([hop, cells]) =>
      line(
        hop,
        SERVICES.map((service) => cells[service] ?? '-'),
      ),
    ),
  ];
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
