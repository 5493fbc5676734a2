/** A refusal of the service: what happened, what to do, and the code, in the page's language. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly code: string;
  readonly remedy: string;
  readonly detail: string;
  readonly requestId: string;

  constructor(status: number, problem: Readonly<Record<string, unknown>>) {
    super(text(problem['title'], `HTTP ${status}`));
    this.status = status;
    this.code = text(problem['code'], 'ERR_UNREACHABLE');
    this.remedy = text(problem['remedy'], '');
    this.detail = text(problem['detail'], '');
    this.requestId = text(problem['requestId'], '');
  }
}

/** The page's connection to its service: same origin, session cookie, CSRF header, problem+json. */
export interface Api {
  get<T>(path: string): Promise<T>;
  send<T>(
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<T>;
  /** Uploads a form and reports the fraction sent, 0 … 1. */
  upload<T>(
    path: string,
    form: FormData,
    onProgress: (fraction: number) => void,
    signal: AbortSignal,
  ): Promise<T>;
  blob(path: string): Promise<Blob>;
  /** Set after log-in and after reading the session; cleared at log-out. */
  setCsrf(value: string | null): void;
  /** Headers a call of another module needs (the player fetches segments itself). */
  headers(): Record<string, string>;
}

/** Opens the connection; `language` is asked at every call, so a switch takes effect at once. */
export function createApi(language: () => string): Api {
  let csrf: string | null = null;
  const headers = (): Record<string, string> => ({
    'accept-language': language(),
    ...(csrf === null ? {} : { 'x-sallyport-csrf': csrf }),
  });

  async function call(method: string, path: string, init: RequestInit = {}): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(path, {
        ...init,
        method,
        credentials: 'same-origin',
        headers: { ...headers(), ...(init.headers as Record<string, string> | undefined) },
      }); // plain objects only, see callers
    } catch {
      // The network is gone: say so in the page's own words (see ProblemAlert).
      throw new ApiProblem(0, {});
    }
    if (!response.ok) throw new ApiProblem(response.status, await problemOf(response));
    return response;
  }

  return {
    headers,
    setCsrf(value) {
      csrf = value;
    },
    get: async (path) => readJson(await call('GET', path)),
    send: async (method, path, body, extra = {}) =>
      readJson(
        await call(method, path, {
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          headers: {
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            ...extra,
          },
        }),
      ),
    blob: async (path) => (await call('GET', path)).blob(),
    upload: (path, form, onProgress, signal) =>
      uploadForm(path, form, headers(), onProgress, signal),
  };
}

/** fetch() reports no upload progress; XMLHttpRequest does. */
function uploadForm<T>(
  path: string,
  form: FormData,
  headers: Record<string, string>,
  onProgress: (fraction: number) => void,
  signal: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', path);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total);
    request.onerror = () => reject(new ApiProblem(0, {}));
    request.onabort = () => reject(new ApiProblem(0, { code: 'ERR_CANCELLED' }));
    request.onload = () => {
      const body: unknown = request.response;
      const done = request.status >= 200 && request.status < 300;
      if (done)
        resolve(body as T); // the service's own contract
      else reject(new ApiProblem(request.status, isRecord(body) ? body : {}));
    };
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(form);
  });
}

async function readJson<T>(response: Response): Promise<T> {
  const body = await response.text();
  return (body === '' ? undefined : JSON.parse(body)) as T; // the service's own contract
}

async function problemOf(response: Response): Promise<Readonly<Record<string, unknown>>> {
  const body: unknown = await response.json().catch(() => ({}));
  return isRecord(body) ? body : {};
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function text(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}
