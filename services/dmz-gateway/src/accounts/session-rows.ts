import { OfficerEntry, parse, type PortalRole, type PortalSession } from '@sallyport/contracts';
import type { SessionRow } from '@sallyport/runtime';
import { sessionRoleOf } from '../domain/permissions.ts';
import type { FieldKeys } from '../keys/gateway-keys.ts';
import type { Database } from '../store/database.ts';
import { openLogin } from './logins.ts';

type Account = NonNullable<Awaited<ReturnType<Database['account']['findUnique']>>>;

/** A session with its rights as they are at this call: read on every one. Null: closed or gone. */
export async function findSessionRow(db: Database, sessionId: string): Promise<SessionRow | null> {
  const row = await db.session.findUnique({ where: { id: sessionId }, include: { account: true } });
  if (row === null || row.account.state !== 'active') return null;
  const role = row.account.role as PortalRole; // written by this service from the same union
  const status = await officerStatus(db, row.account);
  return {
    sessionId: row.id,
    accountId: row.accountId,
    role: sessionRoleOf(role, status === 'confirmed'),
    endsAt: row.endsAt,
  };
}

/** What a page is told about its own session. */
export async function describeSession(
  db: Database,
  fields: FieldKeys,
  session: { readonly sessionId: string; readonly csrf: string },
): Promise<PortalSession> {
  const row = await db.session.findUniqueOrThrow({
    where: { id: session.sessionId },
    include: { account: true },
  });
  const { account } = row;
  return {
    account: {
      accountId: account.id,
      login: openLogin(fields, account),
      role: account.role as PortalRole, // written by this service from the same union
      officer: await describeOfficer(db, account),
    },
    csrf: session.csrf,
    expiresAt: row.endsAt.toISOString(),
  };
}

/** Where the internal zone has an officer; `waiting` until its first word. */
export async function officerStatus(
  db: Database,
  account: Pick<Account, 'officerId'>,
): Promise<'waiting' | 'confirmed' | 'refused' | 'suspended' | null> {
  if (account.officerId === null) return null;
  const key = { kind: 'officer', id: account.officerId };
  const row = await db.directoryRow.findUnique({ where: { kind_id: key } });
  if (row === null) return 'waiting';
  return row.value === null ? 'suspended' : parse(OfficerEntry, row.value).status;
}

async function describeOfficer(
  db: Database,
  account: Account,
): Promise<PortalSession['account']['officer']> {
  const status = await officerStatus(db, account);
  if (account.officerId === null || status === null) return null;
  return { officerId: account.officerId, stationId: account.stationId ?? '', status };
}
