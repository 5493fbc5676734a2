import {
  createServer,
  guardRoutes,
  type SallyportServer,
  type ServerOptions,
} from '@sallyport/runtime';
import { PERMISSIONS } from '../domain/permissions.ts';
import { adminRoutes } from './admin/index.ts';
import type { RouteContext } from './context.ts';
import { publicRoutes } from './public/index.ts';
import { sessionRoutes } from './session/index.ts';
import { stationRoutes } from './stations/index.ts';

const SCOPES = {
  public: publicRoutes,
  session: sessionRoutes,
  stations: stationRoutes,
  admin: adminRoutes,
} as const;

/** The gateway's server: one guarded scope per trust level, each with its part of the one table. */
export async function createGatewayServer(
  context: RouteContext,
  options: ServerOptions,
): Promise<SallyportServer> {
  const server = await createServer(options);
  const { authenticate } = context.sessions;
  for (const name of ['public', 'session', 'stations', 'admin'] as const) {
    await server.register(async (scope: SallyportServer) => {
      guardRoutes(scope, { permissions: PERMISSIONS[name], authenticate });
      SCOPES[name](scope, context);
    });
  }
  return server;
}
