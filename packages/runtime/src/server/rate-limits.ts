import rateLimit from '@fastify/rate-limit';
import { SallyportError } from '@sallyport/contracts';
import type { FastifyRequest } from 'fastify';
import type { SallyportServer } from './server-types.ts';

export interface RateLimits {
  /** Requests of one account (or, without a session, one address) a minute; 300 unless told. */
  readonly perCallerPerMinute?: number;
  /** Requests of one address a minute, counted before anything is checked; 3,000 unless told. */
  readonly perAddressPerMinute?: number;
}

const MINUTE_MS = 60_000;
const MOST_CALLERS_REMEMBERED = 10_000;

/**
 * Two limits: a wide one per address before any work (a station shares one address behind its VPN),
 * a narrow one per account once the session is known. A route narrows it with
 * `config: { rateLimit: { max: 10, timeWindow: 60_000 } }`.
 */
export async function limitRates(server: SallyportServer, limits: RateLimits): Promise<void> {
  await server.register(rateLimit, {
    global: true,
    hook: 'preHandler',
    max: limits.perCallerPerMinute ?? 300,
    timeWindow: MINUTE_MS,
    cache: MOST_CALLERS_REMEMBERED,
    keyGenerator: (request: FastifyRequest) => request.session?.accountId ?? request.ip,
    errorResponseBuilder: () => new SallyportError('ERR_RATE_LIMITED'),
  });
  const perAddress = server.createRateLimit({
    max: limits.perAddressPerMinute ?? 3_000,
    timeWindow: MINUTE_MS,
    keyGenerator: (request) => request.ip,
  });
  server.addHook('onRequest', async (request, reply) => {
    const answer = await perAddress(request);
    if (answer.isAllowed || !answer.isExceeded) return;
    void reply.header('retry-after', String(answer.ttlInSeconds));
    throw new SallyportError('ERR_RATE_LIMITED');
  });
}
