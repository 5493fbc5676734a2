import type { Test } from 'tap';
import {
  canonicalBytes,
  issueCertificate,
  makeCaCertificate,
  signRecord,
  wrapFor,
  type ExportRequest,
  type PortalRequest,
  type PortalSite,
} from '@sallyport/contracts';
import {
  randomId,
  submitRequest,
  waitFor,
  type EnrolledDevice,
  type Requester,
} from '@sallyport/testkit';
import { randomBytes } from 'node:crypto';
import { refused } from '../support/refusals.ts';
import { detailsFor, hoursAgo, submitAs, type World } from '../support/world.ts';

const DAY_MS = 86_400_000;

/** Requests that must not be taken: outside where the DMZ can see it, inside where only the inside can. */
export async function refusesRequests(
  t: Test,
  world: World,
  other: Requester & { readonly device: EnrolledDevice },
): Promise<void> {
  const { end } = world;
  const { client, officerId } = end.requester;
  const details = detailsFor(world, hoursAgo(30));
  const post = async (
    by: Requester,
    device: EnrolledDevice,
    changes: Partial<ExportRequest> = {},
  ): Promise<PortalRequest> =>
    by.client.send('POST', '/v1/requests', await signRequest(by, device, details, changes));

  await refused(
    t,
    post(other, end.device),
    'ERR_DEVICE_FOREIGN',
    'another officer’s device signs nothing for this officer',
  );
  await refused(
    t,
    post(end.requester, other.device),
    'ERR_DEVICE_FOREIGN',
    'an officer cannot use a colleague’s device',
  );
  await refused(
    t,
    post(end.requester, await withForeignCertificate(end.device, officerId)),
    'ERR_CERTIFICATE_UNKNOWN',
    'a key that the internal CA did not certify is refused',
  );
  await refused(
    t,
    post(end.requester, end.device, { siteId: randomId() }),
    'ERR_RECORD_AUDIENCE',
    'a request to another site is refused',
  );
  await refused(
    t,
    post(end.requester, end.device, {
      at: new Date(Date.now() - 3 * DAY_MS).toISOString(),
      expiresAt: new Date(Date.now() - 2 * DAY_MS).toISOString(),
    }),
    'ERR_RECORD_EXPIRED',
    'a request that has run out is refused',
  );

  const body = await signRequest(end.requester, end.device, details, {});
  await client.send('POST', '/v1/requests', body);
  await refused(
    t,
    client.send('POST', '/v1/requests', body),
    'ERR_REQUEST_DUPLICATE',
    'the same request a second time is refused',
  );

  const startsAt = hoursAgo(40);
  const [item] = detailsFor(world, startsAt).items;
  if (item === undefined) throw new Error('the details have an item');
  const backwards = { ...item, endsAt: new Date(startsAt.getTime() - 1000).toISOString() };
  const inside = await submitAs(world, detailsFor(world, startsAt, { items: [backwards] }));
  const answered = await waitFor('the refusal from inside', async () => {
    const seen = await client.get<PortalRequest>(`/v1/requests/${inside.requestId}`);
    return seen.state === 'submitted' ? null : seen;
  });
  t.match(
    answered,
    { state: 'rejected', failure: 'ERR_REQUEST_RANGE' },
    'a range that ends before it starts is refused inside, and the officer is told why',
  );
  const twice = await submitRequest(
    client,
    { officerId, device: end.device },
    { ...details, items: details.items.map((each) => ({ ...each, itemId: randomId() })) },
    new Date(),
  );
  const second = await waitFor('the refusal of the repeated range', async () => {
    const seen = await client.get<PortalRequest>(`/v1/requests/${twice.requestId}`);
    return seen.state === 'submitted' ? null : seen;
  });
  t.match(
    second,
    { state: 'rejected', failure: 'ERR_REQUEST_DUPLICATE' },
    'the same camera and range again is refused inside while the first stands',
  );
}

/** Signs a request as a device would, with members of the signed record changed. */
export async function signRequest(
  by: Requester,
  device: EnrolledDevice,
  details: ReturnType<typeof detailsFor>,
  changes: Partial<ExportRequest>,
): Promise<{ jws: string; copy: string }> {
  const site = await by.client.get<PortalSite>('/v1/site');
  const requestId = changes.requestId ?? randomId();
  const bytes = canonicalBytes(details);
  const binding = { purpose: 'personal', context: requestId } as const;
  const now = Date.now();
  const record: ExportRequest = {
    requestId,
    siteId: site.siteId,
    officerId: by.officerId,
    deviceId: device.deviceId,
    sealed: await wrapFor(site.intakeKey.jwk, bytes, { ...binding, keyId: site.intakeKey.keyId }),
    at: new Date(now).toISOString(),
    expiresAt: new Date(now + 14 * DAY_MS).toISOString(),
    ...changes,
  };
  return {
    jws: await signRecord('export-request', record, device.signer),
    copy: await wrapFor(device.agreement.publicKey, bytes, {
      ...binding,
      keyId: device.agreement.certificateId,
    }),
  };
}

/** The same device and officer, certified by a CA that somebody made for themselves. */
export async function withForeignCertificate(
  device: EnrolledDevice,
  officerId: string,
): Promise<EnrolledDevice> {
  const signer = await certifiedByStranger({
    subjectId: device.deviceId,
    ownerId: officerId,
    role: 'device-sign',
  });
  return { ...device, signer };
}

/** A key with a certificate of a made-up CA, for a subject that exists. */
export async function certifiedByStranger(subject: {
  readonly subjectId: string;
  readonly ownerId: string;
  readonly role: 'device-sign' | 'approver';
}): Promise<{ privateKey: CryptoKey; certificate: string }> {
  const make = () =>
    crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const [keys, pair] = await Promise.all([make(), make()]);
  const valid = {
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + 365 * DAY_MS),
  };
  const ca = await makeCaCertificate({
    keys,
    siteId: randomId(),
    serial: randomBytes(16),
    ...valid,
  });
  const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  const certificate = await issueCertificate({
    ca,
    caKey: keys.privateKey,
    publicKey: { crv: 'P-256', kty: 'EC', x, y },
    ...subject,
    serial: randomBytes(16),
    ...valid,
  });
  return { privateKey: pair.privateKey, certificate };
}
