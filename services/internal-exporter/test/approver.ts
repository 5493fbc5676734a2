import { selfSignRecord } from '@sallyport/contracts';
import type { Test } from 'tap';
import { issueAll, type Pair } from './outside.ts';
import type { Caller } from './people.ts';
import type { SiteFixture } from './site-fixture.ts';

/** An approver's key from its offer to its certificate, through the console; answers the certificate. */
export async function certifyApprover(
  t: Test,
  fixture: SiteFixture,
  who: { readonly approver: Caller; readonly administrator: Caller; readonly pair: Pair },
): Promise<string> {
  const { approver, administrator, pair } = who;
  const payload = {
    ...{ accountId: approver.accountId, siteId: fixture.site.siteId, label: '책상' },
    ...{ publicKey: pair.publicKey, at: new Date().toISOString() },
  };
  const jws = await selfSignRecord('approver-key', payload, pair);
  const offered = await approver.call('POST', '/v1/approver-keys', { jws });
  const { keyId, fingerprint } = offered.body as { keyId: string; fingerprint: string };
  const path = `/v1/approver-keys/${keyId}/confirm`;
  const wrong = await administrator.call('POST', path, { fingerprint: 'ffff ffff ffff ffff ffff' });
  t.match(wrong, { status: 422, body: { code: 'ERR_FINGERPRINT_MISMATCH' } });
  t.equal((await administrator.call('POST', path, { fingerprint })).status, 204);
  t.equal((await administrator.call('POST', path, { fingerprint })).status, 409);
  t.equal(await issueAll(fixture), 1);
  const { body } = await approver.call('GET', '/v1/approver-keys');
  const [key] = body['keys'] as { state: string; certificate: string }[];
  t.equal(key?.state, 'certified');
  return key?.certificate ?? '';
}
