import {
  SallyportError,
  UtcTime,
  Count,
  Id128,
  parse,
  strictObject,
  type ErrorCode,
} from '@sallyport/contracts';
import Type, { type Static } from 'typebox';

/** Sequence numbers that have not arrived, both ends included. */
export const MissingRange = strictObject({ from: Count, to: Count, firstSeenAt: UtcTime });
export type MissingRange = Static<typeof MissingRange>;

/**
 * All a receiver knows of one sender's sequence: plain JSON, stored in the same transaction as the
 * effect of each frame. Every number up to `high` has arrived unless a missing range holds it.
 */
export const SequenceState = strictObject({
  senderId: Id128,
  epoch: Count,
  high: Count,
  missing: Type.Array(MissingRange),
  /** What earlier epochs still owed when they ended: evidence, never dropped. */
  closed: Type.Array(
    strictObject({ epoch: Count, high: Count, missing: Type.Array(MissingRange) }),
  ),
});
export type SequenceState = Static<typeof SequenceState>;

/** How one frame stands in its sender's sequence. */
export type SequenceVerdict =
  | { readonly kind: 'next' | 'ahead' | 'late'; readonly state: SequenceState }
  | { readonly kind: 'duplicate' }
  | {
      readonly kind: 'refused';
      readonly code: Extract<ErrorCode, 'ERR_LANE_FRAME_STALE' | 'ERR_LANE_EPOCH_STALE'>;
    };

/** A hole in a sequence, as the transfer log and the resend list show it. */
export interface SequenceGap {
  readonly senderId: string;
  readonly epoch: number;
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly firstSeenAt: string;
  /** `open`: a late frame may still fill it. `lost`: below the window or of a closed epoch; send its content anew. */
  readonly kind: 'open' | 'lost';
}

/** How far behind the highest number a late frame is still taken. */
export const DEFAULT_WINDOW = 65_536;

/** The state before the first frame of a sender. */
export function startSequence(senderId: string, epoch = 0): SequenceState {
  return { senderId, epoch, high: 0, missing: [], closed: [] };
}

/**
 * Judges one frame; pure. Persist the returned state together with the frame's effect, or neither.
 *
 * - `next`, `ahead` (opens a gap), `late` (fills one): apply the body.
 * - `duplicate`: ignore it.
 * - `refused`: an earlier epoch, or a hole too old to be filled.
 */
export function trackFrame(
  state: SequenceState,
  frame: { readonly epoch: number; readonly seq: number },
  options: { readonly now: Date; readonly window?: number },
): SequenceVerdict {
  if (frame.epoch < state.epoch) return { kind: 'refused', code: 'ERR_LANE_EPOCH_STALE' };
  const current = frame.epoch === state.epoch ? state : enterEpoch(state, frame.epoch);
  if (frame.seq > current.high) return advance(current, frame.seq, options.now);
  const hole = current.missing.find(({ from, to }) => from <= frame.seq && frame.seq <= to);
  if (hole === undefined) return { kind: 'duplicate' };
  if (isBelowWindow(frame.seq, current.high, options.window)) {
    return { kind: 'refused', code: 'ERR_LANE_FRAME_STALE' };
  }
  return {
    kind: 'late',
    state: { ...current, missing: current.missing.flatMap((range) => without(range, frame.seq)) },
  };
}

/** Every number that did not arrive, oldest epoch first. The tail a sender never followed up is unknowable here. */
export function listGaps(
  state: SequenceState,
  options: { readonly window?: number } = {},
): SequenceGap[] {
  const closed = state.closed.flatMap(({ epoch, missing }) =>
    missing.map((range) => gap(state.senderId, epoch, range, 'lost')),
  );
  const open = state.missing.flatMap((range) => splitAtWindow(state, range, options.window));
  return [...closed, ...open];
}

/** @throws SallyportError ERR_LANE_STATE_INVALID when the stored state is not one this package wrote */
export function parseSequenceState(value: unknown): SequenceState {
  const state = parse(SequenceState, value, 'ERR_LANE_STATE_INVALID');
  let last = 0;
  for (const { from, to } of state.missing) {
    if (!(last < from && from <= to && to < state.high)) {
      throw new SallyportError('ERR_LANE_STATE_INVALID', { detail: { path: '/missing' } });
    }
    last = to;
  }
  return state;
}

function enterEpoch(state: SequenceState, epoch: number): SequenceState {
  const ended = { epoch: state.epoch, high: state.high, missing: state.missing };
  const closed = state.high === 0 ? state.closed : [...state.closed, ended];
  return { senderId: state.senderId, epoch, high: 0, missing: [], closed };
}

function advance(state: SequenceState, seq: number, now: Date): SequenceVerdict {
  if (seq === state.high + 1) return { kind: 'next', state: { ...state, high: seq } };
  const hole = { from: state.high + 1, to: seq - 1, firstSeenAt: now.toISOString() };
  return { kind: 'ahead', state: { ...state, high: seq, missing: [...state.missing, hole] } };
}

function without(range: MissingRange, seq: number): MissingRange[] {
  if (seq < range.from || seq > range.to) return [range];
  return [
    { ...range, to: seq - 1 },
    { ...range, from: seq + 1 },
  ].filter(({ from, to }) => from <= to);
}

function isBelowWindow(seq: number, high: number, window = DEFAULT_WINDOW): boolean {
  return seq <= high - window;
}

function splitAtWindow(
  state: SequenceState,
  range: MissingRange,
  window = DEFAULT_WINDOW,
): SequenceGap[] {
  const lastLost = state.high - window;
  return [
    { range: { ...range, to: Math.min(range.to, lastLost) }, kind: 'lost' as const },
    { range: { ...range, from: Math.max(range.from, lastLost + 1) }, kind: 'open' as const },
  ]
    .filter((half) => half.range.from <= half.range.to)
    .map((half) => gap(state.senderId, state.epoch, half.range, half.kind));
}

function gap(
  senderId: string,
  epoch: number,
  range: MissingRange,
  kind: SequenceGap['kind'],
): SequenceGap {
  return { senderId, epoch, ...range, count: range.to - range.from + 1, kind };
}
