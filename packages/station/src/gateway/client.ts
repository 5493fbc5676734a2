import type { Static, TSchema } from 'typebox';
import {
  isErrorCode,
  parse,
  PortalCameras,
  PortalDevice,
  PortalDevices,
  PortalNonce,
  PortalPackage,
  PortalPackages,
  PortalPolicy,
  PortalRecordBody,
  PortalRequest,
  PortalRequests,
  PortalSession,
  PortalSignUpReply,
  PortalSite,
  PortalStations,
  SallyportError,
  type PortalLoginBody,
  type PortalRequestBody,
  type PortalSignUpBody,
} from '@sallyport/contracts';
import { exchange, type Exchange, type Reply } from './transport.ts';

export interface GatewayOptions {
  /** `https://gateway.example` or, on the same machine, `http://127.0.0.1:7020`. */
  readonly url: string;
  /** PEM of the authority behind the gateway's TLS certificate. */
  readonly tlsCa?: string | undefined;
  /** `ko` (default) or `en`: language of the gateway's own words. */
  readonly language?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

const COOKIE = /^(sallyport_session=[^;]*)/;

/**
 * A client of the gateway's public API. It keeps the session's cookie and repeats its csrf value;
 * every reply is parsed before it is returned, every refusal is thrown under its own code.
 *
 * @example
 * const gateway = new GatewayClient({ url });
 * await gateway.login({ login, password, totp });
 * const { packages } = await gateway.packages();
 */
export class GatewayClient {
  readonly #options: GatewayOptions;
  #cookie: string | null = null;
  #csrf: string | null = null;

  constructor(options: GatewayOptions) {
    this.#options = options;
  }

  site(): Promise<PortalSite> {
    return this.get('/v1/site', PortalSite);
  }

  stations(): Promise<PortalStations> {
    return this.get('/v1/directory/stations', PortalStations);
  }

  signUp(body: PortalSignUpBody): Promise<PortalSignUpReply> {
    return this.post('/v1/sign-up', body, PortalSignUpReply);
  }

  /** Opens a session; further calls carry it. */
  async login(body: PortalLoginBody): Promise<PortalSession> {
    const session = await this.post('/v1/session', body, PortalSession);
    this.#csrf = session.csrf;
    return session;
  }

  session(): Promise<PortalSession> {
    return this.get('/v1/session', PortalSession);
  }

  async logout(): Promise<void> {
    await this.#send('DELETE', '/v1/session');
    this.#cookie = null;
    this.#csrf = null;
  }

  cameras(): Promise<PortalCameras> {
    return this.get('/v1/directory/cameras', PortalCameras);
  }

  policy(): Promise<PortalPolicy> {
    return this.get('/v1/directory/policy', PortalPolicy);
  }

  devices(): Promise<PortalDevices> {
    return this.get('/v1/devices', PortalDevices);
  }

  /** Posts a device-enrolment record. */
  enrol(jws: string): Promise<PortalDevice> {
    return this.post('/v1/devices', { jws }, PortalDevice);
  }

  /** Posts an enrolment-proof record. */
  prove(deviceId: string, jws: string): Promise<PortalDevice> {
    return this.post(`/v1/devices/${deviceId}/proof`, { jws }, PortalDevice);
  }

  submitRequest(body: PortalRequestBody): Promise<PortalRequest> {
    return this.post('/v1/requests', body, PortalRequest);
  }

  requests(): Promise<PortalRequests> {
    return this.get('/v1/requests', PortalRequests);
  }

  request(requestId: string): Promise<PortalRequest> {
    return this.get(`/v1/requests/${requestId}`, PortalRequest);
  }

  packages(): Promise<PortalPackages> {
    return this.get('/v1/packages', PortalPackages);
  }

  package(packageId: string): Promise<PortalPackage> {
    return this.get(`/v1/packages/${packageId}`, PortalPackage);
  }

  /** The package-header record, as it stands in the file. */
  async header(packageId: string): Promise<string> {
    return (await this.get(`/v1/packages/${packageId}/header`, PortalRecordBody)).jws;
  }

  async leaves(packageId: string): Promise<Uint8Array> {
    return (await this.#send('GET', `/v1/packages/${packageId}/leaves`)).body;
  }

  async segment(packageId: string, index: number): Promise<Uint8Array> {
    return (await this.#send('GET', `/v1/packages/${packageId}/segments/${index}`)).body;
  }

  licenceNonce(packageId: string, deviceId: string): Promise<PortalNonce> {
    return this.post(`/v1/packages/${packageId}/licence-nonce`, { deviceId }, PortalNonce);
  }

  /** Exchanges a licence-request record for a licence record. */
  async licence(packageId: string, jws: string): Promise<string> {
    return (await this.post(`/v1/packages/${packageId}/licence`, { jws }, PortalRecordBody)).jws;
  }

  /** Posts a playback- or destruction-receipt record. */
  async receipt(jws: string): Promise<void> {
    await this.#send('POST', '/v1/receipts', { jws });
  }

  /** Any other JSON route, parsed with the schema given. */
  async get<S extends TSchema>(path: string, schema: S): Promise<Static<S>> {
    return jsonOf(await this.#send('GET', path), schema);
  }

  async post<S extends TSchema>(path: string, body: unknown, schema: S): Promise<Static<S>> {
    return jsonOf(await this.#send('POST', path, body), schema);
  }

  /** A route that answers with nothing, or with something other than JSON. */
  async raw(method: Exchange['method'], path: string, body?: unknown): Promise<Buffer> {
    return (await this.#send(method, path, body)).body;
  }

  async #send(method: Exchange['method'], path: string, body?: unknown): Promise<Reply> {
    const { url, tlsCa, signal, language = 'ko' } = this.#options;
    const reply = await exchange({
      method,
      url: new URL(path, url),
      headers: {
        accept: 'application/json, application/problem+json, */*',
        'accept-language': language,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(this.#cookie !== null && { cookie: this.#cookie }),
        ...(method !== 'GET' && this.#csrf !== null && { 'x-sallyport-csrf': this.#csrf }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      tlsCa,
      signal,
    });
    for (const cookie of reply.setCookie) this.#cookie = COOKIE.exec(cookie)?.[1] ?? this.#cookie;
    if (reply.status < 200 || reply.status > 299) throw refusalOf(reply);
    return reply;
  }
}

function jsonOf<S extends TSchema>(reply: Reply, schema: S): Static<S> {
  return parse(schema, parseJson(reply), 'ERR_STATION_GATEWAY_REPLY');
}

function parseJson({ body, status }: Reply): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new SallyportError('ERR_STATION_GATEWAY_REPLY', { detail: { status }, cause });
  }
}

/** A problem+json under its own code; anything else is not the gateway speaking. */
function refusalOf(reply: Reply): SallyportError {
  const { status } = reply;
  const problem = reply.contentType.startsWith('application/problem+json')
    ? parseJson(reply)
    : null;
  const code =
    typeof problem === 'object' && problem !== null && 'code' in problem ? problem.code : null;
  if (typeof code !== 'string' || !isErrorCode(code)) {
    return new SallyportError('ERR_STATION_GATEWAY_REPLY', { detail: { status } });
  }
  return new SallyportError(code, { detail: { status } });
}
