import type { CheckpointRecord } from '@sallyport/contracts';
import { parseWitnessState, startWitness, witnessCheckpoint } from '@sallyport/ledger';
import { actorOfRole, recordEvent } from '../store/ledger-events.ts';
import type { Transaction } from '../store/database.ts';
import { getSite } from '../store/trust.ts';

const VERDICTS = { VERIFIED: 'verified', UNPROVEN: 'unproven', FORKED: 'forked' } as const;

/**
 * Witnesses a head of the internal ledger. A fork, once seen, stays shown.
 *
 * @throws SallyportError ERR_LEDGER_ORIGIN
 */
export async function applyCheckpoint(
  tx: Transaction,
  checkpoint: CheckpointRecord,
  now: Date,
): Promise<void> {
  const { siteId: origin } = await getSite(tx);
  const known = await tx.witnessedLedger.findUnique({ where: { origin } });
  const before = known === null ? startWitness(origin, 'internal') : parseWitnessState(known.state);
  const { state, verdict } = witnessCheckpoint(before, checkpoint, { now });
  const said = state.forks.length > 0 ? 'forked' : VERDICTS[verdict.kind];
  const data = { state, verdict: said, at: now };
  await tx.witnessedLedger.upsert({ where: { origin }, create: { origin, ...data }, update: data });
  const { treeSize, rootHash } = checkpoint;
  await recordEvent(tx, {
    at: now,
    actor: actorOfRole('intake'),
    event: {
      kind: 'checkpoint.witnessed',
      origin,
      treeSize,
      rootHash,
      verdict: VERDICTS[verdict.kind],
    },
  });
}
