import {
  isErrorCode,
  parse,
  PortalNonce,
  PortalRecordBody,
  SallyportError,
} from '@sallyport/contracts';

/** What the player needs of the gateway. Each call rejects with the gateway's own code. */
export interface PlayerGateway {
  header(packageId: string): Promise<string>;
  leaves(packageId: string): Promise<Uint8Array>;
  segment(packageId: string, index: number, signal: AbortSignal): Promise<Uint8Array>;
  licenceNonce(packageId: string, deviceId: string): Promise<string>;
  licence(packageId: string, jws: string): Promise<string>;
}

/**
 * The gateway this page came from, over `fetch`. `csrf` is the value the log-in returned.
 *
 * @throws SallyportError (from its calls) the gateway's own code, or ERR_PLAYER_GATEWAY
 */
export function sameOriginGateway(csrf: () => string): PlayerGateway {
  const path = (packageId: string, rest: string) => `/v1/packages/${packageId}/${rest}`;
  const post = async (url: string, body: unknown) =>
    jsonOf(
      await call(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-sallyport-csrf': csrf() },
        body: JSON.stringify(body),
      }),
    );
  return {
    header: async (packageId) =>
      parse(
        PortalRecordBody,
        await jsonOf(await call(path(packageId, 'header'))),
        'ERR_PLAYER_GATEWAY',
      ).jws,
    leaves: async (packageId) => bytesOf(await call(path(packageId, 'leaves'))),
    segment: async (packageId, index, signal) =>
      bytesOf(await call(path(packageId, `segments/${index}`), { signal })),
    licenceNonce: async (packageId, deviceId) =>
      parse(
        PortalNonce,
        await post(path(packageId, 'licence-nonce'), { deviceId }),
        'ERR_PLAYER_GATEWAY',
      ).nonce,
    licence: async (packageId, jws) =>
      parse(PortalRecordBody, await post(path(packageId, 'licence'), { jws }), 'ERR_PLAYER_GATEWAY')
        .jws,
  };
}

async function call(url: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { credentials: 'same-origin', redirect: 'error', ...init });
  } catch (cause) {
    if (init.signal?.aborted === true) throw cause;
    throw new SallyportError('ERR_PLAYER_GATEWAY', { cause });
  }
  if (!response.ok) throw await refusalOf(response);
  return response;
}

async function refusalOf(response: Response): Promise<SallyportError> {
  const { status } = response;
  const isProblem =
    response.headers.get('content-type')?.startsWith('application/problem+json') === true;
  const problem: unknown = isProblem ? await jsonOf(response) : null;
  const code =
    typeof problem === 'object' && problem !== null && 'code' in problem ? problem.code : null;
  const known = typeof code === 'string' && isErrorCode(code) ? code : 'ERR_PLAYER_GATEWAY';
  return new SallyportError(known, { detail: { status } });
}

async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (cause) {
    throw new SallyportError('ERR_PLAYER_GATEWAY', { cause });
  }
}

async function bytesOf(response: Response): Promise<Uint8Array> {
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    throw new SallyportError('ERR_PLAYER_GATEWAY', { cause });
  }
}
