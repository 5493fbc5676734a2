import {
  ConsoleAccounts,
  ConsoleApproverKey,
  ConsoleApproverKeys,
  FingerprintBody,
  IdParams,
  NewApproverKey,
  NewConsoleAccount,
  NewConsoleAccountReply,
  Done,
} from '@sallyport/contracts';
import { getSession, type SallyportServer } from '@sallyport/runtime';
import {
  confirmProposal,
  createAccount,
  disableAccount,
  getAccount,
  listAccounts,
  unlockAccount,
} from '../acts/accounts.ts';
import { confirmApproverKey, listApproverKeys, offerApproverKey } from '../acts/approver-keys.ts';
import { byAccount } from '../store/actors.ts';
import { inTransaction } from '../store/database.ts';
import type { ApiTools } from './api-tools.ts';

export function accountRoutes(server: SallyportServer, { db, fields, clock }: ApiTools): void {
  server.get('/v1/accounts', { schema: { response: { 200: ConsoleAccounts } } }, async () => ({
    accounts: [...(await listAccounts(db, fields, clock(), false))],
  }));

  server.post(
    '/v1/accounts',
    { schema: { body: NewConsoleAccount, response: { 201: NewConsoleAccountReply } } },
    async (request, reply) => {
      const { accountId } = getSession(request);
      const created = await inTransaction(db, async (tx) => {
        const { personId } = await getAccount(tx, accountId);
        const creator = { actor: byAccount(accountId), accountId, personId };
        return createAccount(tx, fields, request.body, creator, clock());
      });
      return reply.code(201).send(created);
    },
  );

  server.post(
    '/v1/accounts/:id/unlock',
    { schema: { params: IdParams, response: { 204: Done } } },
    async (request, reply) => {
      await unlockAccount(db, request.params.id, getSession(request).accountId, clock());
      return reply.code(204).send(null);
    },
  );

  server.post(
    '/v1/accounts/:id/disable',
    { schema: { params: IdParams, response: { 204: Done } } },
    async (request, reply) => {
      await disableAccount(db, request.params.id, getSession(request).accountId, clock());
      return reply.code(204).send(null);
    },
  );

  server.get(
    '/v1/account-proposals',
    { schema: { response: { 200: ConsoleAccounts } } },
    async () => ({
      accounts: [...(await listAccounts(db, fields, clock(), true))],
    }),
  );

  server.post(
    '/v1/account-proposals/:id/confirm',
    { schema: { params: IdParams, response: { 200: NewConsoleAccountReply } } },
    (request) => {
      const { accountId } = getSession(request);
      return inTransaction(db, (tx) =>
        confirmProposal(tx, fields, request.params.id, accountId, clock()),
      );
    },
  );
}

export function approverKeyRoutes(server: SallyportServer, { db, fields, clock }: ApiTools): void {
  server.get(
    '/v1/approver-keys',
    { schema: { response: { 200: ConsoleApproverKeys } } },
    async (request) => {
      const { accountId, role } = getSession(request);
      return {
        keys: [...(await listApproverKeys(db, fields, role === 'approver' ? accountId : null))],
      };
    },
  );

  server.post(
    '/v1/approver-keys',
    { schema: { body: NewApproverKey, response: { 201: ConsoleApproverKey } } },
    async (request, reply) => {
      const { accountId } = getSession(request);
      return reply
        .code(201)
        .send(await offerApproverKey(db, fields, request.body.jws, accountId, clock()));
    },
  );

  server.post(
    '/v1/approver-keys/:id/confirm',
    { schema: { params: IdParams, body: FingerprintBody, response: { 204: Done } } },
    async (request, reply) => {
      const { accountId } = getSession(request);
      await confirmApproverKey(db, request.params.id, request.body.fingerprint, accountId, clock());
      return reply.code(204).send(null);
    },
  );
}
