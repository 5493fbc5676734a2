import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Test } from 'tap';
import {
  sha256Hex,
  toBase64url,
  verifyRecord,
  verifySelfSigned,
  wrapFor,
  type PortalDevice,
  type PublicJwk,
} from '@sallyport/contracts';
import { segmentRange, verifyPackage } from '@sallyport/seal/verify';
import { actor, licenceFor, NOW, site, VECTORS } from './site.ts';

type Handler = (match: RegExpExecArray, body: Record<string, string>) => Promise<unknown>;

/** What the test may look at or change while the gateway runs. */
export interface FakeGateway {
  readonly url: string;
  /** What the operator does next with a device that has proved itself. */
  verdict: 'confirmed' | 'refused' | 'waiting';
  readonly receipts: string[];
}

/** The gateway's public API as far as a station uses it, over one package, in memory. */
export async function startGateway(t: Test): Promise<FakeGateway> {
  const state: { verdict: FakeGateway['verdict']; receipts: string[] } = {
    verdict: 'confirmed',
    receipts: [],
  };
  const server = createServer(
    (request, response) => void answer(request, response, routesOf(state)),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => closeServer(server));
  const { port } = server.address() as AddressInfo;
  return Object.assign(state, { url: `http://127.0.0.1:${port}` });
}

function routesOf(state: { verdict: string; receipts: string[] }): [RegExp, Handler][] {
  const routes = ROUTES.get(state) ?? makeRoutes(state);
  ROUTES.set(state, routes);
  return routes;
}
const ROUTES = new WeakMap<object, [RegExp, Handler][]>();

function makeRoutes(state: { verdict: string; receipts: string[] }): [RegExp, Handler][] {
  const file = new Uint8Array(readFileSync(join(VECTORS, 'clip.sallypkg')));
  const trust = { ca: site.ca, revoked: new Set<string>() };
  const whole = verifyPackage([file], { trust, now: NOW });
  const devices = new Map<string, PortalDevice>();
  const nonce = toBase64url(new Uint8Array(32));
  const challenge = new Uint8Array(32).fill(7);
  const agree = actor('device-1-agree');
  const { x = '', y = '' } = agree.privateKey;
  const jwk: PublicJwk = { crv: 'P-256', kty: 'EC', x, y };
  const officer = { officerId: agree.ownerId, stationId: 'a'.repeat(32), status: 'confirmed' };
  const account = { accountId: 'b'.repeat(32), login: 'kim1', role: 'officer', officer };
  return [
    [
      /^POST \/v1\/session$/,
      async (_, body) =>
        body['password'] === 'password'
          ? { account, csrf: 'csrf', expiresAt: NOW.toISOString() }
          : 401,
    ],
    [
      /^GET \/v1\/site$/,
      async () => ({
        siteId: site.siteId,
        siteName: '시험',
        gatewayId: site.gatewayId,
        ca: site.ca,
        intakeKey: { keyId: 'c'.repeat(32), jwk },
      }),
    ],
    [
      /^GET \/v1\/devices$/,
      async () => {
        for (const device of devices.values()) if (device.state === 'proved') decide(device);
        return { devices: [...devices.values()] };
      },
    ],
    [
      /^POST \/v1\/devices$/,
      async (_, body) => {
        const { payload } = await verifySelfSigned('device-enrolment', body['jws'] ?? '');
        const { deviceId, label } = payload;
        const binding = {
          purpose: 'enrolment-challenge',
          context: deviceId,
          keyId: deviceId,
        } as const;
        devices.set(deviceId, {
          deviceId,
          label,
          state: 'challenged',
          fingerprint: '',
          challenge: await wrapFor(payload.agreementKey, challenge, binding),
          signCertificate: null,
          agreeCertificate: null,
          createdAt: NOW.toISOString(),
        });
        return devices.get(deviceId);
      },
    ],
    [
      /^POST \/v1\/devices\/([0-9a-f]{32})\/proof$/,
      async ([, deviceId = ''], body) => {
        const { payload } = await verifySelfSigned('enrolment-proof', body['jws'] ?? '');
        const device = devices.get(deviceId);
        if (device === undefined || payload.challengeSha256 !== (await sha256Hex(challenge)))
          return 422;
        devices.set(deviceId, { ...device, state: 'proved', challenge: null });
        return devices.get(deviceId);
      },
    ],
    [/^GET \/v1\/packages\/[0-9a-f]{32}\/header$/, async () => ({ jws: (await whole).headerJws })],
    [/^GET \/v1\/packages\/[0-9a-f]{32}\/leaves$/, async () => (await whole).leaves],
    [
      /^GET \/v1\/packages\/[0-9a-f]{32}\/segments\/([0-9]+)$/,
      async ([, n]) => {
        const { start, end } = segmentRange((await whole).layout, Number(n));
        return file.subarray(start, end);
      },
    ],
    [
      /^POST \/v1\/packages\/[0-9a-f]{32}\/licence-nonce$/,
      async () => ({ nonce, expiresAt: NOW.toISOString() }),
    ],
    [
      /^POST \/v1\/packages\/([0-9a-f]{32})\/licence$/,
      async ([, packageId = ''], body) => {
        const { payload } = await verifyRecord('licence-request', body['jws'] ?? '', {
          trust,
          now: NOW,
          roles: ['device-sign'],
        });
        return payload.nonce === nonce ? { jws: await licenceFor(packageId) } : 422;
      },
    ],
    [
      /^POST \/v1\/receipts$/,
      async (_, body) => {
        state.receipts.push(body['jws'] ?? '');
        return {};
      },
    ],
  ];

  function decide(device: PortalDevice): void {
    if (state.verdict === 'waiting') return;
    const [signCertificate, agreeCertificate] =
      state.verdict === 'confirmed'
        ? [actor('device-1-sign').certificate, agree.certificate]
        : [null, null];
    const decided = state.verdict === 'confirmed' ? ('confirmed' as const) : ('refused' as const);
    devices.set(device.deviceId, { ...device, state: decided, signCertificate, agreeCertificate });
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  routes: [RegExp, Handler][],
): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  const text = Buffer.concat(parts).toString();
  const line = `${request.method} ${request.url}`;
  const changing = request.method !== 'GET' && line !== 'POST /v1/session';
  const found = routes
    .map(([pattern, handler]) => [pattern.exec(line), handler] as const)
    .find(([match]) => match !== null);
  const guarded =
    changing &&
    (request.headers['x-sallyport-csrf'] !== 'csrf' ||
      request.headers.cookie !== 'sallyport_session=token');
  const result =
    found?.[0] == null || guarded
      ? 403
      : await found[1](found[0], text === '' ? {} : (JSON.parse(text) as Record<string, string>));
  if (typeof result === 'number') {
    response.writeHead(result, { 'content-type': 'application/problem+json' });
    response.end(
      JSON.stringify({
        type: 'about:blank',
        status: result,
        code: result === 401 ? 'ERR_RECORD_SIGNATURE' : 'ERR_RECORD_HEADER',
      }),
    );
  } else if (result instanceof Uint8Array) {
    response.writeHead(200, { 'content-type': 'application/octet-stream' });
    response.end(result);
  } else {
    response.writeHead(200, {
      'content-type': 'application/json',
      'set-cookie': 'sallyport_session=token; HttpOnly; Path=/',
    });
    response.end(JSON.stringify(result));
  }
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
