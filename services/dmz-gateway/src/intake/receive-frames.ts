// The far end of the export lane:
//
//   spool ─► frame verified (pinned CA, role lane) ─► record ──► applied ─┐
//                                                └─► part ───► assembler ─┼─► sequence state, one transaction
//                                     refused for ever ─► lane.refused ───┘   ─► file removed
//
import { SallyportError, isSallyportError, type ErrorCode } from '@sallyport/contracts';
import {
  SpoolReceiver,
  drainLane,
  parseSequenceState,
  type DrainResult,
  type Frame,
  type RefusedFile,
  type SequenceState,
  type TransferAssembler,
} from '@sallyport/lane';
import type { Logger } from '@sallyport/runtime';
import type { GatewayConfig } from '../config/environment.ts';
import { pathsOf } from '../config/paths.ts';
import { type Prisma, type Database, type Transaction } from '../store/database.ts';
import { actorOfRole, recordEvent } from '../store/ledger-events.ts';
import { findSite, getAnchor } from '../store/trust.ts';
import type { OwnKeys } from './apply-directory.ts';
import { applyRecord } from './apply-record.ts';
import { recordPart } from './record-part.ts';

export interface IntakeOptions {
  readonly config: GatewayConfig;
  readonly gatewayId: string;
  readonly own: OwnKeys;
  readonly db: Database;
  readonly assembler: TransferAssembler;
  readonly logger: Logger;
  readonly clock: () => Date;
  /** How long a damaged file may still be arriving; the lane's own default unless a test lowers it. */
  readonly settleMs?: number;
}

/** Faults that another try may cure; everything else is the frame's own and is recorded. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  'ERR_LANE_SPOOL_WRITE',
  'ERR_LANE_SPOOL_READ',
  'ERR_DATABASE_UNAVAILABLE',
  'ERR_GATEWAY_NOT_TRUSTED',
]);

/** Opens the export lane's spool. Until the internal zone is pinned nothing is taken from it. */
export function createIntake(options: IntakeOptions): {
  receive(signal?: AbortSignal): Promise<DrainResult | null>;
} {
  const { config, db, clock } = options;
  const receiver = new SpoolReceiver({
    directory: config.exportSpool,
    lane: 'export',
    trust: () => getAnchor(db),
    now: clock,
    ...(options.settleMs === undefined ? {} : { settleMs: options.settleMs }),
  });
  return {
    async receive(signal) {
      const site = await findSite(db);
      if (site === null) return null;
      return drainLane({
        receiver,
        loadState: async () => loadState(db),
        apply: async (frame, next) => {
          if (frame.header.senderId !== site.siteId) {
            await refuseFrame(options, next, frame, 'ERR_RECORD_AUDIENCE');
            return;
          }
          await applyFrame(options, frame, next);
        },
        refused: (file) => recordRefusedFile(options, file),
        failed: async (frame, err) => {
          options.logger.warn({ err, lane: 'export', seq: frame.header.seq }, 'frame not applied');
        },
        now: clock,
        ...(signal === undefined ? {} : { signal }),
      });
    },
  };
}

async function applyFrame(
  options: IntakeOptions,
  frame: Frame,
  next: SequenceState,
): Promise<void> {
  try {
    if (frame.header.bodyKind === 'record') await applyRecordFrame(options, frame, next);
    else await applyPartFrame(options, frame, next);
  } catch (error) {
    if (!isSallyportError(error) || PASSING.has(error.code)) throw error;
    options.logger.warn(
      { code: error.code, seq: frame.header.seq, lane: 'export' },
      'frame refused',
    );
    await refuseFrame(options, next, frame, error.code);
  }
}

async function applyRecordFrame(
  { db, config, gatewayId, own, clock }: IntakeOptions,
  frame: Frame,
  next: SequenceState,
): Promise<void> {
  const now = clock();
  const jws = Buffer.from(frame.body).toString('latin1');
  const sharesRoot = pathsOf(config.dataDir).shares;
  await db.$transaction(async (tx) => {
    await applyRecord(tx, jws, { gatewayId, own, sharesRoot, now });
    await saveState(tx, next, now);
  }, TIMEOUTS);
}

async function applyPartFrame(
  { db, assembler, clock }: IntakeOptions,
  frame: Frame,
  next: SequenceState,
): Promise<void> {
  const now = clock();
  const { transfer, bodyKind } = frame.header;
  if (transfer === undefined || bodyKind === 'record')
    throw new SallyportError('ERR_LANE_FRAME_HEADER');
  const row = await db.package.findUnique({ where: { id: transfer.packageId } });
  // What was destroyed stays destroyed, whatever is sent again.
  const progress =
    row?.state === 'destroyed' ? null : await assembler.add(frame.header, frame.body);
  await db.$transaction(async (tx) => {
    if (progress !== null && bodyKind === 'package-part') {
      await recordPart(tx, transfer, progress, now);
    }
    await saveState(tx, next, now);
  }, TIMEOUTS);
}

/** A frame that can never be applied counts as arrived, with an entry that says why. */
async function refuseFrame(
  { db, clock }: IntakeOptions,
  next: SequenceState,
  frame: Frame,
  failure: ErrorCode,
): Promise<void> {
  const now = clock();
  const isForeign = failure === 'ERR_RECORD_AUDIENCE' && frame.header.senderId !== next.senderId;
  await db.$transaction(async (tx) => {
    await recordEvent(tx, {
      at: now,
      actor: actorOfRole('intake'),
      event: { kind: 'lane.refused', lane: 'export', failure },
    });
    await countRefused(tx);
    if (!isForeign) await saveState(tx, next, now);
  }, TIMEOUTS);
}

async function recordRefusedFile({ db, clock }: IntakeOptions, file: RefusedFile): Promise<void> {
  await db.$transaction(async (tx) => {
    await recordEvent(tx, {
      at: clock(),
      actor: actorOfRole('intake'),
      event: { kind: 'lane.refused', lane: 'export', failure: file.code },
    });
    await countRefused(tx);
  });
}

async function loadState(db: Database | Transaction): Promise<SequenceState | null> {
  const row = await db.laneReceiver.findUnique({ where: { lane: 'export' } });
  return row?.state == null ? null : parseSequenceState(row.state);
}

async function saveState(tx: Transaction, next: SequenceState, now: Date): Promise<void> {
  const before = await loadState(tx);
  const gap = next.missing.at(-1);
  const high = before !== null && before.epoch === next.epoch ? before.high : 0;
  if (gap !== undefined && gap.from > high) {
    await recordEvent(tx, {
      at: now,
      actor: actorOfRole('intake'),
      event: { kind: 'lane.gap', lane: 'export', fromSeq: gap.from, toSeq: gap.to },
    });
  }
  const data = { state: next as unknown as Prisma.InputJsonObject, lastFrameAt: now }; // plain JSON by its own schema
  await tx.laneReceiver.upsert({
    where: { lane: 'export' },
    create: { lane: 'export', ...data, received: 1n },
    update: { ...data, received: { increment: 1 } },
  });
}

async function countRefused(tx: Transaction): Promise<void> {
  await tx.laneReceiver.upsert({
    where: { lane: 'export' },
    create: { lane: 'export', refused: 1n },
    update: { refused: { increment: 1 } },
  });
}

const TIMEOUTS = { timeout: 30_000, maxWait: 10_000 };
