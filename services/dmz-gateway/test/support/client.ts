import {
  canonicalBytes,
  certificateId,
  selfSignRecord,
  sha256Hex,
  signRecord,
  unwrapWith,
  wrapFor,
  type PortalDevice,
  type PortalSession,
  type PortalSignUpReply,
  type RequestDetails,
} from '@sallyport/contracts';
import { SESSION_COOKIE, totpCode } from '@sallyport/runtime';
import { newId, publicJwk } from './internal-zone.ts';
import type { Rig } from './rig.ts';

const PASSWORD = 'a long enough passphrase';
type Method = 'GET' | 'POST' | 'DELETE';

/** One caller of the API with its cookie and CSRF value. */
export interface Client {
  call(
    method: Method,
    url: string,
    body?: object,
    headers?: Record<string, string>,
  ): Promise<Reply>;
  session: PortalSession;
  /** `name=value`, for a browser that goes on with the session. */
  cookie: string;
}
/** The members tests look at by name; whole replies are cast to their contract type. */
interface ReplyBody {
  readonly code?: string;
  readonly jws?: string;
  readonly rows?: readonly unknown[];
  readonly [member: string]: unknown;
}
export interface Reply {
  readonly status: number;
  readonly body: ReplyBody;
  readonly raw: Buffer;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** Calls the API without a session. */
export async function call(
  rig: Rig,
  method: Method,
  url: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<Reply & { cookie: string }> {
  const answer = await rig.server.inject({
    method,
    url,
    headers,
    ...(body === undefined ? {} : { payload: body }),
  });
  const isJson = String(answer.headers['content-type']).includes('json');
  const cookie = answer.cookies.find(({ name }) => name === SESSION_COOKIE)?.value ?? '';
  const parsed: unknown = isJson && answer.body !== '' ? JSON.parse(answer.body) : {};
  return {
    status: answer.statusCode,
    body: (parsed ?? {}) as ReplyBody, // looked at, never trusted
    text: answer.body,
    raw: answer.rawPayload,
    headers: answer.headers,
    cookie,
  };
}

/** Logs in; every log-in moves the clock on so that its TOTP code is fresh. */
export async function logIn(
  rig: Rig,
  account: { login: string; totpSecret: string; password?: string },
): Promise<Client> {
  rig.moveClock(30_000);
  const totp = totpCode(account.totpSecret, rig.clock());
  const { login, password = PASSWORD } = account;
  const opened = await call(rig, 'POST', '/v1/session', { login, password, totp });
  if (opened.status !== 200)
    throw new Error(`log-in answered ${opened.status} ${JSON.stringify(opened.body)}`);
  const session = opened.body as PortalSession;
  const own = { cookie: `${SESSION_COOKIE}=${opened.cookie}`, 'x-sallyport-csrf': session.csrf };
  return {
    session,
    cookie: own.cookie,
    call: (method, url, body, headers) => call(rig, method, url, body, { ...own, ...headers }),
  };
}

/** A gateway-side account, activated and logged in. */
export async function staff(
  rig: Rig,
  role: 'auditor' | 'administrator',
  login: string,
): Promise<Client> {
  const { activationCode: code } = await rig.staff(role, login);
  const begun = await call(rig, 'POST', '/v1/activation', { login, code, password: PASSWORD });
  const { totpSecret } = begun.body as { totpSecret: string };
  const totp = totpCode(totpSecret, rig.clock());
  await call(rig, 'POST', '/v1/activation/confirm', { login, code, totp });
  return logIn(rig, { login, totpSecret });
}

/** An officer who signed up; `station` must be in the directory. */
export async function signUp(rig: Rig, stationId: string): Promise<PortalSignUpReply> {
  const officerId = newId();
  const { intakeKey } = rig.zone;
  const personal = {
    name: '홍길동', rank: '경위', department: '형사과', staffNumber: '1234', phone: '010', email: 'a@b.kr',
  }; // prettier-ignore
  const binding = { purpose: 'personal', context: officerId, keyId: intakeKey.keyId } as const;
  const sealed = await wrapFor(intakeKey.jwk, canonicalBytes(personal), binding);
  const body = { officerId, wishedLogin: 'hong', password: PASSWORD, stationId, sealed };
  const reply = await call(rig, 'POST', '/v1/sign-up', body);
  if (reply.status !== 201)
    throw new Error(`sign-up answered ${reply.status} ${JSON.stringify(reply.body)}`);
  return reply.body as PortalSignUpReply;
}

export type Device = Awaited<ReturnType<typeof makeDevice>>;

/** The two key pairs of a device. */
export async function makeDevice(officerId: string) {
  const sign = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ]);
  const agree = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, [
    'deriveBits',
  ]);
  const signingKey = await publicJwk(sign.publicKey);
  const agreementKey = await publicJwk(agree.publicKey);
  return {
    deviceId: newId(),
    officerId,
    sign,
    agree,
    signingKey,
    agreementKey,
    signCertificate: '',
    agreeCertificate: '',
  };
}

/** Enrols a device through the API and both lanes until its certificates are here. */
export async function enrol(rig: Rig, client: Client, officerId: string): Promise<Device> {
  const device = await makeDevice(officerId);
  const { deviceId, signingKey } = device;
  await client.call('POST', '/v1/devices', { jws: await enrolment(rig, device) });
  await challengeDevice(rig, device);
  const { devices } = (await client.call('GET', '/v1/devices')).body as { devices: PortalDevice[] };
  const shown = devices.find((each) => each.deviceId === deviceId)?.challenge ?? '';
  const binding = { purpose: 'enrolment-challenge', context: deviceId, keyId: deviceId } as const;
  const opened = await unwrapWith(device.agree.privateKey, shown, binding);
  const proof = {
    deviceId,
    challengeSha256: await sha256Hex(opened),
    at: rig.clock().toISOString(),
  };
  const keys = { privateKey: device.sign.privateKey, publicKey: signingKey };
  const jws = await selfSignRecord('enrolment-proof', proof, keys);
  await client.call('POST', `/v1/devices/${deviceId}/proof`, { jws });
  return { ...device, ...(await certifyDevice(rig, device)) };
}

/** What the inside knows of a device before it certifies it. */
export type EnrolledKeys = Pick<Device, 'deviceId' | 'officerId' | 'signingKey' | 'agreementKey'>;

/** The inside asks a device to prove its agreement key. */
export async function challengeDevice(rig: Rig, device: EnrolledKeys): Promise<void> {
  const { deviceId, agreementKey } = device;
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const binding = { purpose: 'enrolment-challenge', context: deviceId, keyId: deviceId } as const;
  const challenge = await wrapFor(agreementKey, secret, binding);
  const at = rig.clock().toISOString();
  await rig.zone.send(rig.spool, 'enrolment-challenge', { deviceId, challenge, at });
  await rig.receive();
}

/** The inside issues both certificates of a device and tells the directory. */
export async function certifyDevice(
  rig: Rig,
  { deviceId, officerId, signingKey, agreementKey }: EnrolledKeys,
): Promise<{ signCertificate: string; agreeCertificate: string }> {
  const { zone } = rig;
  const signCertificate = await zone.certify('device-sign', signingKey, deviceId, officerId);
  const agreeCertificate = await zone.certify('device-agree', agreementKey, deviceId, officerId);
  const row = (role: string, der: string) => ({
    kind: 'certificate',
    id: newId(),
    value: { role, der },
  });
  await zone.sendDirectory(rig.spool, [
    row('device-sign', signCertificate),
    row('device-agree', agreeCertificate),
  ]);
  await rig.receive();
  return { signCertificate, agreeCertificate };
}

/** A device's enrolment record. */
export async function enrolment(rig: Rig, device: Device, overrides: object = {}): Promise<string> {
  const { deviceId, officerId, signingKey, agreementKey, sign } = device;
  const at = rig.clock();
  const payload = {
    deviceId, officerId, siteId: rig.zone.siteId, label: '사무실 PC', signingKey, agreementKey,
    at: at.toISOString(), expiresAt: new Date(at.getTime() + 3600_000).toISOString(), ...overrides,
  }; // prettier-ignore
  return selfSignRecord('device-enrolment', payload, {
    privateKey: sign.privateKey,
    publicKey: signingKey,
  });
}

/** An officer whom the inside has confirmed, logged in. */
export async function confirmedOfficer(rig: Rig, stationId: string) {
  const account = await signUp(rig, stationId);
  const { officerId } = account;
  await rig.zone.sendDirectory(rig.spool, [
    { kind: 'officer', id: officerId, value: { stationId, status: 'confirmed' } },
  ]);
  await rig.receive();
  return { account, officerId, client: await logIn(rig, account) };
}

/** A confirmed officer with an enrolled device. */
export async function officer(rig: Rig, stationId: string) {
  const confirmed = await confirmedOfficer(rig, stationId);
  const device = await enrol(rig, confirmed.client, confirmed.officerId);
  return { ...confirmed, device };
}

/** A station in the directory. */
export async function addStation(rig: Rig): Promise<string> {
  const id = newId();
  await rig.zone.sendDirectory(rig.spool, [{ kind: 'station', id, value: { name: '시험경찰서' } }]);
  await rig.receive();
  return id;
}

/** A request signed by a device, and the officer's own copy of it. */
export async function makeRequest(rig: Rig, device: Device, overrides: object = {}) {
  const requestId = newId();
  const at = rig.clock();
  const details = { kind: 'export', caseNumber: '2026-1' } as Partial<RequestDetails>;
  const bytes = canonicalBytes(details);
  const { intakeKey, siteId } = rig.zone;
  const sealed = await wrapFor(intakeKey.jwk, bytes, {
    purpose: 'personal',
    context: requestId,
    keyId: intakeKey.keyId,
  });
  const keyId = await certificateId(device.agreeCertificate);
  const copy = await wrapFor(device.agreementKey, bytes, {
    purpose: 'personal',
    context: requestId,
    keyId,
  });
  const payload = {
    requestId, siteId, officerId: device.officerId, deviceId: device.deviceId, sealed, at: at.toISOString(),
    expiresAt: new Date(at.getTime() + 7 * 24 * 3600_000).toISOString(), ...overrides,
  }; // prettier-ignore
  const jws = await signRecord('export-request', payload, {
    privateKey: device.sign.privateKey,
    certificate: device.signCertificate,
  });
  return { requestId, jws, copy };
}

/** A licence request with a nonce that was just fetched. */
export async function licenceRequest(
  rig: Rig,
  client: Client,
  device: Device,
  packageId: string,
  overrides: object = {},
): Promise<string> {
  const { deviceId } = device;
  const reply = await client.call('POST', `/v1/packages/${packageId}/licence-nonce`, { deviceId });
  const { nonce } = reply.body as { nonce: string };
  const payload = {
    packageId,
    deviceId,
    gatewayId: rig.gatewayId,
    nonce,
    at: rig.clock().toISOString(),
    ...overrides,
  };
  return signRecord('licence-request', payload, {
    privateKey: device.sign.privateKey,
    certificate: device.signCertificate,
  });
}
