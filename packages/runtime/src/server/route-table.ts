import { SallyportError } from '@sallyport/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RouteEntry, SallyportServer } from './server-types.ts';

/** Collects every route; a route whose access nobody declared makes the start fail. */
export function collectRoutes(server: SallyportServer): void {
  const table: RouteEntry[] = [];
  server.decorate('routeTable', table);
  server.addHook('onRoute', (route) => {
    // A hook of an outer scope runs before the guard's: the access is read when it is asked for.
    for (const method of [route.method].flat()) {
      table.push({
        method,
        url: route.url,
        get access() {
          return route.config?.access ?? 'unlisted';
        },
      });
    }
  });
  server.addHook('onReady', () => {
    const missing = table.find(({ access }) => access === 'unlisted');
    if (missing === undefined) return;
    const route = `${missing.method} ${missing.url}`;
    throw new SallyportError('ERR_PERMISSION_UNLISTED', { detail: { route } });
  });
}

/** 404, or 405 with Allow where the address exists for another method. */
export function refuseUnknownRoute(
  table: readonly RouteEntry[],
  request: FastifyRequest,
  reply: FastifyReply,
): never {
  const path = request.url.split('?', 1)[0] ?? '/';
  const matching = table.filter(({ url }) => !url.includes('*') && isMatch(url, path));
  const methods = [...new Set(matching.map(({ method }) => method))];
  if (methods.length === 0) throw new SallyportError('ERR_ROUTE_NOT_FOUND');
  void reply.header('allow', methods.join(', '));
  throw new SallyportError('ERR_METHOD_NOT_ALLOWED', { detail: { allow: methods.join(', ') } });
}

function isMatch(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const given = path.split('/');
  return (
    wanted.length === given.length &&
    wanted.every((part, index) =>
      part.startsWith(':') ? given[index] !== '' : part === given[index],
    )
  );
}
