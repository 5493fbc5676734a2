import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyTypeProvider,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { Registry } from 'prom-client';
import type { Static, TSchema } from 'typebox';
import type { Session } from '../session.ts';

/** Derives handler types from the TypeBox schemas of a route. */
export interface ContractTypeProvider extends FastifyTypeProvider {
  readonly validator: this['schema'] extends TSchema ? Static<this['schema']> : unknown;
  readonly serializer: this['schema'] extends TSchema ? Static<this['schema']> : unknown;
}

export type SallyportServer = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ContractTypeProvider
>;

/** One method of one route, as registered. */
export interface RouteEntry {
  readonly method: string;
  /** Pattern, such as `/v1/requests/:id`. */
  readonly url: string;
  readonly access: RouteAccess;
}

/** Roles that may call; `'public'` needs no session; `'local'` answers loopback callers only. */
export type RouteAccess = readonly string[] | 'public' | 'any-session' | 'local' | 'unlisted';

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route registered so far, methods apart. */
    readonly routeTable: readonly RouteEntry[];
    /** This server's own metrics; services register theirs here. */
    readonly metrics: Registry;
  }
  interface FastifyRequest {
    /** The caller's session; null on public routes. */
    session: Session | null;
  }
  interface FastifyContextConfig {
    access?: RouteAccess;
    /** The body may take longer than the request timeout (footage); idle connections still end. */
    slowBody?: boolean;
  }
}
