import { setTimeout as sleep } from 'node:timers/promises';
import { isErrorCode, SallyportError, type ErrorCode } from '@sallyport/contracts';

/** A refusal as the service put it: problem+json, with the code and the remedy. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';
  readonly status: number;
  readonly code: string;

  constructor(
    call: string,
    status: number,
    problem: { code?: unknown; title?: unknown; remedy?: unknown; detail?: unknown },
  ) {
    const code = typeof problem.code === 'string' ? problem.code : 'no code';
    super(
      `${call}: ${status} ${code}: ${text(problem.title)}; ${text(problem.remedy)} ${text(problem.detail)}`.trim(),
    );
    this.status = status;
    this.code = code;
  }

  /** The same refusal as the product's own error, where the code is one of its codes. */
  toSallyportError(): SallyportError | null {
    const code: string = this.code;
    return isErrorCode(code) ? new SallyportError(code satisfies ErrorCode, { cause: this }) : null;
  }
}

/** One person's connection to one service: keeps the session cookie and the CSRF value. */
export interface ApiClient {
  readonly baseUrl: string;
  /** Logs in and remembers cookie and CSRF value for the calls that follow. */
  login(credentials: { login: string; password: string; totp: string }): Promise<void>;
  get<T>(path: string): Promise<T>;
  send<T>(
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<T>;
  /** Streams a multipart form: text fields first, then the file. */
  upload<T>(
    path: string,
    fields: Record<string, string>,
    file: { name: string; content: Blob },
  ): Promise<T>;
  bytes(path: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Cookie and CSRF headers, for a call this client has no method for. */
  sessionHeaders(): Record<string, string>;
}

/** Opens a client; nothing is sent before the first call. */
export function createApiClient(baseUrl: string): ApiClient {
  let cookie = '';
  let csrf = '';

  async function call(method: string, path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('accept-language', 'en');
    for (const [name, value] of Object.entries(sessionHeaders())) headers.set(name, value);
    const response = await patiently(() =>
      fetch(new URL(path, baseUrl), { ...init, method, headers, redirect: 'error' }),
    );
    const given = response.headers.getSetCookie()[0]?.split(';', 1)[0];
    if (given !== undefined) cookie = given;
    if (!response.ok)
      throw new ApiRefusal(`${method} ${path}`, response.status, await problemOf(response));
    return response;
  }

  function sessionHeaders(): Record<string, string> {
    return {
      ...(cookie === '' ? {} : { cookie }),
      ...(csrf === '' ? {} : { 'x-sallyport-csrf': csrf }),
    };
  }

  async function json<T>(response: Response): Promise<T> {
    const body = await response.text();
    // The replies are the service's own contract; the scripted people do not re-check them.
    return (body === '' ? undefined : JSON.parse(body)) as T;
  }

  return {
    baseUrl,
    sessionHeaders,
    async login(credentials) {
      const session = await json<{ csrf: string }>(
        await call('POST', '/v1/session', jsonBody(credentials)),
      );
      csrf = session.csrf;
    },
    get: async (path) => json(await call('GET', path)),
    send: async (method, path, body, headers = {}) => {
      const init: { body?: string; headers?: Record<string, string> } =
        body === undefined ? {} : jsonBody(body);
      return json(
        await call(method, path, { ...init, headers: { ...headers, ...(init.headers ?? {}) } }),
      );
    },
    upload: async (path, fields, file) => {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.set(name, value);
      form.set('file', file.content, file.name);
      return json(await call('POST', path, { body: form }));
    },
    bytes: async (path) => new Uint8Array(await (await call('GET', path)).arrayBuffer()),
  };
}

/** Somebody who asked too often waits as long as the service says, a few times, and asks again. */
async function patiently(ask: () => Promise<Response>): Promise<Response> {
  for (let turn = 1; ; turn += 1) {
    const response = await ask();
    if (response.status !== 429 || turn === 3) return response;
    await response.body?.cancel();
    await sleep(1000 * Math.min(60, Number(response.headers.get('retry-after') ?? 1)));
  }
}

function jsonBody(body: unknown): { body: string; headers: Record<string, string> } {
  return { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}

async function problemOf(response: Response): Promise<Record<string, unknown>> {
  const body: unknown = await response.json().catch(() => ({ title: 'the reply is not JSON' }));
  return typeof body === 'object' && body !== null ? { ...body } : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
