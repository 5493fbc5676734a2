import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiRefusal, startService, type Hops, type Pair } from '@sallyport/testkit';
import { isCutOff, type SteadyFetch } from './steady-fetch.ts';

export const SERVICES = ['exporter', 'gateway'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** When in a hop the service is killed. */
type Moment =
  /** While its command or its start-up runs. */
  | { readonly kind: 'set-up' | 'start' }
  /** Right after the hop's first changing call was answered: what it left must hold, the rest goes on. */
  | { readonly kind: 'after-first-call' }
  /** Some time into the hop, between two changing calls. */
  | { readonly kind: 'during'; readonly withinMs: number }
  /** In the middle of a changing call of this service: the caller looks what became of it and repeats. */
  | { readonly kind: 'mid-call'; readonly withinMs: number };

/** Where a hop is a row of calls. */
const BETWEEN_CALLS: Moment = { kind: 'after-first-call' };

/** One line per hop of the story with a moment of its own; times come from what the hops take. */
const MOMENTS: Readonly<Record<string, Moment>> = {
  'zones set up, trust exchanged': { kind: 'set-up' },
  'both services ready': { kind: 'start' },
  'officer signed up and confirmed': { kind: 'during', withinMs: 800 },
  'device enrolled, fingerprint compared': { kind: 'during', withinMs: 1500 },
  'request verified and admitted': { kind: 'during', withinMs: 300 },
  'request approved': { kind: 'mid-call', withinMs: 60 },
  'footage taken in, hashed, encrypted': { kind: 'mid-call', withinMs: 60 },
  'figures found and tracked': { kind: 'during', withinMs: 2500 },
  'masked, encoded, checked': { kind: 'during', withinMs: 2500 },
  'release approved': { kind: 'mid-call', withinMs: 60 },
  'sealed, signed, put on the lane': { kind: 'during', withinMs: 1200 },
  'received, verified, admitted': { kind: 'during', withinMs: 900 },
  'licence, download, decrypt, play': { kind: 'during', withinMs: 700 },
  'receipts and ledgers agree': { kind: 'during', withinMs: 700 },
};

/** A repeated approval that finds itself recorded has succeeded the first time. */
const ALREADY_DONE = ['ERR_REQUEST_STATE', 'ERR_EXPORT_STATE'];

export interface KillPlan {
  readonly pair: Pair;
  readonly service: ServiceName;
  readonly steady: SteadyFetch;
  readonly directory: string;
  readonly seed: number;
  /** Called after each hop that ended well, with what was done to the service in it. */
  readonly survived: (hop: string, how: string) => void;
}

/** Hops that kill one service with SIGKILL in every one of them, start it again, and go on. */
export function killingHops(hops: Hops, plan: KillPlan): Hops {
  return {
    get rows() {
      return hops.rows;
    },
    get failed() {
      return hops.failed;
    },
    run: (hop, zone, act) =>
      hops.run(hop, zone, async () => {
        const moment = MOMENTS[hop] ?? BETWEEN_CALLS;
        const result = await actThroughKill(act, moment, hop, plan);
        plan.survived(hop, wordOf(moment));
        return result;
      }),
  };
}

async function actThroughKill<T>(
  act: () => Promise<T>,
  moment: Moment,
  hop: string,
  plan: KillPlan,
): Promise<T> {
  const { service, pair } = plan;
  switch (moment.kind) {
    case 'set-up': {
      await killCommand(plan, ['init', ...initArguments(service), '--by', 'N-0001', '--json'], hop);
      return act();
    }
    case 'start': {
      const starting = startOne(pair, service);
      await sleep(draw(plan.seed, hop) * 1500);
      await pair.services[service]?.kill();
      const [result] = await Promise.all([act(), starting]);
      return result;
    }
    case 'after-first-call': {
      const answered = plan.steady.nextAnswer();
      const acting = act();
      const killing = Promise.race([answered, acting]).then(async () => {
        const { done } = await killAndRestart(plan);
        await done;
      });
      const [result] = await Promise.all([acting, killing]);
      return result;
    }
    case 'during': {
      const killing = sleep(draw(plan.seed, hop) * moment.withinMs).then(async () => {
        const { done } = await killAndRestart(plan);
        await done;
      });
      const [result] = await Promise.all([act(), killing]);
      return result;
    }
    case 'mid-call': {
      const killing = sleep(draw(plan.seed, hop) * moment.withinMs).then(async () => {
        await pair.services[service]?.kill();
        await startOne(pair, service);
      });
      const [result] = await Promise.all([repeated(act), killing]);
      return result;
    }
  }
}

/** Makes the hop again when its call was cut off; an approval that is there already is one. */
async function repeated<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (first) {
    if (!isCutOff(first)) throw first;
    try {
      return await act();
    } catch (second) {
      const isDone = second instanceof ApiRefusal && ALREADY_DONE.includes(second.code);
      // The hops this is used for (approvals) have no value of their own.
      if (isDone) return { value: null, note: 'recorded before the cut' } as T;
      throw second;
    }
  }
}

/** Resolves once the service is dead; `done` once it is ready again. */
async function killAndRestart({
  pair,
  service,
  steady,
}: KillPlan): Promise<{ done: Promise<void> }> {
  const release = await steady.pause(service === 'exporter' ? pair.consoleUrl : pair.portalUrl);
  await pair.services[service]?.kill();
  const done = startOne(pair, service);
  release();
  return { done };
}

function startOne(pair: Pair, service: ServiceName): Promise<void> {
  return service === 'exporter' ? pair.startExporter() : pair.startGateway();
}

/** Starts a command of the zone's program and kills it at some moment of its run. */
async function killCommand(plan: KillPlan, words: readonly string[], hop: string): Promise<void> {
  const command = startService({
    ...plan.pair.programs[plan.service],
    name: `${plan.service} ${words[0] ?? ''}`,
    arguments: words,
    logFile: join(plan.directory, `killed-${plan.service}.log`),
  });
  await sleep(500 + draw(plan.seed, hop) * 2500);
  await command.kill();
}

function initArguments(service: ServiceName): readonly string[] {
  return service === 'exporter' ? ['--site-name', '한빛시 CCTV통합관제센터'] : [];
}

function wordOf(moment: Moment): string {
  switch (moment.kind) {
    case 'set-up':
      return 'killed in its set-up command';
    case 'start':
      return 'killed while starting';
    case 'after-first-call':
      return 'killed after its first call';
    case 'during':
      return 'killed during';
    case 'mid-call':
      return 'killed in a call';
  }
}

/** A number in [0, 1) that depends on the seed and the hop only. */
function draw(seed: number, hop: string): number {
  return createHash('sha256').update(`${seed}\0${hop}`).digest().readUInt32BE() / 2 ** 32;
}
