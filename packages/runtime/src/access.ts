import { timingSafeEqual } from 'node:crypto';
import { SallyportError } from '@sallyport/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Session } from './session.ts';
import type { RouteAccess, RouteEntry, SallyportServer } from './server/server-types.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The permission table of a scope: every route, and who may call it. */
export type Permissions<Role extends string = string> = Readonly<
  Partial<Record<`${Method} /${string}`, readonly Role[] | 'public' | 'any-session'>>
>;

export interface GuardOptions {
  readonly permissions: Permissions;
  /** Null when there is no session. Throws ERR_SESSION_EXPIRED for one that has ended. */
  readonly authenticate: (request: FastifyRequest, reply: FastifyReply) => Promise<Session | null>;
}

export const CSRF_HEADER = 'x-sallyport-csrf';
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Guards every route that is registered in `scope` afterwards. A route that the table does not list
 * answers nobody, and the server refuses to start; so does a listed route that nobody registered.
 *
 * @example
 * await server.register(async (scope) => {
 *   guardRoutes(scope, { permissions: PERMISSIONS, authenticate: sessions.authenticate });
 *   requestRoutes(scope, …);
 * });
 */
export function guardRoutes(
  scope: SallyportServer,
  { permissions, authenticate }: GuardOptions,
): void {
  const unused = new Set(Object.keys(permissions));
  const accessOf = (method: string, url: string): RouteAccess => {
    const key = `${method} ${url}`;
    // The key is looked up as an own property, so `constructor` lists nothing.
    const access = Object.hasOwn(permissions, key)
      ? permissions[key as keyof Permissions]
      : undefined;
    return access ?? 'unlisted';
  };

  scope.addHook('onRoute', (route) => {
    for (const method of [route.method].flat()) unused.delete(`${method} ${route.url}`);
    const [first = ''] = [route.method].flat();
    route.config = { ...route.config, access: accessOf(first, route.url) };
  });
  scope.addHook('onReady', () => {
    const [route] = unused;
    if (route !== undefined)
      throw new SallyportError('ERR_PERMISSION_UNLISTED', { detail: { route } });
  });
  scope.addHook('onRequest', async (request, reply) => {
    const access = accessOf(request.method, request.routeOptions.url ?? '');
    refuseForeignSite(request);
    if (access === 'public') return;
    if (access === 'unlisted' || access === 'local') throw new SallyportError('ERR_ACCESS_DENIED');
    const session = await authenticate(request, reply);
    if (session === null) throw new SallyportError('ERR_SESSION_REQUIRED');
    if (access !== 'any-session' && !access.includes(session.role)) {
      throw new SallyportError('ERR_ACCESS_DENIED', { detail: { role: session.role } });
    }
    assertCsrf(request, session);
    request.session = session;
  });
}

/**
 * The session of a guarded route.
 *
 * @throws SallyportError ERR_SESSION_REQUIRED on a public route.
 */
export function getSession(request: FastifyRequest): Session {
  if (request.session === null) throw new SallyportError('ERR_SESSION_REQUIRED');
  return request.session;
}

/**
 * Every route × role with the expected answer, for the test that calls them all.
 * The role null stands for a caller without a session.
 */
export function routeMatrix(
  server: SallyportServer,
  roles: readonly string[],
): readonly {
  readonly route: RouteEntry;
  readonly role: string | null;
  readonly allowed: boolean;
}[] {
  return server.routeTable.flatMap((route) =>
    [null, ...roles].map((role) => ({ route, role, allowed: isAllowed(route.access, role) })),
  );
}

function isAllowed(access: RouteAccess, role: string | null): boolean {
  if (access === 'public' || access === 'local') return true;
  if (access === 'unlisted' || role === null) return false;
  return access === 'any-session' || access.includes(role);
}

function assertCsrf(request: FastifyRequest, session: Session): void {
  if (SAFE_METHODS.has(request.method)) return;
  const given = Buffer.from(String(request.headers[CSRF_HEADER] ?? ''));
  const expected = Buffer.from(session.csrf);
  if (given.length === expected.length && timingSafeEqual(given, expected)) return;
  throw new SallyportError('ERR_CSRF_MISMATCH');
}

/** Browsers state where a call comes from; login has no session yet, so this is its only CSRF defence. */
function refuseForeignSite(request: FastifyRequest): void {
  const site = request.headers['sec-fetch-site'];
  if (SAFE_METHODS.has(request.method) || site === undefined) return;
  if (site !== 'same-origin' && site !== 'none') throw new SallyportError('ERR_CSRF_MISMATCH');
}
