import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import { randomBytes } from 'node:crypto';
import { SallyportError } from '@sallyport/contracts';
import fastify, { LogController } from 'fastify';
import type { Logger } from '../logger.ts';
import { addHealthRoutes, type ReadinessCheck } from './health-routes.ts';
import { guardListening } from './listen-guard.ts';
import { measureRequests } from './metrics.ts';
import { replyWithProblem } from './problem.ts';
import { limitRates, type RateLimits } from './rate-limits.ts';
import { collectRoutes, refuseUnknownRoute } from './route-table.ts';
import { PERMISSIONS_POLICY, securityHeaders } from './security-headers.ts';
import type { SallyportServer } from './server-types.ts';
import { createValidatorCompiler } from './validation.ts';

export interface TlsOptions {
  /** PEM of the server's certificate and the chain above it. */
  readonly cert: string;
  /** PEM of its private key. */
  readonly key: string;
  /** PEM of the authority that client certificates must come from; without it none are asked for. */
  readonly clientCa?: string;
}

export interface ServerOptions {
  /** Name of the service in logs and metrics. */
  readonly service: string;
  readonly logger: Logger;
  /** Without it the server listens on loopback only. */
  readonly tls?: TlsOptions;
  /** What must work before work may arrive, by name. Any failure makes `/readyz` answer 503. */
  readonly readiness: Readonly<Record<string, ReadinessCheck>>;
  /** Largest body, bytes; 256 KiB unless told. Routes that stream declare their own. */
  readonly bodyLimitBytes?: number;
  /** Time for a whole request to arrive, ms; 30 s unless told. Routes with `slowBody` are exempt. */
  readonly requestTimeoutMs?: number;
  /** A connection without traffic ends after this, ms; 30 s unless told. */
  readonly idleTimeoutMs?: number;
  readonly rateLimits?: RateLimits;
  /** Who may read `/metrics`; loopback callers unless told. */
  readonly metricsFrom?: 'loopback' | 'anywhere';
  /** Also measure the process (memory, event loop); true unless told. */
  readonly processMetrics?: boolean;
}

const BODY_LIMIT_BYTES = 256 * 1024;
const TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 30_000;
const LONGEST_PARAMETER = 256;

/**
 * The only place that makes an HTTP server: headers, limits, strict validation, problem+json errors,
 * health and metrics. Register guarded scopes on it ({@link guardRoutes}), then `listen` or `inject`.
 */
export async function createServer(options: ServerOptions): Promise<SallyportServer> {
  const server = construct(options);
  if (options.tls === undefined) guardListening(server);
  collectRoutes(server);
  server.decorateRequest('session', null);
  server.setValidatorCompiler(createValidatorCompiler());
  server.setErrorHandler(replyWithProblem);
  server.setNotFoundHandler((request, reply) =>
    refuseUnknownRoute(server.routeTable, request, reply),
  );
  measureRequests(server, options.service, options.processMetrics ?? true);
  logRequests(server);
  endSlowRequests(server, options.requestTimeoutMs ?? TIMEOUT_MS);
  await server.register(helmet, securityHeaders(options.tls !== undefined));
  await server.register(cookie);
  await limitRates(server, options.rateLimits ?? {});
  addHealthRoutes(server, options.readiness, options.metricsFrom ?? 'loopback');
  return server;
}

function construct(options: ServerOptions): SallyportServer {
  const shared = {
    loggerInstance: options.logger,
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: 'requestId',
    }),
    genReqId: () => randomBytes(16).toString('hex'),
    requestIdHeader: false as const,
    bodyLimit: options.bodyLimitBytes ?? BODY_LIMIT_BYTES,
    connectionTimeout: options.idleTimeoutMs ?? TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle' as const,
    frameworkErrors: replyWithProblem,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: LONGEST_PARAMETER },
    onProtoPoisoning: 'error' as const,
    onConstructorPoisoning: 'error' as const,
  };
  const { tls } = options;
  const server =
    tls === undefined
      ? fastify({ ...shared, http: { headersTimeout: HEADERS_TIMEOUT_MS } })
      : fastify({ ...shared, https: { ...httpsOptions(tls), headersTimeout: HEADERS_TIMEOUT_MS } });
  // The two constructors differ only in the socket's type, which no route looks at.
  return server.withTypeProvider() as unknown as SallyportServer;
}

function httpsOptions(tls: TlsOptions) {
  const client =
    tls.clientCa === undefined
      ? {}
      : { ca: tls.clientCa, requestCert: true, rejectUnauthorized: true };
  return { cert: tls.cert, key: tls.key, minVersion: 'TLSv1.2' as const, ...client };
}

function logRequests(server: SallyportServer): void {
  server.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id).header('permissions-policy', PERMISSIONS_POLICY);
    done();
  });
  server.addHook('onSend', (_request, reply, payload, done) => {
    if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
    done(null, payload);
  });
  server.addHook('onResponse', (request, reply, done) => {
    const { method, routeOptions } = request;
    const route = routeOptions.url ?? 'unknown';
    const durationMs = Math.round(reply.elapsedTime);
    request.log.info({ method, route, status: reply.statusCode, durationMs }, 'request done');
    done();
  });
}

/** Node's own request timeout is per server; footage uploads need it per route. */
function endSlowRequests(server: SallyportServer, timeoutMs: number): void {
  server.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.config.slowBody !== true && !request.raw.complete) {
      const timer = setTimeout(() => {
        if (request.raw.complete || reply.sent) return;
        void reply.header('connection', 'close').send(new SallyportError('ERR_REQUEST_TIMEOUT'));
        reply.raw.once('finish', () => request.raw.destroy());
      }, timeoutMs);
      timer.unref();
      request.raw.once('close', () => clearTimeout(timer));
      request.raw.once('end', () => clearTimeout(timer));
    }
    done();
  });
}
