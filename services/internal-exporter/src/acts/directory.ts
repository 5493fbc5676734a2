import { parse, DirectoryEntry, type DirectoryUpdate } from '@sallyport/contracts';
import { JSON_NULL, toJson, type Transaction } from '../store/database.ts';
import { queueRecord } from '../store/outbound.ts';
import { getSite } from '../store/site.ts';

/** A directory update carries so many entries at most. */
const ENTRIES_PER_UPDATE = 50;

type Kind = DirectoryEntry['kind'];
type ValueOf<K extends Kind> = Extract<DirectoryEntry, { kind: K }>['value'];

/**
 * Tells the other zone a row of the directory, with the next version; `null` buries the row. The
 * newest version of every row is kept here, tombstones included, so that all of it can be told again.
 */
export async function publishDirectory<K extends Kind>(
  tx: Transaction,
  kind: K,
  id: string,
  value: ValueOf<K>,
  now: Date,
): Promise<void> {
  const stored = value === null ? JSON_NULL : toJson(value);
  const row = await tx.directoryRow.upsert({
    where: { kind_id: { kind, id } },
    create: { kind, id, version: 1, value: stored, at: now },
    update: { version: { increment: 1 }, value: stored, at: now },
  });
  const entry = parse(DirectoryEntry, { kind, id, version: row.version, value }, 'ERR_INTERNAL');
  await queueUpdate(tx, [entry], now);
}

/** Tells every row again: to a gateway that was just trusted or restored. Versions stay. */
export async function publishWholeDirectory(tx: Transaction, now: Date): Promise<number> {
  const rows = await tx.directoryRow.findMany({
    orderBy: [{ at: 'asc' }, { kind: 'asc' }, { id: 'asc' }],
  });
  const entries = rows.map(({ kind, id, version, value }) =>
    parse(DirectoryEntry, { kind, id, version, value }, 'ERR_INTERNAL'),
  );
  for (let first = 0; first < entries.length; first += ENTRIES_PER_UPDATE) {
    await queueUpdate(tx, entries.slice(first, first + ENTRIES_PER_UPDATE), now);
  }
  return entries.length;
}

async function queueUpdate(
  tx: Transaction,
  entries: DirectoryUpdate['entries'],
  now: Date,
): Promise<void> {
  const { siteId } = await getSite(tx);
  await queueRecord(
    tx,
    'directory-update',
    { siteId, entries, at: now.toISOString() },
    { at: now },
  );
}
