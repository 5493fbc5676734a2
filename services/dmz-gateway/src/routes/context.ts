import { SallyportError } from '@sallyport/contracts';
import { getSession, type Sessions } from '@sallyport/runtime';
import type { FastifyRequest } from 'fastify';
import type { GatewayPaths } from '../config/paths.ts';
import type { AgreementKeyRing } from '../keys/agreement-keys.ts';
import type { FieldKeys, SigningKey } from '../keys/gateway-keys.ts';
import type { Database } from '../store/database.ts';

/** What every route may need; each takes its own part of it. */
export interface RouteContext {
  readonly db: Database;
  readonly gatewayId: string;
  readonly fields: FieldKeys;
  readonly sessions: Sessions;
  readonly signingKey: SigningKey;
  readonly keyRing: AgreementKeyRing;
  readonly paths: GatewayPaths;
  readonly clock: () => Date;
}

/** The officer who calls. @throws SallyportError ERR_ACCESS_DENIED for accounts that are none */
export async function getOfficerId(db: Database, request: FastifyRequest): Promise<string> {
  const { accountId, role } = getSession(request);
  const account = await db.account.findUnique({ where: { id: accountId } });
  if (account?.officerId == null)
    throw new SallyportError('ERR_ACCESS_DENIED', { detail: { role } });
  return account.officerId;
}

const MINUTE_MS = 60_000;

/** At most `max` calls a minute of one login name, whichever address they come from. */
export function limitByLogin(max: number) {
  const keyGenerator = (request: FastifyRequest): string => {
    const { body } = request;
    const isObject = typeof body === 'object' && body !== null;
    const login = isObject && 'login' in body ? String(body.login) : request.ip;
    return `login:${login}`;
  };
  return { rateLimit: { max, timeWindow: MINUTE_MS, keyGenerator } };
}

/** At most `max` calls a minute of one account. */
export function limitByAccount(max: number) {
  return { rateLimit: { max, timeWindow: MINUTE_MS } };
}

/** At most `max` calls a minute of one account from one device, where the body names it. */
export function limitByDevice(max: number) {
  const keyGenerator = (request: FastifyRequest): string => {
    const { body } = request;
    const isObject = typeof body === 'object' && body !== null;
    const device = isObject && 'deviceId' in body ? String(body.deviceId) : 'none';
    return `${request.session?.accountId ?? request.ip}:${device}`;
  };
  return { rateLimit: { max, timeWindow: MINUTE_MS, keyGenerator } };
}
