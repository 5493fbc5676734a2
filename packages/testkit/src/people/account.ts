import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { createApiClient, type ApiClient } from './api-client.ts';
import { waitFor } from './wait-for.ts';

/** What a person needs to log in, as the first run prints it. */
export interface Account {
  readonly login: string;
  readonly password: string;
  /** Base32. */
  readonly totpSecret: string;
}

/** The six digits an authenticator shows now. */
export function currentCode(totpSecret: string, now = Date.now()): string {
  return new TOTP({ secret: Secret.fromBase32(totpSecret) }).generate({ timestamp: now });
}

/** A random pass phrase of letters, digits and dashes: about 95 bits. */
export function randomPassword(): string {
  return (
    randomBytes(12)
      .toString('base64url')
      .replaceAll('_', 'x')
      .replaceAll('-', 'y')
      .match(/.{1,4}/g)
      ?.join('-') ?? ''
  );
}

/** Turns a one-time code into a password and a TOTP secret, as the person would. */
export async function activate(baseUrl: string, login: string, code: string): Promise<Account> {
  const client = createApiClient(baseUrl);
  const password = randomPassword();
  const { totpSecret } = await client.send<{ totpSecret: string }>('POST', '/v1/activation', {
    login,
    code,
    password,
  });
  await client.send('POST', '/v1/activation/confirm', {
    login,
    code,
    totp: currentCode(totpSecret),
  });
  return { login, password, totpSecret };
}

/**
 * Logs in. A one-time code works once, and activation has just used this half minute's: so a refused
 * code is tried again with the next one.
 */
export async function logIn(baseUrl: string, account: Account): Promise<ApiClient> {
  const client = createApiClient(baseUrl);
  let last: unknown = null;
  let tried = '';
  await waitFor(
    `log-in of ${account.login}`,
    async () => {
      const totp = currentCode(account.totpSecret);
      if (totp === tried) return null;
      tried = totp;
      try {
        await client.login({ login: account.login, password: account.password, totp });
        return true;
      } catch (error) {
        last = error;
        return null;
      }
    },
    { timeoutMs: 65_000, everyMs: 500 },
  ).catch((cause: unknown) => {
    throw last instanceof Error ? last : new Error('log-in failed', { cause });
  });
  return client;
}
