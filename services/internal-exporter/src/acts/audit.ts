import {
  LedgerEntry,
  parse,
  type ConsoleCheckpoint,
  type ConsoleLedgerEntry,
  type TransferLogEntry,
} from '@sallyport/contracts';
import { WitnessState } from '@sallyport/ledger';
import { toTransferLogEntry } from '../domain/transfer-log.ts';
import { byAccount } from '../store/actors.ts';
import { inTransaction, type Database, type Transaction } from '../store/database.ts';
import { recordEvent } from '../store/ledger-outbox.ts';
import type { PersonalFields } from '../store/personal-fields.ts';
import { getSite } from '../store/site.ts';
import { accountName } from './accounts.ts';
import { officerPersonal } from './officers.ts';

interface Page {
  readonly offset: number;
  readonly limit: number;
}

/** One page of the ledger, oldest first, with the names that were not erased. */
export async function readLedger(
  db: Database,
  fields: PersonalFields,
  page: Page,
): Promise<{ readonly rows: ConsoleLedgerEntry[]; readonly total: number }> {
  const total = await db.ledgerOutbox.count();
  const found = await db.ledgerOutbox.findMany({
    orderBy: { seq: 'asc' },
    skip: page.offset,
    take: page.limit,
  });
  const rows = found.map(({ entry, leafIndex }) => ({
    index: leafIndex === null ? null : Number(leafIndex),
    entry: parse(LedgerEntry, JSON.parse(entry), 'ERR_INTERNAL'),
  }));
  const names = await findNames(
    db,
    fields,
    rows.map(({ entry }) => entry),
  );
  return {
    rows: rows.map((row) => ({ ...row, actorName: names.get(actorKey(row.entry)) ?? null })),
    total,
  };
}

/** The newest head of this zone's ledger, and what is known of the gateway's. */
export async function readCheckpoint(db: Database): Promise<ConsoleCheckpoint> {
  const { siteId } = await getSite(db);
  const own = await db.checkpoint.findFirst({
    where: { origin: siteId },
    orderBy: { treeSize: 'desc' },
  });
  const gateway = await db.gateway.findFirst({ where: { current: true } });
  const witness =
    gateway === null ? null : await db.witness.findUnique({ where: { origin: gateway.id } });
  const state = witness === null ? null : parse(WitnessState, witness.state, 'ERR_INTERNAL');
  const head = state?.heads.at(-1);
  const verdict =
    (state?.forks.length ?? 0) > 0
      ? 'forked'
      : (state?.gaps.length ?? 0) > 0
        ? 'unproven'
        : 'verified';
  return {
    own:
      own === null
        ? null
        : {
            treeSize: Number(own.treeSize),
            rootHash: own.rootHash,
            at: own.at.toISOString(),
            jws: own.jws,
          },
    peer:
      head === undefined || state === null
        ? null
        : {
            treeSize: head.treeSize,
            rootHash: head.rootHash,
            at: head.at,
            origin: state.origin,
            verdict,
          },
  };
}

/** One page of the transfer log, newest package first. */
export async function readTransferLog(
  db: Database,
  fields: PersonalFields,
  page: Page,
): Promise<{ readonly rows: TransferLogEntry[]; readonly total: number }> {
  const total = await db.sealedPackage.count();
  const packages = await db.sealedPackage.findMany({
    include: { export: { include: { request: true } } },
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
    skip: page.offset,
    take: page.limit,
  });
  const ids = packages.map(({ id }) => id);
  const found = await db.ledgerOutbox.findMany({
    where: { packageId: { in: ids } },
    orderBy: { seq: 'asc' },
  });
  const officerIds = packages.flatMap(
    ({ export: { request } }) => request.recipientOfficerId ?? [],
  );
  const officers = await db.officer.findMany({ where: { id: { in: officerIds } } });
  const rows = packages.map(({ id, exportId, requestId, export: { request } }) => {
    const entries = found
      .filter(({ packageId }) => packageId === id)
      .map(({ entry }) => parse(LedgerEntry, JSON.parse(entry), 'ERR_INTERNAL'));
    const recipient = officers.find((officer) => officer.id === request.recipientOfficerId);
    return {
      ...toTransferLogEntry({ packageId: id, exportId, requestId }, entries),
      receiptNumber: request.receiptNumber,
      recipientName: recipient === undefined ? null : officerPersonal(fields, recipient).name,
    };
  });
  return { rows, total };
}

/** Reading is an entry too: who read which rows. */
export function recordReading(
  db: Database,
  readerId: string,
  { offset, count }: { readonly offset: number; readonly count: number },
  now: Date,
): Promise<string> {
  const toIndex = offset + Math.max(count - 1, 0);
  const event = { kind: 'ledger.read', readerId, fromIndex: offset, toIndex } as const;
  return inTransaction(db, (tx: Transaction) =>
    recordEvent(tx, { at: now, actor: byAccount(readerId), event }),
  );
}

async function findNames(
  db: Database,
  fields: PersonalFields,
  entries: readonly LedgerEntry[],
): Promise<ReadonlyMap<string, string>> {
  const idsOf = (kind: 'account' | 'officer') =>
    entries.flatMap(({ actor }) => (actor.kind === kind && 'id' in actor ? actor.id : []));
  const digests = entries.flatMap(({ actor }) => (actor.kind === 'command' ? actor.digest : []));
  const [accounts, officers, commands] = await Promise.all([
    db.account.findMany({ where: { id: { in: idsOf('account') } } }),
    db.officer.findMany({ where: { id: { in: idsOf('officer') } } }),
    db.actorName.findMany({ where: { digest: { in: digests } } }),
  ]);
  return new Map([
    ...accounts.map((row) => [row.id, accountName(fields, row)] as const),
    ...officers.map((row) => [row.id, officerPersonal(fields, row).name] as const),
    ...commands.map((row) => {
      const place = { table: 'ActorName', column: 'nameEncrypted', rowId: row.digest };
      return [row.digest, fields.decrypt(row.nameEncrypted, place)] as const;
    }),
  ]);
}

function actorKey({ actor }: LedgerEntry): string {
  switch (actor.kind) {
    case 'account':
    case 'officer':
      return actor.id;
    case 'command':
      return actor.digest;
    case 'role':
      return '';
  }
}
