import { randomBytes } from 'node:crypto';
import { access, chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { findRepository } from './repository.ts';
import {
  runCommand,
  startService,
  waitReady,
  type ProgramOptions,
  type RunningService,
} from './processes.ts';

/** Where the two zones keep their files. They share `link` and nothing else. */
export interface PairPaths {
  readonly internal: string;
  readonly dmz: string;
  readonly exportLane: string;
  readonly requestLane: string;
}

/** The pair on one machine: separate processes, separate databases, two spool folders between them. */
export interface Pair {
  readonly paths: PairPaths;
  readonly consoleUrl: string;
  readonly portalUrl: string;
  exporter(arguments_: readonly string[]): Promise<CommandReply>;
  gateway(arguments_: readonly string[]): Promise<CommandReply>;
  /** Keys, CA and databases of both zones, then the trust exchange by two named people. */
  initialise(people: { siteName: string; by: string; witness: string }): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** How each zone's program is started, for tests that start (and kill) one themselves. */
  readonly programs: { readonly exporter: PairProgram; readonly gateway: PairProgram };
  /** The running processes, by zone, for fault tests. */
  readonly services: { exporter: RunningService | null; gateway: RunningService | null };
  startExporter(): Promise<void>;
  startGateway(): Promise<void>;
}

/** One zone's program: its script, its environment and the user it runs as. */
export type PairProgram = Pick<ProgramOptions, 'script' | 'environment' | 'user'>;

/** The last JSON object a command printed under `--json`. */
export type CommandReply = Readonly<Record<string, unknown>>;

export interface PairOptions {
  /** Empty or an earlier pair's folder. */
  readonly directory: string;
  /** Folder with detection models; without it only motion and manual boxes are masked. */
  readonly models?: string;
  readonly consolePort?: number;
  readonly portalPort?: number;
  /** More environment for one zone (tests shorten timers with it). */
  readonly exporterEnvironment?: Readonly<Record<string, string>>;
  readonly gatewayEnvironment?: Readonly<Record<string, string>>;
  /** Run a zone as another user (a test keeps each zone's files unreadable to the other). */
  readonly exporterUser?: { uid: number; gid: number };
  readonly gatewayUser?: { uid: number; gid: number };
  /** Other folders for the lanes' far ends, when a link product stands between. */
  readonly lanes?: {
    exporterWrites: string;
    gatewayReads: string;
    gatewayWrites: string;
    exporterReads: string;
  };
}

/** Prepares the folders and the two environments; starts nothing yet. */
export async function openPair(options: PairOptions): Promise<Pair> {
  const repository = findRepository();
  const paths: PairPaths = {
    internal: join(options.directory, 'internal'),
    dmz: join(options.directory, 'dmz'),
    exportLane: options.lanes?.exporterWrites ?? join(options.directory, 'link', 'export'),
    requestLane: options.lanes?.gatewayWrites ?? join(options.directory, 'link', 'request'),
  };
  for (const folder of [paths.internal, paths.dmz])
    await mkdir(folder, { recursive: true, mode: 0o711 });
  for (const folder of [paths.exportLane, paths.requestLane])
    await mkdir(folder, { recursive: true, mode: 0o777 });
  const consolePort = options.consolePort ?? (await freePort());
  const portalPort = options.portalPort ?? (await freePort());
  const exporterEnvironment = {
    EXPORTER_DATA_DIR: paths.internal,
    EXPORTER_LISTEN: `127.0.0.1:${consolePort}`,
    EXPORTER_EXPORT_SPOOL: paths.exportLane,
    EXPORTER_REQUEST_SPOOL: options.lanes?.exporterReads ?? paths.requestLane,
    EXPORTER_PASSPHRASE_FILE: await secretFile(paths.internal, 'passphrase', options.exporterUser),
    EXPORTER_CA_PASSPHRASE_FILE: await secretFile(
      paths.internal,
      'ca-passphrase',
      options.exporterUser,
    ),
    ...(options.models === undefined ? {} : { EXPORTER_MODELS: options.models }),
    ...options.exporterEnvironment,
  };
  const gatewayEnvironment = {
    GATEWAY_DATA_DIR: paths.dmz,
    GATEWAY_LISTEN: `127.0.0.1:${portalPort}`,
    GATEWAY_EXPORT_SPOOL: options.lanes?.gatewayReads ?? paths.exportLane,
    GATEWAY_REQUEST_SPOOL: paths.requestLane,
    GATEWAY_PASSPHRASE_FILE: await secretFile(paths.dmz, 'passphrase', options.gatewayUser),
    ...options.gatewayEnvironment,
  };
  const exporterScript = join(repository, 'services/internal-exporter/dist/main.js');
  const gatewayScript = join(repository, 'services/dmz-gateway/dist/main.js');
  const consoleUrl = `http://127.0.0.1:${consolePort}`;
  const portalUrl = `http://127.0.0.1:${portalPort}`;
  const services: { exporter: RunningService | null; gateway: RunningService | null } = {
    exporter: null,
    gateway: null,
  };

  const exporter = async (arguments_: readonly string[]) =>
    lastJson(
      await runCommand({
        name: 'exporter',
        script: exporterScript,
        arguments: [...arguments_, '--json'],
        environment: exporterEnvironment,
        ...asUser(options.exporterUser),
      }),
    );
  const gateway = async (arguments_: readonly string[]) =>
    lastJson(
      await runCommand({
        name: 'gateway',
        script: gatewayScript,
        arguments: [...arguments_, '--json'],
        environment: gatewayEnvironment,
        ...asUser(options.gatewayUser),
      }),
    );

  async function startExporter(): Promise<void> {
    services.exporter = startService({
      name: 'internal-exporter',
      script: exporterScript,
      arguments: ['start'],
      environment: exporterEnvironment,
      logFile: join(options.directory, 'internal-exporter.log'),
      ...asUser(options.exporterUser),
    });
    await waitReady(services.exporter, consoleUrl);
  }
  async function startGateway(): Promise<void> {
    services.gateway = startService({
      name: 'dmz-gateway',
      script: gatewayScript,
      arguments: ['start'],
      environment: gatewayEnvironment,
      logFile: join(options.directory, 'dmz-gateway.log'),
      ...asUser(options.gatewayUser),
    });
    await waitReady(services.gateway, portalUrl);
  }

  return {
    paths,
    programs: {
      exporter: {
        script: exporterScript,
        environment: exporterEnvironment,
        ...asUser(options.exporterUser),
      },
      gateway: {
        script: gatewayScript,
        environment: gatewayEnvironment,
        ...asUser(options.gatewayUser),
      },
    },
    consoleUrl,
    portalUrl,
    exporter,
    gateway,
    services,
    startExporter,
    startGateway,
    async initialise({ siteName, by, witness }) {
      await Promise.all([
        exporter(['init', '--site-name', siteName, '--by', by]),
        gateway(['init', '--by', by]),
      ]);
      // The folder a person would carry: readable by both, holding public keys only.
      const carried = join(options.directory, 'carried-by-hand');
      await mkdir(carried, { recursive: true, mode: 0o777 });
      await chmod(carried, 0o777);
      const [inside, outside] = [join(carried, 'internal.trust'), join(carried, 'dmz.trust')];
      const exported = await exporter(['trust', 'export', '-o', inside, '--by', by]);
      const offered = await gateway(['trust', 'export', '-o', outside, '--by', by]);
      const named = ['--by', by, '--witness', witness];
      await gateway([
        'trust',
        'import',
        inside,
        '--fingerprint',
        fingerprintOf(exported),
        ...named,
      ]);
      await exporter([
        'trust',
        'import',
        outside,
        '--fingerprint',
        fingerprintOf(offered),
        ...named,
      ]);
    },
    async start() {
      await Promise.all([startExporter(), startGateway()]);
    },
    async stop() {
      await Promise.all([services.exporter?.stop(), services.gateway?.stop()]);
      services.exporter = null;
      services.gateway = null;
    },
  };
}

function fingerprintOf(reply: CommandReply): string {
  const { fingerprint } = reply;
  if (typeof fingerprint !== 'string') throw new Error('the command printed no fingerprint');
  return fingerprint;
}

function lastJson(output: string): CommandReply {
  const line = output.trim().split('\n').at(-1) ?? '';
  const value: unknown = JSON.parse(line === '' ? '{}' : line);
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function asUser(
  user: { uid: number; gid: number } | undefined,
): { user: { uid: number; gid: number } } | object {
  return user === undefined ? {} : { user };
}

async function secretFile(
  directory: string,
  name: string,
  user?: { uid: number; gid: number },
): Promise<string> {
  const file = join(directory, name);
  const exists = await access(file).then(
    () => true,
    () => false,
  );
  if (!exists) await writeFile(file, randomBytes(24).toString('base64url'), { mode: 0o600 });
  if (user !== undefined) {
    await chown(directory, user.uid, user.gid);
    await chown(file, user.uid, user.gid);
  }
  return file;
}

/** A port that was free a moment ago on loopback. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('no port'));
      });
    });
  });
}
