import { createHmac, timingSafeEqual } from 'node:crypto';
import { SallyportError } from '@sallyport/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Session } from '../session.ts';

export const SESSION_COOKIE = 'sallyport_session';

/** The server's own record of a session; deleting it, or changing its role, bites at the next call. */
export interface SessionRow {
  readonly sessionId: string;
  readonly accountId: string;
  readonly role: string;
  /** The session ends then, however busy it is. */
  readonly endsAt: Date;
}

export interface SessionOptions {
  /** 32 bytes that sign the tokens. */
  readonly key: Uint8Array;
  /** Null when the session was closed or its account locked, disabled or removed. */
  readonly findSession: (sessionId: string, now: Date) => Promise<SessionRow | null>;
  /** Ends after this long without a call, ms; 15 minutes unless told. */
  readonly idleMs?: number;
  /** Mark the cookie Secure: always, except on plain loopback. */
  readonly secure: boolean;
  readonly clock?: () => Date;
}

export interface Sessions {
  /** Sets the cookie of a session whose row was just stored; answers its CSRF value. */
  readonly open: (reply: FastifyReply, sessionId: string) => { readonly csrf: string };
  /** Removes the cookie; the caller deletes the row. */
  readonly close: (reply: FastifyReply) => void;
  /** For `guardRoutes`. Renews the cookie once half of its idle time has passed. */
  readonly authenticate: (request: FastifyRequest, reply: FastifyReply) => Promise<Session | null>;
}

const IDLE_MS = 15 * 60_000;

/**
 * Sessions as a short-lived signed cookie that names a server-side row. The cookie carries no role:
 * that is read from the row on every call.
 */
export function createSessions(options: SessionOptions): Sessions {
  const { key, findSession, secure, idleMs = IDLE_MS, clock = () => new Date() } = options;
  const cookie = { path: '/', httpOnly: true, sameSite: 'strict', secure } as const;
  const csrfOf = (sessionId: string): string => mac(key, 'csrf', sessionId);
  const setToken = (reply: FastifyReply, sessionId: string): void => {
    const token = signToken(key, sessionId, clock().getTime() + idleMs);
    void reply.setCookie(SESSION_COOKIE, token, { ...cookie, maxAge: Math.floor(idleMs / 1000) });
  };

  return {
    open(reply, sessionId) {
      setToken(reply, sessionId);
      return { csrf: csrfOf(sessionId) };
    },
    close(reply) {
      void reply.clearCookie(SESSION_COOKIE, cookie);
    },
    async authenticate(request, reply) {
      const text = request.cookies[SESSION_COOKIE];
      if (text === undefined) return null;
      const now = clock();
      const token = readToken(key, text);
      if (token === null || token.expiresAtMs <= now.getTime())
        throw new SallyportError('ERR_SESSION_EXPIRED');
      const row = await findSession(token.sessionId, now);
      if (row === null || row.sessionId !== token.sessionId || row.endsAt <= now) {
        throw new SallyportError('ERR_SESSION_EXPIRED');
      }
      if (token.expiresAtMs - now.getTime() < idleMs / 2) setToken(reply, row.sessionId);
      const { sessionId, accountId, role } = row;
      return { sessionId, accountId, role, csrf: csrfOf(sessionId) };
    },
  };
}

function signToken(key: Uint8Array, sessionId: string, expiresAtMs: number): string {
  const claim = `${sessionId}.${expiresAtMs}`;
  return `${claim}.${mac(key, 'session', claim)}`;
}

function readToken(
  key: Uint8Array,
  token: string,
): { readonly sessionId: string; readonly expiresAtMs: number } | null {
  const match = /^([0-9a-f]{32})\.([0-9]{13,15})\.([A-Za-z0-9_-]{43})$/.exec(token);
  if (match === null) return null;
  const [, sessionId = '', expiresAt = '', given = ''] = match;
  const expected = mac(key, 'session', `${sessionId}.${expiresAt}`);
  if (!timingSafeEqual(Buffer.from(given), Buffer.from(expected))) return null;
  return { sessionId, expiresAtMs: Number(expiresAt) };
}

/** `purpose` separates the uses of one key: a CSRF value must never verify as a token. */
function mac(key: Uint8Array, purpose: 'session' | 'csrf', text: string): string {
  return createHmac('sha256', key).update(`${purpose}\0${text}`).digest('base64url');
}
