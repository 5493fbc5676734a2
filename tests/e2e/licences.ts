import { join } from 'node:path';
import type { Test } from 'tap';
import {
  signRecord,
  type ConsoleExport,
  type ConsoleTransferLog,
  type PortalDevices,
  type PortalPackage,
  type PortalSite,
} from '@sallyport/contracts';
import {
  askLicence,
  enrolDevice,
  logIn,
  playPackage,
  submitRequest,
  waitFor,
  type EnrolledDevice,
} from '@sallyport/testkit';
import { filesBelow } from '../support/two-zones.ts';
import { refused } from '../support/refusals.ts';
import { detailsFor, hoursAgo, type World } from '../support/world.ts';

/** Every play is counted, and the last one is the last. */
export async function countsPlays(t: Test, world: World, packageId: string): Promise<void> {
  const { requester, device } = world.end;
  const { gatewayId } = await requester.client.get<PortalSite>('/v1/site');
  const before = await getPackage(world, packageId);
  for (let left = before.licence.playsLeft ?? 0; left > 0; left -= 1)
    await askLicence(requester.client, device, packageId, gatewayId);
  await refused(
    t,
    askLicence(requester.client, device, packageId, gatewayId),
    'ERR_LICENCE_USED_UP',
    'after the last play no licence is issued',
  );
  t.equal((await getPackage(world, packageId)).licence.state, 'used-up', 'the portal says so');
}

/** A second device: the package is sealed again for it, and the first one ends, fact by fact. */
export async function resealsForSecondDevice(
  t: Test,
  world: World,
): Promise<{ packageId: string; device: EnrolledDevice }> {
  const { requester, staff, exportId, packageId: first } = world.end;
  const operator = staff.operator.client;
  const device = await enrolDevice(requester, operator, '형사과 2번 PC');
  await operator.send('POST', `/v1/exports/${exportId}/reseal`, { supersedes: first });
  const second = await waitFor('the second package inside', async () => {
    const { packages } = await operator.get<ConsoleExport>(`/v1/exports/${exportId}`);
    return packages.find((each) => each.supersedes === first && each.state === 'received') ?? null;
  });
  const { packageId } = second;
  await waitFor('the second package outside', async () => {
    const seen = await getPackage(world, packageId);
    return seen.transfer.state === 'available' && seen.licence.state === 'active' ? seen : null;
  });
  const played = await playPackage(requester, device, packageId);
  t.ok(played.sizeBytes > 0, 'the second device plays the second package');

  const gone = await waitFor('the end of the first package', async () => {
    const { destruction } = await getPackage(world, first);
    return destruction.keyDestroyedAt !== null && destruction.fileDestroyedAt !== null
      ? destruction
      : null;
  });
  const shares = await filesBelow(join(world.directory, 'dmz', 'shares'));
  t.equal(
    shares.length,
    2,
    'its share is no file any more: one is left for each package that plays',
  );
  t.equal(gone.receiptAt, null, 'the recipient’s receipt is a fact of its own');
  await refused(
    t,
    requester.client.get(`/v1/packages/${first}/header`),
    'ERR_PACKAGE_GONE',
    'the first package is not served any more',
  );
  const receipt = {
    packageId: first,
    deviceId: world.end.device.deviceId,
    at: new Date().toISOString(),
  };
  await requester.client.send('POST', '/v1/receipts', {
    jws: await signRecord('destruction-receipt', receipt, world.end.device.signer),
  });
  const row = await waitFor('three facts of destruction inside', async () => {
    const { rows } = await staff.auditor.client.get<ConsoleTransferLog>('/v1/transfer-log');
    const found = rows.find((each) => each.packageId === first);
    return found?.keyDestroyedAt != null &&
      found.fileGoneAt !== null &&
      found.recipientReceiptAt !== null
      ? found
      : null;
  });
  t.match(
    [row.keyDestroyedAt, row.fileGoneAt, row.recipientReceiptAt],
    [/Z$/, /Z$/, /Z$/],
    'key destroyed, file gone and the recipient’s receipt each have their own time inside',
  );
  const after = await operator.get<ConsoleExport>(`/v1/exports/${exportId}`);
  t.equal(
    after.packages.find((each) => each.packageId === first)?.state,
    'superseded',
    'inside, the first package is superseded',
  );
  return { packageId, device };
}

/** A lost device: nothing it signs is taken any more, and it gets no licence. */
export async function refusesRevokedDevice(
  t: Test,
  world: World,
  { packageId, device }: { packageId: string; device: EnrolledDevice },
): Promise<void> {
  const { requester, staff } = world.end;
  const { account, officerId } = requester;
  const { gatewayId } = await requester.client.get<PortalSite>('/v1/site');
  const revoke = `/v1/devices/${device.deviceId}/revoke`;
  await staff.operator.client.send('POST', revoke, { reason: 'lost' });
  const client = await logIn(world.pair.portalUrl, account);
  await waitFor('the revocation outside', async () => {
    const { devices } = await client.get<PortalDevices>('/v1/devices');
    const found = devices.find((each) => each.deviceId === device.deviceId);
    return found?.state === 'revoked' ? true : null;
  });
  await refused(
    t,
    requester.client.get('/v1/session'),
    'ERR_SESSION_EXPIRED',
    'the session that played with the revoked device has ended',
  );
  await refused(
    t,
    askLicence(client, device, packageId, gatewayId),
    'ERR_CERTIFICATE_REVOKED',
    'a revoked device gets no licence',
  );
  await refused(
    t,
    submitRequest(client, { officerId, device }, detailsFor(world, hoursAgo(50)), new Date()),
    'ERR_CERTIFICATE_REVOKED',
    'a request signed by a revoked device is refused',
  );
}

export async function getPackage(
  world: Pick<World, 'end'>,
  packageId: string,
): Promise<PortalPackage> {
  return world.end.requester.client.get<PortalPackage>(`/v1/packages/${packageId}`);
}
