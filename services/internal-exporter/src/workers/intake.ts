import { isSallyportError, peekKind, type LedgerActor } from '@sallyport/contracts';
import {
  SpoolReceiver,
  drainLane,
  parseSequenceState,
  type Frame,
  type SequenceState,
} from '@sallyport/lane';
import { runLoop } from '@sallyport/runtime';
import { mkdir } from 'node:fs/promises';
import { handleInbound, type InboundContext } from '../intake/handle-inbound.ts';
import { watchOnce, type Sightings } from '../intake/watch-folder.ts';
import type { RoleContext } from '../role-context.ts';
import { inTransaction, toJson, type Database } from '../store/database.ts';
import { openFilePlaces, removeParts } from '../store/file-places.ts';
import type { FootageStore } from '../store/footage.ts';
import { openPersonalFields } from '../store/key-files.ts';
import { recordEvent } from '../store/ledger-outbox.ts';
import { getTrust } from '../store/site.ts';

const INTAKE: LedgerActor = { kind: 'role', name: 'intake' };
const LANE_REST_MS = 300;
const WATCH_REST_MS = 2_000;

/** Starts the intake role: the far end of the request lane, and the watch folder. */
export async function startIntake(context: RoleContext): Promise<void> {
  const { config, db, site, keys, logger, lifecycle } = context;
  const fields = await openPersonalFields(keys);
  const inbound: InboundContext = {
    db,
    site,
    fields,
    intakeKey: await keys.openAgreementKey('intake'),
  };
  const receiver = new SpoolReceiver({
    directory: config.requestSpool,
    lane: 'request',
    trust: () => getTrust(db),
    now: () => new Date(),
  });
  const onError = (err: unknown, name: string, failures: number): void =>
    logger.error({ err, loop: name, failures }, 'an intake step failed');
  const { signal } = lifecycle;
  const lane = runLoop({
    name: 'request-lane',
    intervalMs: LANE_REST_MS,
    signal,
    onError,
    step: async () => ((await receiveOnce(inbound, receiver, signal)) > 0 ? 'again' : 'rest'),
  });
  lifecycle.onStop('request-lane', () => lane.stopped);

  const { watchFolder } = config;
  if (watchFolder === null) return;
  await mkdir(watchFolder, { recursive: true });
  const places = await openFilePlaces(config.dataDirectory);
  await removeParts(places.footage);
  const store: FootageStore = { db, site, places, personal: fields };
  const seen: Sightings = new Map();
  const watch = runLoop({
    name: 'watch-folder',
    intervalMs: WATCH_REST_MS,
    signal,
    onError,
    step: async () =>
      (await watchOnce(store, watchFolder, seen, new Date())) > 0 ? 'again' : 'rest',
  });
  lifecycle.onStop('watch-folder', () => watch.stopped);
}

/** One pass over the request lane; answers how many frames were applied. */
export async function receiveOnce(
  context: InboundContext,
  receiver: SpoolReceiver,
  signal: AbortSignal,
): Promise<number> {
  const { db } = context;
  const failed: unknown[] = [];
  const { applied } = await drainLane({
    receiver,
    signal,
    now: () => new Date(),
    loadState: (senderId) => loadState(db, senderId),
    apply: (frame, next) => applyFrame(context, frame, next),
    refused: ({ code }) => recordRefusal(db, code),
    failed: async (_frame, cause) => void failed.push(cause),
  });
  // The frame lies where it was; the loop backs off and tries again.
  if (failed.length > 0) throw failed[0];
  return applied;
}

/**
 * The record's effect first, then its place: handling a record again changes nothing, so a crash
 * between the two is harmless.
 */
async function applyFrame(
  context: InboundContext,
  frame: Frame,
  next: SequenceState,
): Promise<void> {
  const { db } = context;
  const { bodyKind, senderId } = frame.header;
  const now = new Date();
  const jws = Buffer.from(frame.body).toString('latin1');
  const kind = bodyKind === 'record' ? kindOf(jws) : null;
  if (kind === null) await recordRefusal(db, 'ERR_LANE_FRAME_HEADER');
  else await handleInbound(context, kind, jws, now);
  const before = await loadState(db, senderId);
  await inTransaction(db, async (tx) => {
    const gap = newGap(before, next);
    if (gap !== null) {
      const event = {
        kind: 'lane.gap',
        lane: 'request',
        fromSeq: gap.from,
        toSeq: gap.to,
      } as const;
      await recordEvent(tx, { at: now, actor: INTAKE, event });
    }
    const lane = laneKey(senderId);
    const row = { state: toJson(next), at: now };
    await tx.laneInbound.upsert({ where: { lane }, create: { lane, ...row }, update: row });
  });
}

function kindOf(jws: string) {
  try {
    return peekKind(jws);
  } catch (error) {
    if (isSallyportError(error)) return null; // no record of ours: refused, and noted as such
    throw error;
  }
}

/** The hole that this frame opened, if it did. */
function newGap(
  before: SequenceState | null,
  next: SequenceState,
): { from: number; to: number } | null {
  const last = next.missing.at(-1);
  const isKnown =
    before?.missing.some(({ from, to }) => from === last?.from && to === last.to) ?? false;
  return last === undefined || isKnown || last.to !== next.high - 1 ? null : last;
}

async function loadState(db: Database, senderId: string): Promise<SequenceState | null> {
  const row = await db.laneInbound.findUnique({ where: { lane: laneKey(senderId) } });
  return row === null ? null : parseSequenceState(row.state);
}

async function recordRefusal(db: Database, failure: string): Promise<void> {
  await inTransaction(db, async (tx) => {
    await recordEvent(tx, {
      at: new Date(),
      actor: INTAKE,
      event: { kind: 'lane.refused', lane: 'request', failure },
    });
  });
}

function laneKey(senderId: string): string {
  return `request:${senderId}`;
}
