import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import {
  createServer,
  createSessions,
  guardRoutes,
  isLoopback,
  listen,
  serveStaticSite,
  type SallyportServer,
} from '@sallyport/runtime';
import { findSession } from './acts/sessions.ts';
import { PERMISSIONS } from './config/permissions.ts';
import type { RoleContext } from './role-context.ts';
import { accountRoutes, approverKeyRoutes } from './routes/account-routes.ts';
import type { ApiTools } from './routes/api-tools.ts';
import { auditRoutes } from './routes/audit-routes.ts';
import {
  cameraRoutes,
  deviceRoutes,
  officerRoutes,
  policyRoutes,
  stationRoutes,
} from './routes/directory-routes.ts';
import { exportRoutes } from './routes/export-routes.ts';
import { footageRoutes } from './routes/footage-routes.ts';
import { openFootageTools } from './routes/footage-tools.ts';
import { requestRoutes } from './routes/request-routes.ts';
import { sessionRoutes } from './routes/session-routes.ts';
import { openPersonalFields } from './store/key-files.ts';

/** Where the operator web app lies once it was built. */
const CONSOLE = fileURLToPath(new URL('../console/dist/', import.meta.url));

/** Starts role `api`: the console's API and its pages. Answers the server's address. */
export async function startApi(context: RoleContext): Promise<string> {
  const { config, lifecycle, logger } = context;
  const server = await buildServer(context);
  lifecycle.onStop('api', () => server.close());
  const address = await listen(server, config.listen);
  logger.info(
    { role: 'api', host: config.listen.host, port: Number(new URL(address).port) },
    'listening',
  );
  return address;
}

/** The whole server, not yet listening: tests inject into this one too. */
export async function buildServer(
  context: RoleContext,
  clock: () => Date = () => new Date(),
): Promise<SallyportServer> {
  const { config, db, keys, logger, site } = context;
  const tls =
    config.tls === null
      ? null
      : { cert: await readFile(config.tls.certificateFile, 'utf8'), key: config.tls.key };
  const server = await createServer({
    service: 'internal-exporter',
    logger,
    ...(tls === null ? {} : { tls }),
    readiness: {
      database: async () => {
        await db.$queryRaw`SELECT 1`;
      },
    },
  });
  const sessions = createSessions({
    key: await keys.openSecret('session'),
    findSession: (sessionId, now) => findSession(db, sessionId, now),
    secure: tls !== null || !isLoopback(config.listen.host),
    clock,
  });
  const tools: ApiTools = { db, fields: await openPersonalFields(keys), site, sessions, clock };
  const footageTools = await openFootageTools(context, tools);
  await server.register(async (scope) => {
    guardRoutes(scope, { permissions: PERMISSIONS, authenticate: sessions.authenticate });
    sessionRoutes(scope, tools);
    accountRoutes(scope, tools);
    approverKeyRoutes(scope, tools);
    stationRoutes(scope, tools);
    cameraRoutes(scope, tools);
    officerRoutes(scope, tools);
    deviceRoutes(scope, tools);
    policyRoutes(scope, tools);
    requestRoutes(scope, tools);
    await footageRoutes(scope, footageTools);
    exportRoutes(scope, footageTools);
    auditRoutes(scope, tools);
  });
  if (existsSync(CONSOLE)) await serveStaticSite(server, { root: CONSOLE });
  return server;
}
