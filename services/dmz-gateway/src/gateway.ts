// The gateway's roles and what starts them. They meet only in the database and in files:
//
//   api     portal, licences, downloads          holds session, field and signing key, agreement keys
//   intake  export lane → packages, destruction  holds no private key; deletes shares and epoch keys
//   send    request lane, ledger, epochs         holds signing and ledger key
import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SpoolSender, TransferAssembler } from '@sallyport/lane';
import { LedgerWriter } from '@sallyport/ledger';
import {
  createSessions,
  listen,
  runLoop,
  type Lifecycle,
  type Logger,
  type Loop,
  type SallyportServer,
  type TlsOptions,
} from '@sallyport/runtime';
import { findSessionRow } from './accounts/session-rows.ts';
import { forgetStrangers } from './accounts/lockouts.ts';
import type { GatewayConfig } from './config/environment.ts';
import { makeFolders, pathsOf, type GatewayPaths } from './config/paths.ts';
import { epochsNeeded } from './domain/epochs.ts';
import { admitPackages } from './intake/admit-package.ts';
import { destroyEnded } from './intake/destroy-packages.ts';
import { createIntake } from './intake/receive-frames.ts';
import { createKeyRing, ensureAgreementKey } from './keys/agreement-keys.ts';
import {
  openFieldKeys,
  openOutboundCipher,
  openSessionKey,
  openSigningKey,
  readGatewayId,
} from './keys/gateway-keys.ts';
import { readPublicKeys } from './keys/public-keys.ts';
import { servePortal } from './portal-site.ts';
import { createGatewayServer } from './routes/create-gateway-server.ts';
import { announceAgreementKeys, drainLedger, publishCheckpoint } from './send/drain-ledger.ts';
import { sendRecords } from './send/send-records.ts';
import { settleDownloads } from './stations/downloads.ts';
import { openStore, type Store } from './store/database.ts';
import { findSigner } from './store/trust.ts';

export const ROLES = ['api', 'intake', 'send'] as const;
export type Role = (typeof ROLES)[number];

/** What a started gateway tells its operator. */
export interface StartedGateway {
  readonly gatewayId: string;
  /** Null without the role `api`. */
  readonly address: string | null;
  /** SHA-256 of the portal that is served; null when none was built. */
  readonly portalDigest: string | null;
}

interface Process {
  readonly config: GatewayConfig;
  readonly paths: GatewayPaths;
  readonly gatewayId: string;
  readonly store: Store;
  readonly logger: Logger;
  readonly lifecycle: Lifecycle;
  readonly clock: () => Date;
}

const BUSY_MS = 300;
const SLOW_MS = 5_000;
/** One package; its parts are holes until they arrive. */
const MOST_PACKAGE_BYTES = 512 * 1024 ** 3;

/**
 * Starts the given roles in this process.
 *
 * @throws SallyportError ERR_GATEWAY_NOT_INITIALISED, ERR_KEY_FILE_*, ERR_DATABASE_*, ERR_LISTEN_INSECURE
 */
export async function startGateway(
  config: GatewayConfig,
  options: {
    readonly roles: readonly Role[];
    readonly logger: Logger;
    readonly lifecycle: Lifecycle;
    readonly clock?: () => Date;
  },
): Promise<StartedGateway> {
  const { roles, logger, lifecycle, clock = () => new Date() } = options;
  const gatewayId = await readGatewayId(config);
  const paths = pathsOf(config.dataDir);
  await makeFolders(paths);
  const store = await openStore(config, logger);
  lifecycle.onStop('database', () => store.close());
  const process: Process = { config, paths, gatewayId, store, logger, lifecycle, clock };
  if (roles.includes('intake')) await startIntake(process);
  if (roles.includes('send')) await startSend(process);
  const api = roles.includes('api')
    ? await startApi(process)
    : { address: null, portalDigest: null };
  logger.info({ role: roles.join(',') }, 'gateway started');
  return { gatewayId, ...api };
}

async function startIntake(process: Process): Promise<void> {
  const { config, paths, gatewayId, store, logger, clock } = process;
  const { db } = store;
  await removeLeftovers(paths);
  const assembler = new TransferAssembler({
    directory: paths.incoming,
    maxTransferBytes: MOST_PACKAGE_BYTES,
  });
  const own = await readPublicKeys(config);
  const intake = createIntake({ config, gatewayId, own, db, assembler, logger, clock });
  const admission = { db, paths, gatewayId, assembler, logger, clock };
  loop(process, 'intake', BUSY_MS, async (signal) => {
    const received = await intake.receive(signal);
    const settled = received === null ? 0 : await admitPackages(admission);
    return (received?.applied ?? 0) + settled > 0;
  });
  loop(process, 'destruction', SLOW_MS, async () => {
    await destroyEnded({ db, config, clock });
    return false;
  });
}

async function startSend(process: Process): Promise<void> {
  const { config, paths, gatewayId, store, lifecycle, clock } = process;
  const { db } = store;
  const signingKey = await openSigningKey(config, 'gateway');
  const ledgerKey = await openSigningKey(config, 'ledger');
  const cipher = await openOutboundCipher(config);
  const spool = new SpoolSender(config.requestSpool);
  const firstEpoch = Math.floor(clock().getTime() / 1000);
  let ledger: LedgerWriter | null = null;
  const openLedger = async () =>
    (ledger ??= await LedgerWriter.open({
      directory: paths.ledger,
      origin: gatewayId,
      zone: 'dmz',
    }));
  lifecycle.onStop('ledger', () => ledger?.close());
  loop(process, 'ledger', BUSY_MS, async () => {
    const writer = await openLedger();
    try {
      const carried = await drainLedger(db, writer);
      const signer = await findSigner(db, ledgerKey, 'ledger');
      await publishCheckpoint(db, writer, signer, clock());
      return carried > 0;
    } catch (error) {
      // After a failed write only reading the log again tells what it holds.
      ledger = null;
      await writer.close();
      throw error;
    }
  });
  loop(process, 'request-lane', BUSY_MS, async () => {
    const signer = await findSigner(db, signingKey, 'gateway');
    return (await sendRecords({ db, gatewayId, spool, cipher, signer, clock, firstEpoch })) > 0;
  });
  loop(process, 'upkeep', SLOW_MS, async () => {
    const now = clock();
    for (const epoch of epochsNeeded(now)) await ensureAgreementKey(db, config, epoch, now);
    await announceAgreementKeys(db, gatewayId, now);
    await settleDownloads(db, now);
    await forgetStrangers(db, now);
    return false;
  });
}

async function startApi(
  process: Process,
): Promise<{ readonly address: string; readonly portalDigest: string | null }> {
  const { config, lifecycle } = process;
  const server = await createApi(process);
  const portalDigest = await servePortal(server);
  const address = await listen(server, config.listen);
  lifecycle.onStop('api', () => server.close());
  return { address, portalDigest };
}

async function createApi(process: Process): Promise<SallyportServer> {
  const { config, paths, gatewayId, store, logger, clock } = process;
  const { db } = store;
  const tls = await readTls(config);
  const sessions = createSessions({
    key: await openSessionKey(config),
    findSession: (sessionId) => findSessionRow(db, sessionId),
    secure: tls !== null,
    clock,
  });
  const context = {
    db,
    gatewayId,
    fields: await openFieldKeys(config),
    sessions,
    signingKey: await openSigningKey(config, 'gateway'),
    keyRing: createKeyRing(config),
    paths,
    clock,
  };
  const readiness = {
    database: async () => {
      await db.$queryRaw`SELECT 1`;
    },
  };
  const secure = tls === null ? {} : { tls };
  return createGatewayServer(context, { service: 'dmz-gateway', logger, readiness, ...secure });
}

async function readTls({ tls }: GatewayConfig): Promise<TlsOptions | null> {
  if (tls === null) return null;
  return { cert: await readFile(tls.certFile, 'utf8'), key: await readFile(tls.keyFile, 'utf8') };
}

function loop(
  { lifecycle, logger }: Process,
  name: string,
  intervalMs: number,
  step: (signal: AbortSignal) => Promise<boolean>,
): Loop {
  const started = runLoop({
    name,
    intervalMs,
    signal: lifecycle.signal,
    step: async (signal) => ((await step(signal)) ? 'again' : 'rest'),
    onError: (err, failed, failures) =>
      logger.error({ err, loop: failed, failures }, 'step failed'),
    maxBackoffMs: 10_000,
  });
  lifecycle.onStop(name, () => started.stopped);
  return started;
}

/** What a kill left half removed or half written: nothing of it was ever visible. */
async function removeLeftovers(paths: GatewayPaths): Promise<void> {
  for (const name of await readdir(paths.incoming)) {
    if (name.endsWith('.discarded')) await rm(join(paths.incoming, name), { recursive: true });
  }
  const shares = await readdir(paths.shares, { recursive: true, withFileTypes: true });
  for (const entry of shares) {
    const isLeftover = entry.isFile() && entry.name.startsWith('.') && entry.name.endsWith('.tmp');
    if (isLeftover) await rm(join(entry.parentPath, entry.name), { force: true });
  }
}
