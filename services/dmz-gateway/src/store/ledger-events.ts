import { randomBytes } from 'node:crypto';
import { LedgerEntry, LedgerEvent, parse, type LedgerActor } from '@sallyport/contracts';
import type { Database, Transaction } from './database.ts';

/** One of the roles of this program as an actor. */
export const actorOfRole = (name: 'api' | 'intake' | 'send'): LedgerActor => ({
  kind: 'role',
  name,
});

/**
 * Writes a ledger entry in the transaction of the act itself; the `send` role carries it into the
 * log. The entry is complete here, so that carrying it twice writes it once.
 */
export async function recordEvent(
  tx: Transaction | Database,
  entry: { readonly at: Date; readonly actor: LedgerActor; readonly event: LedgerEvent },
): Promise<void> {
  const { at, actor } = entry;
  const event = parse(LedgerEvent, entry.event);
  await tx.ledgerEvent.create({
    data: {
      entryId: randomBytes(16).toString('hex'),
      at,
      kind: event.kind,
      actor,
      event,
      requestId: idOf(event, 'requestId'),
      packageId: idOf(event, 'packageId'),
      officerId: idOf(event, 'officerId') ?? (actor.kind === 'officer' ? actor.id : null),
      deviceId: idOf(event, 'deviceId'),
    },
  });
}

/** A stored row as the entry that goes into the log. @throws SallyportError ERR_RECORD_INVALID */
export function toLedgerEntry(row: {
  readonly entryId: string;
  readonly at: Date;
  readonly actor: unknown;
  readonly event: unknown;
}): LedgerEntry {
  const { entryId, at, actor, event } = row;
  return parse(LedgerEntry, { entryId, zone: 'dmz', at: at.toISOString(), actor, event });
}

function idOf(event: LedgerEvent, member: string): string | null {
  const value = (event as Readonly<Record<string, unknown>>)[member];
  return typeof value === 'string' ? value : null;
}
