import type { Test } from 'tap';
import {
  signApproval,
  type ConsoleAccount,
  type ConsoleSession,
  type NewConsoleAccountReply,
  type ReleaseApprovalDraft,
  type RequestApprovalDraft,
} from '@sallyport/contracts';
import {
  activate,
  addRegion,
  approveRelease,
  approveRequest,
  certifyApprover,
  logIn,
  reviewMasks,
  waitExport,
  type Approver,
} from '@sallyport/testkit';
import { refused } from '../support/refusals.ts';
import type { World } from '../support/world.ts';
import { certifiedByStranger } from './refused-requests.ts';

/** A first approval that must not count; then the one that does. */
export async function refusesRequestApprovals(
  t: Test,
  world: World,
  requestId: string,
): Promise<void> {
  const { requestApprover, releaseApprover } = world.end.staff;
  const path = `/v1/requests/${requestId}`;
  const post = (by: Approver, jws: string) => by.client.send('POST', `${path}/approvals`, { jws });
  const draft = await requestApprover.client.get<RequestApprovalDraft>(`${path}/approval-draft`);

  await refused(
    t,
    post(requestApprover, await signApproval(draft, signerOf(releaseApprover), new Date())),
    'ERR_APPROVAL_KEY',
    'an approval signed with a colleague’s key is refused',
  );
  const session = await requestApprover.client.get<ConsoleSession>('/v1/session');
  const stranger = await certifiedByStranger({
    subjectId: session.account.accountId,
    ownerId: session.account.accountId,
    role: 'approver',
  });
  await refused(
    t,
    post(requestApprover, await signApproval(draft, stranger, new Date())),
    'ERR_CERTIFICATE_UNKNOWN',
    'an approval by a key that the internal CA did not certify is refused',
  );
  const device = { ...draft, approvalId: 'ab'.repeat(16) };
  await refused(
    t,
    post(requestApprover, await signApproval(device, signerOf(requestApprover), new Date())),
    'ERR_APPROVAL_DRAFT_UNKNOWN',
    'an approval of a draft that was never offered is refused',
  );
  await approveRequest(requestApprover, requestId);
  await refused(
    t,
    post(requestApprover, await signApproval(draft, signerOf(requestApprover), new Date())),
    'ERR_REQUEST_STATE',
    'a second first approval is refused',
  );
}

/** A second approval that must not count; then the one that does. */
export async function refusesReleaseApprovals(
  t: Test,
  world: World,
  exportId: string,
): Promise<void> {
  const { requestApprover, releaseApprover, operator } = world.end.staff;
  await refused(
    t,
    approveRelease(requestApprover, exportId),
    'ERR_APPROVAL_SAME_PERSON',
    'one person cannot approve twice',
  );
  const preparer = await hireSecondAccount(t, world);
  await refused(
    t,
    approveRelease(preparer, exportId),
    'ERR_APPROVAL_PREPARER',
    'who prepared the export cannot release it, under another account either',
  );

  const path = `/v1/exports/${exportId}`;
  const draft = await releaseApprover.client.get<ReleaseApprovalDraft>(`${path}/release-draft`);
  const jws = await signApproval(draft, signerOf(releaseApprover), new Date());
  const post = () => releaseApprover.client.send('POST', `${path}/approvals`, { jws });
  const corner = { x: 0.6, y: 0.6, width: 0.2, height: 0.2 };
  await addRegion(operator.client, exportId, corner, '간판을 함께 가림');
  await refused(
    t,
    post(),
    'ERR_EXPORT_STATE',
    'an approval is refused while the masks are changed again',
  );
  await reviewMasks(operator.client, exportId);
  await waitExport(operator.client, exportId, ['release-approval']);
  await refused(
    t,
    post(),
    'ERR_GATE_SCOPE_MISMATCH',
    'an approval of the clip before the change does not release the clip after it',
  );
  await approveRelease(releaseApprover, exportId);
}

/** The operator's own second account, as an approver: only a second administrator can let it be. */
async function hireSecondAccount(t: Test, world: World): Promise<Approver> {
  const { administrator } = world.end.staff;
  const wish = { role: 'approver', name: '이담당', login: 'operator-too', staffNumber: 'A-1002' };
  const proposed = await administrator.client.send<NewConsoleAccountReply>(
    'POST',
    '/v1/accounts',
    wish,
  );
  const { accountId } = proposed.account;
  t.equal(proposed.activationCode, null, 'a second account of one person is only proposed');
  const confirm = `/v1/account-proposals/${accountId}/confirm`;
  await refused(
    t,
    administrator.client.send('POST', confirm),
    'ERR_ACCOUNT_SECOND_ADMINISTRATOR',
    'the administrator who proposed it cannot confirm it',
  );
  const { activationCode } = await world.secondAdministrator.send<NewConsoleAccountReply>(
    'POST',
    confirm,
  );
  const account = await activate(world.pair.consoleUrl, wish.login, activationCode ?? '');
  const client = await logIn(world.pair.consoleUrl, account);
  const { accounts } = await administrator.client.get<{ accounts: readonly ConsoleAccount[] }>(
    '/v1/accounts',
  );
  t.ok(accounts.some((each) => each.accountId === accountId && each.state === 'active'));
  return certifyApprover({ account, client, accountId }, administrator.client, '둘째 계정 키');
}

function signerOf(approver: Approver): { privateKey: CryptoKey; certificate: string } {
  return { privateKey: approver.key.privateKey, certificate: approver.certificate };
}
