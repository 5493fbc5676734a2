import type { ConsoleStation, NewStation } from '@sallyport/contracts';
import { byAccount } from '../store/actors.ts';
import { inTransaction, type Database } from '../store/database.ts';
import { newId } from '../store/ids.ts';
import { recordEvent } from '../store/ledger-outbox.ts';
import { publishDirectory } from './directory.ts';

/** Registers a police station and tells it outward. */
export function registerStation(
  db: Database,
  wanted: NewStation,
  byId: string,
  now: Date,
): Promise<ConsoleStation> {
  return inTransaction(db, async (tx) => {
    const stationId = newId();
    await tx.station.create({
      data: { id: stationId, name: wanted.name, createdById: byId, createdAt: now },
    });
    await publishDirectory(tx, 'station', stationId, { name: wanted.name }, now);
    await recordEvent(tx, {
      at: now,
      actor: byAccount(byId),
      event: { kind: 'station.registered', stationId },
    });
    return { stationId, name: wanted.name, createdAt: now.toISOString() };
  });
}

export async function listStations(db: Database): Promise<readonly ConsoleStation[]> {
  const rows = await db.station.findMany({ orderBy: { name: 'asc' } });
  return rows.map(({ id, name, createdAt }) => ({
    stationId: id,
    name,
    createdAt: createdAt.toISOString(),
  }));
}
