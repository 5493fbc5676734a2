import {
  canonicalize,
  LedgerEntry,
  parse,
  type LedgerActor,
  type LedgerEvent,
} from '@sallyport/contracts';
import type { Transaction } from './database.ts';
import { newId } from './ids.ts';

/** One act: when, by whom, what. */
export interface RecordedAct {
  readonly at: Date;
  readonly actor: LedgerActor;
  readonly event: LedgerEvent;
}

/**
 * Writes an act to the ledger's outbox in the caller's transaction, so that no act is kept without
 * its entry and no entry without its act. `seal` appends the rows to the ledger in order.
 * Answers the entry's id.
 */
export async function recordEvent(
  tx: Transaction,
  { at, actor, event }: RecordedAct,
): Promise<string> {
  const entryId = newId();
  const entry = parse(
    LedgerEntry,
    { entryId, zone: 'internal', at: at.toISOString(), actor, event },
    'ERR_INTERNAL',
  );
  await tx.ledgerOutbox.create({
    data: {
      entryId,
      kind: event.kind,
      packageId: 'packageId' in event ? event.packageId : null,
      entry: canonicalize(entry),
      at,
    },
  });
  return entryId;
}
