import {
  Count,
  Sha256,
  SallyportError,
  UtcTime,
  fromHex,
  parse,
  strictObject,
  Id128,
  type CheckpointRecord,
} from '@sallyport/contracts';
import Type, { type Static } from 'typebox';
import { isConsistent } from './merkle/verify.ts';

/** How many accepted heads a witness keeps. */
export const WITNESSED_HEADS = 16;

const Proof = strictObject({ fromSize: Count, proof: Type.Array(Sha256, { maxItems: 128 }) });

/** One accepted head of the other zone's ledger, with the proofs it brought. */
export const WitnessedHead = strictObject({
  treeSize: Count,
  rootHash: Sha256,
  consistency: Type.Array(Proof, { maxItems: 16 }),
  at: UtcTime,
});
export type WitnessedHead = Static<typeof WitnessedHead>;

/**
 * What one zone remembers of the other's ledger: plain JSON, stored with the frame that brought the
 * last checkpoint. A fork, once seen, stays.
 */
export const WitnessState = strictObject({
  origin: Id128,
  zone: Type.Enum(['internal', 'dmz']),
  /** By tree size, rising; the last is the newest head. */
  heads: Type.Array(WitnessedHead),
  /** Stretches of growth nobody has proven to this witness. */
  gaps: Type.Array(strictObject({ fromSize: Count, toSize: Count, seenAt: UtcTime })),
  /** Heads that contradict an accepted one: evidence. */
  forks: Type.Array(
    strictObject({ accepted: WitnessedHead, offered: WitnessedHead, seenAt: UtcTime }),
  ),
});
export type WitnessState = Static<typeof WitnessState>;

/**
 * - `VERIFIED`: the same history as every head kept, or the first head of all (`isFirst`).
 * - `UNPROVEN`: newer, but more checkpoints were lost than proofs reach back; or older than memory.
 * - `FORKED`: contradicts an accepted head. An alarm: somebody rewrote the other zone's history.
 */
export type WitnessVerdict =
  | { readonly kind: 'VERIFIED'; readonly isFirst: boolean; readonly fromSize: number }
  | { readonly kind: 'UNPROVEN'; readonly fromSize: number; readonly toSize: number }
  | { readonly kind: 'FORKED'; readonly code: 'ERR_LEDGER_FORKED'; readonly acceptedSize: number };

/** The state before the first checkpoint of a ledger. */
export function startWitness(origin: string, zone: 'internal' | 'dmz'): WitnessState {
  return { origin, zone, heads: [], gaps: [], forks: [] };
}

/**
 * Judges one checkpoint whose signature already holds; pure. Store the returned state in every case.
 *
 * @throws SallyportError ERR_LEDGER_ORIGIN when the checkpoint is of another ledger
 */
export function witnessCheckpoint(
  state: WitnessState,
  checkpoint: CheckpointRecord,
  options: { now: Date },
): { state: WitnessState; verdict: WitnessVerdict } {
  if (checkpoint.origin !== state.origin || checkpoint.zone !== state.zone)
    throw new SallyportError('ERR_LEDGER_ORIGIN');
  const { treeSize, rootHash, consistency, at } = checkpoint;
  const offered: WitnessedHead = { treeSize, rootHash, consistency: [...consistency], at };
  const links = state.heads.map((accepted) => ({ accepted, link: linkBetween(accepted, offered) }));
  const broken = links.find(({ link }) => link === 'broken');
  if (broken !== undefined) return forked(state, broken.accepted, offered, options.now);

  const newest = state.heads.at(-1);
  if (newest === undefined) return verified(state, offered, { isFirst: true, fromSize: 0 });
  const proven = links
    .filter(({ link }) => link === 'proven')
    .map(({ accepted }) => accepted.treeSize);
  if (proven.length > 0)
    return verified(state, offered, { isFirst: false, fromSize: Math.max(...proven) });
  return unproven(state, offered, newest, options.now);
}

/**
 * Closes a gap with a consistency proof that somebody carried by hand.
 *
 * @throws SallyportError ERR_LEDGER_PROOF when both ends are not kept or the proof does not hold
 */
export function proveGap(
  state: WitnessState,
  proof: { fromSize: number; toSize: number; path: readonly string[] },
): WitnessState {
  const older = state.heads.find(({ treeSize }) => treeSize === proof.fromSize);
  const newer = state.heads.find(({ treeSize }) => treeSize === proof.toSize);
  if (older === undefined || newer === undefined || !holds(older, newer, proof.path)) {
    throw new SallyportError('ERR_LEDGER_PROOF', {
      detail: { fromSize: proof.fromSize, toSize: proof.toSize },
    });
  }
  const isOpen = (gap: { fromSize: number; toSize: number }) =>
    gap.fromSize < proof.fromSize || gap.toSize > proof.toSize;
  return { ...state, gaps: state.gaps.filter(isOpen) };
}

/** @throws SallyportError ERR_RECORD_INVALID when stored JSON is not a witness state */
export function parseWitnessState(value: unknown): WitnessState {
  return parse(WitnessState, value);
}

type Link = 'proven' | 'broken' | 'unknown';

/** Whether two heads are one history, as far as either brought a proof. */
function linkBetween(a: WitnessedHead, b: WitnessedHead): Link {
  const [older, newer] = a.treeSize <= b.treeSize ? [a, b] : [b, a];
  if (older.treeSize === newer.treeSize)
    return older.rootHash === newer.rootHash ? 'proven' : 'broken';
  if (older.treeSize === 0) return holds(older, newer, []) ? 'proven' : 'broken';
  const brought = newer.consistency.find(({ fromSize }) => fromSize === older.treeSize);
  if (brought === undefined) return 'unknown';
  return holds(older, newer, brought.proof) ? 'proven' : 'broken';
}

function holds(older: WitnessedHead, newer: WitnessedHead, path: readonly string[]): boolean {
  return isConsistent({
    from: { size: older.treeSize, root: fromHex(older.rootHash) },
    to: { size: newer.treeSize, root: fromHex(newer.rootHash) },
    path: path.map((hash) => fromHex(hash)),
  });
}

function verified(
  state: WitnessState,
  offered: WitnessedHead,
  facts: { isFirst: boolean; fromSize: number },
): { state: WitnessState; verdict: WitnessVerdict } {
  return {
    state: { ...state, heads: withHead(state.heads, offered) },
    verdict: { kind: 'VERIFIED', ...facts },
  };
}

/** A newer head becomes the base of what follows, or one loss would leave the witness blind for ever. */
function unproven(
  state: WitnessState,
  offered: WitnessedHead,
  newest: WitnessedHead,
  now: Date,
): { state: WitnessState; verdict: WitnessVerdict } {
  const [fromSize, toSize] = [newest.treeSize, offered.treeSize];
  const verdict = {
    kind: 'UNPROVEN' as const,
    fromSize: Math.min(fromSize, toSize),
    toSize: Math.max(fromSize, toSize),
  };
  if (toSize < fromSize) return { state, verdict };
  const gaps = [...state.gaps, { fromSize, toSize, seenAt: now.toISOString() }];
  return { state: { ...state, heads: withHead(state.heads, offered), gaps }, verdict };
}

function forked(
  state: WitnessState,
  accepted: WitnessedHead,
  offered: WitnessedHead,
  now: Date,
): { state: WitnessState; verdict: WitnessVerdict } {
  const isKnown = state.forks.some(
    (fork) =>
      fork.offered.treeSize === offered.treeSize && fork.offered.rootHash === offered.rootHash,
  );
  const forks = isKnown
    ? state.forks
    : [...state.forks, { accepted, offered, seenAt: now.toISOString() }];
  return {
    state: { ...state, forks },
    verdict: { kind: 'FORKED', code: 'ERR_LEDGER_FORKED', acceptedSize: accepted.treeSize },
  };
}

function withHead(heads: readonly WitnessedHead[], head: WitnessedHead): WitnessedHead[] {
  if (heads.some(({ treeSize }) => treeSize === head.treeSize)) return [...heads];
  return [...heads, head].sort((a, b) => a.treeSize - b.treeSize).slice(-WITNESSED_HEADS);
}
