import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { signRecord, wrapFor, type Licence, type PublicJwk } from '@sallyport/contracts';
import { isSealError } from '@sallyport/seal/errors';
import {
  AES_256_GCM,
  assertOpenable,
  openContentKey,
  openLicence,
  openSegment,
  readEntry,
  readManifest,
  segmentRange,
  verifyPackage,
} from '@sallyport/seal/open';
import { VECTORS } from '../support/repository.ts';
import { actorOf, deviceOf, NOW, ramp, signerOf } from '../support/site.ts';
import { site, SUITES, trust } from '../support/seal.ts';

const licenceShare = ramp(32, 202);
const device = await deviceOf(site, 'device-1-agree');
const load = async (name: string) => {
  const file = new Uint8Array(readFileSync(join(VECTORS, name)));
  const verified = await verifyPackage([file], { trust, now: NOW });
  const read = async (index: number) => {
    const { start, end } = segmentRange(verified.layout, index);
    return file.subarray(start, end);
  };
  return { verified, read };
};

t.test('a browser without ARIA says so and names the remedy', async (t) => {
  const { verified } = await load('aria.sallypkg');
  const opening = openContentKey(verified, { device, licenceShare, now: NOW });
  await t.rejects(opening, { code: 'ERR_SEAL_SUITE_UNAVAILABLE', detail: { suite: 2 } });
  await opening.catch((error: unknown) => t.ok(isSealError(error)));
});

t.test('the period is held on both ends', async (t) => {
  const { header } = (await load('clip.sallypkg')).verified;
  const at = (time: string) => () => assertOpenable(header, new Date(time));
  t.throws(at('2026-12-05T10:00:00.000Z'), { code: 'ERR_SEAL_EXPIRED' });
  t.throws(at('2026-11-21T09:54:59.000Z'), { code: 'ERR_SEAL_NOT_YET_VALID' });
  t.doesNotThrow(at('2026-11-21T09:56:00.000Z'));
});

t.test('a segment that verifies but does not decrypt releases nothing', async (t) => {
  const { verified, read } = await load('clip.sallypkg');
  const opened = await openContentKey(verified, { device, licenceShare, now: NOW, suites: SUITES });
  const wrongKey = await AES_256_GCM.cipherFor(ramp(32, 9));
  const broken = { ...opened, cipher: wrongKey };
  await t.rejects(openSegment(broken, verified.leaves, 0, await read(0)), {
    code: 'ERR_SEAL_DECRYPT',
    detail: { segment: 0 },
  });
  await t.rejects(openSegment(opened, verified.leaves, 0, await read(1)), {
    code: 'ERR_SEAL_SEGMENT',
  });
  t.equal((await readManifest(opened, verified.leaves, read)).siteName, '시험 통합관제센터');
  await t.rejects(readEntry(opened, verified.leaves, 'still.jpg', read), {
    code: 'ERR_SEAL_LAYOUT',
  });
});

t.test('a licence opens for its package, its device and its period only', async (t) => {
  const { verified } = await load('clip.sallypkg');
  const licence = async (change: Partial<Licence> = {}, signer = 'gateway') =>
    signRecord(
      'licence',
      { ...(await licenceFor(verified.header.packageId)), ...change },
      await signerOf(site, signer),
    );
  const options = { header: verified.header, device, trust, now: NOW };
  const { licenceShare: share } = await openLicence(await licence(), options);
  await openContentKey(verified, { device, licenceShare: share, now: NOW });
  const refusals: [Promise<string>, string][] = [
    [licence({ packageId: 'f'.repeat(32) }), 'ERR_SEAL_LICENCE'],
    [licence({ deviceId: 'f'.repeat(32) }), 'ERR_SEAL_LICENCE'],
    [licence({ notAfter: NOW.toISOString() }), 'ERR_SEAL_EXPIRED'],
    [licence({}, 'seal'), 'ERR_CERTIFICATE_ROLE'],
  ];
  for (const [jws, code] of refusals) await t.rejects(openLicence(await jws, options), { code });
  const second = await deviceOf(site, 'device-2-agree');
  await t.rejects(
    openLicence(await licence({ deviceId: second.deviceId }), { ...options, device: second }),
    { code: 'ERR_RECORD_HEADER' },
  );
});

async function licenceFor(packageId: string): Promise<Licence> {
  const { subjectId, certificateId, privateKey } = actorOf(site, 'device-1-agree');
  const jwk: PublicJwk = { crv: 'P-256', kty: 'EC', x: privateKey.x ?? '', y: privateKey.y ?? '' };
  return {
    licenceId: '1'.repeat(32),
    packageId,
    deviceId: subjectId,
    share: await wrapFor(jwk, licenceShare, {
      purpose: 'licence',
      context: packageId,
      keyId: certificateId,
    }),
    notAfter: '2026-11-22T00:00:00.000Z',
    playsLeft: null,
    at: NOW.toISOString(),
  };
}
