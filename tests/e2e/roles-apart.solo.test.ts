// Every role of both services as a process of its own: they meet only through the database and files.
// (test-limit: 900 s)
import { join } from 'node:path';
import {
  createHops,
  startService,
  tellStory,
  waitReady,
  type Pair,
  type RunningService,
} from '@sallyport/testkit';
import t from 'tap';
import { openStage } from '../support/stage.ts';

const EXPORTER_ROLES = ['media', 'seal', 'send', 'intake'] as const;
const GATEWAY_ROLES = ['intake', 'send'] as const;

t.setTimeout(900_000);

t.test('one export passes from role to role, each a process of its own', async (t) => {
  const { pair, clip, directory } = await openStage(t);
  const running: RunningService[] = [];
  t.teardown(async () => {
    for (const service of running.reverse()) await service.stop();
  });
  const hops = createHops(() => undefined);
  const start = () => startApart(pair, directory, running);
  await tellStory({ ...pair, start }, hops, clip, { hasFaceModel: false });
  t.equal(running.length, EXPORTER_ROLES.length + GATEWAY_ROLES.length + 2);
  t.ok(
    running.every(({ child }) => child.exitCode === null && child.signalCode === null),
    'every role is still up',
  );
  t.equal(hops.failed, null);
});

/** The role that serves HTTP first: it starts the zone's database, which the others join. */
async function startApart(pair: Pair, directory: string, running: RunningService[]): Promise<void> {
  const start = (zone: 'exporter' | 'gateway', role: string): RunningService => {
    const name = `${zone}-${role}`;
    const logFile = join(directory, `${name}.log`);
    const service = startService({
      name,
      ...pair.programs[zone],
      arguments: ['start', '--role', role],
      logFile,
    });
    running.push(service);
    return service;
  };
  await Promise.all([
    waitReady(start('exporter', 'api'), pair.consoleUrl),
    waitReady(start('gateway', 'api'), pair.portalUrl),
  ]);
  for (const role of EXPORTER_ROLES) start('exporter', role);
  for (const role of GATEWAY_ROLES) start('gateway', role);
}
