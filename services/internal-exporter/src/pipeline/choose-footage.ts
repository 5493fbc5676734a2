import {
  SallyportError,
  type FootageState,
  type LedgerActor,
  type MaskStyle,
  type MaskTarget,
  type RequestState,
} from '@sallyport/contracts';
import { getAccount } from '../acts/accounts.ts';
import { getPolicy } from '../acts/policy.ts';
import { assertMayPrepare } from '../domain/approval-rules.ts';
import { stateOfStep } from '../domain/export-steps.ts';
import { planExport } from '../domain/plan-export.ts';
import { inTransaction, toJson, type Database, type Transaction } from '../store/database.ts';
import { moveExport, queueStep } from '../store/jobs.ts';

/** Who chooses: the preparer, who may not give the release approval later. */
export interface Preparer {
  readonly accountId: string;
  readonly actor: LedgerActor;
}

/**
 * Step 4: fits footage to what was approved and queues its detection. An export whose footage turned
 * out to be wrong may be given other footage.
 *
 * @throws SallyportError ERR_EXPORT_UNKNOWN, ERR_EXPORT_STATE, ERR_FOOTAGE_*, ERR_EXPORT_RANGE_INVALID,
 * ERR_APPROVAL_PREPARER when this person gave the request approval
 */
export async function chooseFootage(
  db: Database,
  choice: {
    readonly exportId: string;
    readonly footageId: string;
    readonly targets: readonly MaskTarget[];
    readonly style: MaskStyle;
    readonly preparer: Preparer;
  },
  now: Date,
): Promise<void> {
  const { exportId, footageId } = choice;
  await inTransaction(db, async (tx) => {
    const row = await tx.export.findUnique({ where: { id: exportId } });
    const footage = await tx.footage.findUnique({ where: { id: footageId } });
    if (row === null) throw new SallyportError('ERR_EXPORT_UNKNOWN');
    if (footage === null) throw new SallyportError('ERR_FOOTAGE_UNKNOWN');
    await requireMayPrepare(tx, row.requestId, choice.preparer.accountId);
    // Rows of this database; the columns hold the literals this service writes.
    const plan = planExport(row, { ...footage, state: footage.state as FootageState }, choice);
    const from = row.state as RequestState;
    const isMistaken = row.progress === 'failed' && (from === 'transcoding' || from === 'masking');
    const { requestId } = row;
    if (isMistaken || from === 'footage-missing') {
      await moveExport(
        tx,
        { exportId, requestId, from, to: 'acquiring' },
        { progress: 'waiting' },
        now,
      );
    } else if (from !== 'acquiring') {
      throw new SallyportError('ERR_EXPORT_STATE', { detail: { from, to: stateOfStep('detect') } });
    }
    await tx.export.update({
      where: { id: exportId },
      data: {
        footageId,
        plan: toJson(plan),
        preparedById: choice.preparer.accountId,
        preparedAt: now,
      },
    });
    await queueStep(tx, { exportId, requestId, from: 'acquiring', step: 'detect' }, { now });
  });
}

async function requireMayPrepare(
  tx: Transaction,
  requestId: string,
  accountId: string,
): Promise<void> {
  const approval = await tx.approval.findFirst({
    where: { requestId, kind: 'request' },
    orderBy: { at: 'desc' },
  });
  if (approval === null) throw new SallyportError('ERR_GATE_APPROVAL_MISSING');
  const { personId } = await getAccount(tx, accountId);
  const { policy } = await getPolicy(tx);
  assertMayPrepare(personId, approval, policy.approvalPolicy);
}
