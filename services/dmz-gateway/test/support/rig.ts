import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { parse, PublicJwk } from '@sallyport/contracts';
import { createStaffAccount } from '@sallyport/dmz-gateway/accounts/staff-accounts.js';
import { findSessionRow } from '@sallyport/dmz-gateway/accounts/session-rows.js';
import { nameActor } from '@sallyport/dmz-gateway/cli/command-names.js';
import { importTrust } from '@sallyport/dmz-gateway/cli/trust-bundles.js';
import { makeFolders, pathsOf } from '@sallyport/dmz-gateway/config/paths.js';
import { epochOf } from '@sallyport/dmz-gateway/domain/epochs.js';
import { admitPackages } from '@sallyport/dmz-gateway/intake/admit-package.js';
import { destroyEnded } from '@sallyport/dmz-gateway/intake/destroy-packages.js';
import { createIntake } from '@sallyport/dmz-gateway/intake/receive-frames.js';
import { createKeyRing, ensureAgreementKey } from '@sallyport/dmz-gateway/keys/agreement-keys.js';
import {
  createGateway,
  openFieldKeys,
  openSessionKey,
  openSigningKey,
} from '@sallyport/dmz-gateway/keys/gateway-keys.js';
import { readPublicKeys } from '@sallyport/dmz-gateway/keys/public-keys.js';
import { createGatewayServer } from '@sallyport/dmz-gateway/routes/create-gateway-server.js';
import { openStore } from '@sallyport/dmz-gateway/store/database.js';
import { TransferAssembler } from '@sallyport/lane';
import { createLogger, createSessions } from '@sallyport/runtime';
import { createInternalZone, newId } from './internal-zone.ts';

export type Rig = Awaited<ReturnType<typeof startRig>>;

/** One gateway on a real PostgreSQL, its internal zone played by the test, and a clock to move. */
export async function startRig(t: Test) {
  const dataDir = await mkdtemp(join(tmpdir(), 'sallyport-gateway-'));
  await chmod(dataDir, 0o711); // the database's own user must get through
  let offsetMs = 0;
  const clock = () => new Date(Date.now() + offsetMs);
  const config = {
    dataDir, listen: { host: '127.0.0.1', port: 0 }, databaseUrl: null, exportSpool: join(dataDir, 'spool/export'),
    requestSpool: join(dataDir, 'spool/request'), passphrase: 'a passphrase for tests', tls: null,
    logLevel: 'silent', keyIterations: 1000,
  } as const; // prettier-ignore
  const gatewayId = newId();
  const paths = pathsOf(dataDir);
  await makeFolders(paths);
  await createGateway(config, gatewayId);
  const logger = createLogger({ service: 'test', level: 'silent' });
  const store = await openStore(config, logger);
  const { db } = store;
  const fields = await openFieldKeys(config);
  const zone = await createInternalZone(clock());
  const own = await readPublicKeys(config);
  const assembler = new TransferAssembler({ directory: paths.incoming, maxTransferBytes: 1e9 });
  const sessions = createSessions({
    key: await openSessionKey(config),
    findSession: (sessionId) => findSessionRow(db, sessionId),
    secure: false,
    clock,
  });
  const context = {
    db, gatewayId, fields, sessions, signingKey: await openSigningKey(config, 'gateway'),
    keyRing: createKeyRing(config), paths, clock,
  }; // prettier-ignore
  const server = await createGatewayServer(context, {
    service: 'dmz-gateway', logger, readiness: {}, processMetrics: false,
    rateLimits: { perCallerPerMinute: 100_000, perAddressPerMinute: 100_000 },
  }); // prettier-ignore
  t.teardown(async () => {
    await server.close();
    await store.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  const intake = createIntake({
    config,
    gatewayId,
    own,
    db,
    assembler,
    logger,
    clock,
    settleMs: 0,
  });
  return {
    config,
    gatewayId,
    paths,
    store,
    db,
    fields,
    zone,
    own,
    server,
    clock,
    spool: config.exportSpool,
    /** Takes everything in the export spool, then settles whole packages. */
    receive: async () => {
      const result = await intake.receive();
      await admitPackages({ db, paths, gatewayId, assembler, logger, clock });
      return result;
    },
    destroy: () => destroyEnded({ db, config, clock }),
    moveClock: (milliseconds: number) => void (offsetMs += milliseconds),
    agreementKey: () => ensureAgreementKey(db, config, epochOf(clock()), clock()),
    importTrust: async () => {
      const bundle = await zone.trustBundle();
      return importTrust(db, fields, { ...bundle, by: '김담당', witness: '이확인' }, clock());
    },
    /** The gateway's own certificates, as the directory brings them. */
    certifyGateway: async () => {
      const gateway = await zone.certify(
        'gateway',
        parse(PublicJwk, own.gateway),
        gatewayId,
        gatewayId,
      );
      const ledger = await zone.certify(
        'gateway-ledger',
        parse(PublicJwk, own.ledger),
        gatewayId,
        gatewayId,
      );
      await zone.sendDirectory(config.exportSpool, [
        { kind: 'certificate', id: newId(), value: { role: 'gateway', der: gateway } },
        { kind: 'certificate', id: newId(), value: { role: 'gateway-ledger', der: ledger } },
      ]);
    },
    staff: async (role: 'auditor' | 'administrator', login: string) => {
      const actor = await nameActor(db, fields, '김담당', clock());
      return createStaffAccount(db, fields, { role, login, name: '박감사', actor }, clock());
    },
    events: async (kind: string) =>
      (await db.ledgerEvent.findMany({ where: { kind }, orderBy: { row: 'asc' } })).map(
        ({ event }) => event,
      ),
  };
}
