import type {
  ConsoleApproverKey,
  ConsoleApproverKeys,
  ConsoleRole,
  ConsoleSession,
  NewConsoleAccountReply,
} from '@sallyport/contracts';
import { activate, logIn, type Account } from './account.ts';
import type { ApiClient } from './api-client.ts';
import { announceApproverKey, makeApproverKey, type ApproverKeyPair } from './approver-key.ts';
import { waitFor } from './wait-for.ts';

/** A member of the control centre, logged in. */
export interface StaffMember {
  readonly account: Account;
  readonly accountId: string;
  readonly client: ApiClient;
}

/** An approver with a certified key. */
export interface Approver extends StaffMember {
  readonly key: ApproverKeyPair;
  /** DER, standard base64. */
  readonly certificate: string;
}

/** An administrator makes an account; the person activates it and logs in. */
export async function hire(
  administrator: ApiClient,
  person: { role: ConsoleRole; name: string; login: string; staffNumber: string },
): Promise<StaffMember> {
  const { account, activationCode } = await administrator.send<NewConsoleAccountReply>(
    'POST',
    '/v1/accounts',
    person,
  );
  if (activationCode === null)
    throw new Error(`a second administrator must confirm ${person.login} first`);
  const credentials = await activate(administrator.baseUrl, person.login, activationCode);
  return {
    account: credentials,
    accountId: account.accountId,
    client: await logIn(administrator.baseUrl, credentials),
  };
}

/** The approver makes a key, an administrator compares its fingerprint, the CA certifies it. */
export async function certifyApprover(
  member: StaffMember,
  administrator: ApiClient,
  label: string,
): Promise<Approver> {
  const key = await makeApproverKey();
  const session = await member.client.get<ConsoleSession>('/v1/session');
  const owner = { accountId: member.accountId, siteId: session.site.siteId, label };
  const posted = await member.client.send<ConsoleApproverKey>('POST', '/v1/approver-keys', {
    jws: await announceApproverKey(key, owner, new Date()),
  });
  await administrator.send('POST', `/v1/approver-keys/${posted.keyId}/confirm`, {
    fingerprint: posted.fingerprint,
  });
  const certificate = await waitFor(`certificate of ${member.account.login}`, async () => {
    const { keys } = await member.client.get<ConsoleApproverKeys>('/v1/approver-keys');
    return keys.find(({ keyId }) => keyId === posted.keyId)?.certificate ?? null;
  });
  return { ...member, key, certificate };
}
