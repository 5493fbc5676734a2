import { parse, SallyportError, type CheckpointRecord } from '@sallyport/contracts';
import { startWitness, WitnessState, witnessCheckpoint } from '@sallyport/ledger';
import { toJson, type Transaction } from '../store/database.ts';
import { recordEvent } from '../store/ledger-outbox.ts';

const VERDICTS = { VERIFIED: 'verified', UNPROVEN: 'unproven', FORKED: 'forked' } as const;

/**
 * Witnesses a head of the gateway's ledger against every earlier head it has brought: a rewritten
 * history shows as a fork, a gap as unproven. Kept in every case.
 *
 * @throws SallyportError ERR_RECORD_AUDIENCE when the head is not of the gateway that signed it
 */
export async function receiveCheckpoint(
  tx: Transaction,
  checkpoint: CheckpointRecord,
  signedBy: string,
  now: Date,
): Promise<void> {
  const { origin, treeSize, rootHash, zone } = checkpoint;
  if (origin !== signedBy || zone !== 'dmz')
    throw new SallyportError('ERR_RECORD_AUDIENCE', { detail: { origin } });
  const row = await tx.witness.findUnique({ where: { origin } });
  const known =
    row === null ? startWitness(origin, 'dmz') : parse(WitnessState, row.state, 'ERR_INTERNAL');
  const { state, verdict } = witnessCheckpoint(known, checkpoint, { now });
  const kept = { state: toJson(state), at: now };
  await tx.witness.upsert({ where: { origin }, create: { origin, ...kept }, update: kept });
  const said = VERDICTS[verdict.kind];
  await tx.checkpoint.upsert({
    where: { origin_treeSize_rootHash: { origin, treeSize: BigInt(treeSize), rootHash } },
    create: {
      id: `${origin}:${treeSize}:${rootHash}`,
      origin,
      treeSize: BigInt(treeSize),
      rootHash,
      verdict: said,
      at: now,
    },
    update: { verdict: said },
  });
  const event = {
    kind: 'checkpoint.witnessed',
    origin,
    treeSize,
    rootHash,
    verdict: said,
  } as const;
  await recordEvent(tx, { at: now, actor: { kind: 'role', name: 'intake' }, event });
}
