import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { SallyportServer } from './server-types.ts';

/** Request durations, seconds: an inside page answers in milliseconds, an upload takes minutes. */
const BUCKETS = [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 600];

/** Gives the server a registry of its own and times every request by route pattern, never by address. */
export function measureRequests(
  server: SallyportServer,
  service: string,
  processMetrics: boolean,
): void {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  if (processMetrics) collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: 'sallyport_http_request_duration_seconds',
    help: 'Time from the request to the end of the answer, by route pattern',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS,
    registers: [registry],
  });
  server.decorate('metrics', registry);
  server.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    // An unknown method would let a caller invent label values.
    const method = route === 'unknown' ? 'any' : request.method;
    durations.observe(
      { method, route, status: String(reply.statusCode) },
      reply.elapsedTime / 1000,
    );
    done();
  });
}
