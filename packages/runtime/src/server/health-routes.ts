import { SallyportError } from '@sallyport/contracts';
import type { FastifyRequest } from 'fastify';
import { isLoopback } from './listen-guard.ts';
import type { SallyportServer } from './server-types.ts';

/** Rejects while the service must not get work. The signal aborts when the check takes too long. */
export type ReadinessCheck = (signal: AbortSignal) => Promise<void>;

const CHECK_TIMEOUT_MS = 2_000;

/** `/healthz` (the process answers), `/readyz` (every check passes), `/metrics` (Prometheus text). */
export function addHealthRoutes(
  server: SallyportServer,
  checks: Readonly<Record<string, ReadinessCheck>>,
  metricsFrom: 'loopback' | 'anywhere',
): void {
  server.get('/healthz', { config: { access: 'public', rateLimit: false } }, () => ({
    status: 'alive',
  }));

  server.get('/readyz', { config: { access: 'public', rateLimit: false } }, async (request) => {
    const failed = await failedChecks(checks);
    for (const { check, err } of failed) request.log.warn({ check, err }, 'not ready');
    if (failed.length > 0) throw new SallyportError('ERR_NOT_READY');
    return { status: 'ready' };
  });

  const access = metricsFrom === 'loopback' ? 'local' : 'public';
  server.get('/metrics', { config: { access, rateLimit: false } }, async (request, reply) => {
    if (access === 'local' && !isLocalCaller(request))
      throw new SallyportError('ERR_ROUTE_NOT_FOUND');
    return reply.type(server.metrics.contentType).send(await server.metrics.metrics());
  });
}

async function failedChecks(
  checks: Readonly<Record<string, ReadinessCheck>>,
): Promise<readonly { readonly check: string; readonly err: unknown }[]> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([check, run]) => {
      try {
        await withinTimeout(run);
        return [];
      } catch (err) {
        return [{ check, err }];
      }
    }),
  );
  return results.flat();
}

async function withinTimeout(run: ReadinessCheck): Promise<void> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new SallyportError('ERR_NOT_READY', { detail: { timeoutMs: CHECK_TIMEOUT_MS } }));
      controller.abort();
    }, CHECK_TIMEOUT_MS);
  });
  try {
    await Promise.race([run(controller.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A reverse proxy on this machine makes every caller look local: its headers give it away. */
function isLocalCaller(request: FastifyRequest): boolean {
  const { headers, raw } = request;
  const proxied = 'forwarded' in headers || 'x-forwarded-for' in headers || 'via' in headers;
  return !proxied && isLoopback(raw.socket.remoteAddress ?? '');
}
