import { totpCode, type SallyportServer } from '@sallyport/runtime';
import type { ConsoleRole } from '@sallyport/contracts';
import { createAccount } from '@sallyport/internal-exporter/acts/accounts.js';
import { parseExporterEnvironment } from '@sallyport/internal-exporter/config/env.js';
import { buildServer } from '@sallyport/internal-exporter/server.js';
import { byCommand } from '@sallyport/internal-exporter/store/actors.js';
import { inTransaction } from '@sallyport/internal-exporter/store/database.js';
import { createLifecycle } from '@sallyport/runtime';
import { logger, type SiteFixture } from './site-fixture.ts';

export const PASSWORD = '긴 암호 하나 correct horse';

/** A clock that the test moves by hand. */
export interface Clock {
  readonly now: () => Date;
  readonly advance: (milliseconds: number) => void;
}

export function makeClock(): Clock {
  let offset = 0;
  return {
    now: () => new Date(Date.now() + offset),
    advance: (milliseconds) => void (offset += milliseconds),
  };
}

/** The real server on a test's site; injected into, never listening. */
export async function makeServer(fixture: SiteFixture, clock: Clock): Promise<SallyportServer> {
  const { db, site, keys, folder } = fixture;
  const config = parseExporterEnvironment({
    EXPORTER_DATA_DIR: folder,
    EXPORTER_LOG_LEVEL: 'silent',
  });
  const lifecycle = createLifecycle({ logger });
  const server = await buildServer({ config, db, site, keys, logger, lifecycle }, clock.now);
  await server.ready();
  return server;
}

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly text: string;
}

/** One caller: with a session once logged in. */
export interface Caller {
  readonly accountId: string;
  readonly login: string;
  readonly totpSecret: string;
  readonly call: (
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    body?: unknown,
  ) => Promise<Answer>;
}

/** Calls the API as whoever the headers say. */
export async function call(
  server: SallyportServer,
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  url: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await server.inject({
    method,
    url,
    headers,
    ...(body === undefined ? {} : { payload: body as object }),
  });
  const isJson = String(response.headers['content-type'] ?? '').includes('json');
  const parsed = isJson ? (JSON.parse(response.body) as Record<string, unknown>) : {};
  return { status: response.statusCode, body: parsed, text: response.body };
}

/** Logs in and answers the headers of the session. */
export async function logInAs(
  server: SallyportServer,
  clock: Clock,
  who: { readonly login: string; readonly totpSecret: string; readonly password?: string },
): Promise<{ status: number; body: Record<string, unknown>; headers: Record<string, string> }> {
  clock.advance(30_000);
  const payload = {
    login: who.login,
    password: who.password ?? PASSWORD,
    totp: totpCode(who.totpSecret, clock.now()),
  };
  const response = await server.inject({ method: 'POST', url: '/v1/session', payload });
  const body = JSON.parse(response.body) as Record<string, unknown>;
  const cookie = response.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  return {
    status: response.statusCode,
    body,
    headers: { cookie, 'x-sallyport-csrf': typeof body['csrf'] === 'string' ? body['csrf'] : '' },
  };
}

/** Redeems an activation code over the API; answers the secret of the authenticator. */
export async function activate(
  server: SallyportServer,
  clock: Clock,
  login: string,
  code: string,
): Promise<string> {
  const begun = await call(server, 'POST', '/v1/activation', { login, code, password: PASSWORD });
  const totpSecret = String(begun.body['totpSecret']);
  const totp = totpCode(totpSecret, clock.now());
  await call(server, 'POST', '/v1/activation/confirm', { login, code, totp });
  return totpSecret;
}

/** A person of the site, from the command line's account to a session. */
export async function addCaller(
  fixture: SiteFixture,
  server: SallyportServer,
  clock: Clock,
  who: { readonly role: ConsoleRole; readonly login: string; readonly staffNumber: string },
): Promise<Caller> {
  const { db, personal } = fixture;
  const { account, activationCode } = await inTransaction(db, async (tx) => {
    const actor = await byCommand(tx, personal, 'HOST-1', clock.now());
    const creator = { actor, accountId: null, personId: personal.personIdOf('HOST-1') };
    return createAccount(tx, personal, { ...who, name: `사람 ${who.login}` }, creator, clock.now());
  });
  const totpSecret = await activate(server, clock, who.login, activationCode ?? '');
  const { headers } = await logInAs(server, clock, { login: who.login, totpSecret });
  return {
    accountId: account.accountId,
    login: who.login,
    totpSecret,
    call: (method, url, body) => call(server, method, url, body, headers),
  };
}
