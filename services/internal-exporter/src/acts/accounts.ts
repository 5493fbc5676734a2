import { createHash, randomBytes } from 'node:crypto';
import {
  SallyportError,
  type AccountState,
  type ConsoleAccount,
  type ConsoleRole,
  type LedgerActor,
  type NewConsoleAccount,
} from '@sallyport/contracts';
import { lockoutOf } from '@sallyport/runtime';
import {
  ACTIVATION_VALID_MS,
  assertMayConfirmProposal,
  stateOfNewAccount,
  toActivationCode,
} from '../domain/accounts.ts';
import { byAccount } from '../store/actors.ts';
import {
  inTransaction,
  isDuplicate,
  type Database,
  type Prisma,
  type Transaction,
} from '../store/database.ts';
import { newId } from '../store/ids.ts';
import { recordEvent } from '../store/ledger-outbox.ts';
import type { PersonalFields } from '../store/personal-fields.ts';
import { revokeCertificatesOf } from './certificates.ts';

const WITH_FAILURES = { failures: true } as const;
type AccountRow = Prisma.AccountGetPayload<{ include: typeof WITH_FAILURES }>;

/** Who creates an account: an administrator's session, or a person at the host's command line. */
export interface AccountCreator {
  readonly actor: LedgerActor;
  readonly accountId: string | null;
  readonly personId: string;
}

/** A new account as its creator sees it, once with its activation code. */
export interface CreatedAccount {
  readonly account: ConsoleAccount;
  /** Null while a second administrator must confirm. */
  readonly activationCode: string | null;
}

/**
 * Creates an account, or proposes it when the staff number has a living one.
 *
 * @throws SallyportError ERR_ACCOUNT_LOGIN_TAKEN
 */
export async function createAccount(
  tx: Transaction,
  fields: PersonalFields,
  wanted: NewConsoleAccount,
  creator: AccountCreator,
  now: Date,
): Promise<CreatedAccount> {
  const id = newId();
  await lockAccounts(tx);
  const staffNumberLookup = fields.lookup('staff-number', wanted.staffNumber);
  const living = await tx.account.count({
    where: { staffNumberLookup, state: { not: 'disabled' } },
  });
  const state = stateOfNewAccount(living > 0);
  const code = state === 'proposed' ? null : toActivationCode(randomBytes(20));
  const place = { table: 'Account', rowId: id };
  const data = {
    id,
    role: wanted.role,
    state,
    loginLookup: fields.lookup('login', wanted.login),
    loginEncrypted: fields.encrypt(wanted.login, { ...place, column: 'loginEncrypted' }),
    nameEncrypted: fields.encrypt(wanted.name, { ...place, column: 'nameEncrypted' }),
    staffNumberEncrypted: fields.encrypt(wanted.staffNumber, {
      ...place,
      column: 'staffNumberEncrypted',
    }),
    staffNumberLookup,
    personId: fields.personIdOf(wanted.staffNumber),
    proposedById: creator.accountId,
    proposedByPersonId: creator.personId,
    createdAt: now,
    ...activationColumns(code, now),
  };
  const row = await insertAccount(tx, data);
  const event = {
    kind: state === 'proposed' ? 'account.proposed' : 'account.created',
    accountId: id,
  } as const;
  await recordEvent(tx, { at: now, actor: creator.actor, event });
  return { account: toConsoleAccount(fields, row, now), activationCode: code };
}

/**
 * A second administrator confirms a proposed account; answers its activation code.
 *
 * @throws SallyportError ERR_ACCOUNT_UNKNOWN, ERR_ACCOUNT_STATE, ERR_ACCOUNT_SECOND_ADMINISTRATOR
 */
export async function confirmProposal(
  tx: Transaction,
  fields: PersonalFields,
  accountId: string,
  confirmerId: string,
  now: Date,
): Promise<CreatedAccount> {
  const row = await getAccount(tx, accountId);
  const { personId } = await getAccount(tx, confirmerId);
  assertMayConfirmProposal({ personId }, { ...row, state: stateOf(row) });
  const code = toActivationCode(randomBytes(20));
  const { count } = await tx.account.updateMany({
    where: { id: accountId, state: 'proposed' },
    data: {
      state: 'awaiting-activation',
      confirmedById: confirmerId,
      ...activationColumns(code, now),
    },
  });
  if (count === 0) throw new SallyportError('ERR_ACCOUNT_STATE');
  await recordEvent(tx, {
    at: now,
    actor: byAccount(confirmerId),
    event: { kind: 'account.created', accountId },
  });
  return {
    account: toConsoleAccount(fields, await getAccount(tx, accountId), now),
    activationCode: code,
  };
}

/** Accounts, newest first; `proposedOnly` lists what waits for a second administrator. */
export async function listAccounts(
  db: Database,
  fields: PersonalFields,
  now: Date,
  proposedOnly: boolean,
): Promise<readonly ConsoleAccount[]> {
  const rows = await db.account.findMany({
    where: proposedOnly ? { state: 'proposed' } : {},
    include: WITH_FAILURES,
    orderBy: { createdAt: 'desc' },
  });
  return rows.map((row) => toConsoleAccount(fields, row, now));
}

/** Clears a lock-out. @throws SallyportError ERR_ACCOUNT_UNKNOWN */
export function unlockAccount(
  db: Database,
  accountId: string,
  byId: string,
  now: Date,
): Promise<void> {
  return inTransaction(db, async (tx) => {
    await getAccount(tx, accountId);
    await tx.loginFailure.deleteMany({ where: { accountId } });
    await recordEvent(tx, {
      at: now,
      actor: byAccount(byId),
      event: { kind: 'account.unlocked', accountId },
    });
  });
}

/**
 * Ends an account: its sessions close, its certificates are revoked outward.
 *
 * @throws SallyportError ERR_ACCOUNT_UNKNOWN, ERR_ACCOUNT_STATE for one's own or an ended account
 */
export function disableAccount(
  db: Database,
  accountId: string,
  byId: string,
  now: Date,
): Promise<void> {
  return inTransaction(db, async (tx) => {
    const { state } = await getAccount(tx, accountId);
    if (state === 'disabled' || accountId === byId)
      throw new SallyportError('ERR_ACCOUNT_STATE', { detail: { state } });
    const actor = byAccount(byId);
    await tx.account.update({
      where: { id: accountId },
      data: {
        state: 'disabled',
        disabledAt: now,
        passwordHash: null,
        totpSecretEncrypted: null,
        activationCodeHash: null,
      },
    });
    await tx.session.updateMany({ where: { accountId, closedAt: null }, data: { closedAt: now } });
    await tx.approverKey.updateMany({ where: { accountId }, data: { state: 'revoked' } });
    await tx.certificateOrder.deleteMany({ where: { subjectId: accountId, issuedAt: null } });
    await revokeCertificatesOf(
      tx,
      { role: 'approver', subjectId: accountId },
      { reason: 'left', actor, now },
    );
    await recordEvent(tx, { at: now, actor, event: { kind: 'account.disabled', accountId } });
  });
}

/** @throws SallyportError ERR_ACCOUNT_UNKNOWN */
export async function getAccount(
  tx: Transaction | Database,
  accountId: string,
): Promise<AccountRow> {
  const row = await tx.account.findUnique({ where: { id: accountId }, include: WITH_FAILURES });
  if (row === null) throw new SallyportError('ERR_ACCOUNT_UNKNOWN');
  return row;
}

/** The name of an account's person; null where the account is unknown. */
export function accountName(
  fields: PersonalFields,
  row: { id: string; nameEncrypted: Uint8Array },
): string {
  return fields.decrypt(row.nameEncrypted, {
    table: 'Account',
    column: 'nameEncrypted',
    rowId: row.id,
  });
}

export function accountLogin(
  fields: PersonalFields,
  row: { id: string; loginEncrypted: Uint8Array },
): string {
  return fields.decrypt(row.loginEncrypted, {
    table: 'Account',
    column: 'loginEncrypted',
    rowId: row.id,
  });
}

/** SHA-256 of an activation code: it has 97 bits, so a fast digest is enough. */
export function activationHash(code: string): string {
  return createHash('sha256')
    .update(code.toUpperCase().replace(/[^A-Z0-9]/g, ''))
    .digest('hex');
}

/** Two creations at once must not both find the staff number free. */
async function lockAccounts(tx: Transaction): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(72707371)`;
}

function activationColumns(code: string | null, now: Date) {
  if (code === null) return { activationCodeHash: null, activationExpiresAt: null };
  return {
    activationCodeHash: activationHash(code),
    activationExpiresAt: new Date(now.getTime() + ACTIVATION_VALID_MS),
  };
}

async function insertAccount(
  tx: Transaction,
  data: Prisma.AccountCreateInput,
): Promise<AccountRow> {
  try {
    return await tx.account.create({ data, include: WITH_FAILURES });
  } catch (error) {
    if (isDuplicate(error)) throw new SallyportError('ERR_ACCOUNT_LOGIN_TAKEN');
    throw error;
  }
}

function toConsoleAccount(fields: PersonalFields, row: AccountRow, now: Date): ConsoleAccount {
  const lockout = lockoutOf(
    row.failures.map(({ at }) => at),
    now,
  );
  return {
    accountId: row.id,
    login: accountLogin(fields, row),
    name: accountName(fields, row),
    staffNumber: fields.decrypt(row.staffNumberEncrypted, {
      table: 'Account',
      column: 'staffNumberEncrypted',
      rowId: row.id,
    }),
    role: row.role as ConsoleRole, // written by createAccount only
    state: stateOf(row),
    lockout: {
      kind: lockout.kind,
      failures: row.failures.length,
      until: lockout.kind === 'locked-for-a-while' ? lockout.until.toISOString() : null,
    },
    createdAt: row.createdAt.toISOString(),
    activatedAt: row.activatedAt?.toISOString() ?? null,
    createdBy: row.proposedById,
  };
}

function stateOf(row: { readonly state: string }): AccountState {
  return row.state as AccountState; // written by this file and by activation only
}
