import { SallyportError } from '@sallyport/contracts';
import type { Frame } from './frame.ts';
import { startSequence, trackFrame, type SequenceState } from './sequence/tracker.ts';
import type { ArrivedFrame, RefusedFile, SpoolReceiver } from './spool/receiver.ts';

export interface DrainOptions {
  readonly receiver: SpoolReceiver;
  /** The stored state of a sender, null before its first frame. */
  readonly loadState: (senderId: string) => Promise<SequenceState | null>;
  /**
   * Does what the body asks and stores `next`, in ONE transaction. Throwing leaves the frame in the
   * spool for a later pass; a body that can never be applied must be recorded as refused instead.
   */
  readonly apply: (frame: Frame, next: SequenceState) => Promise<void>;
  /** Told of every file that was not taken, for the ledger and the transfer log. */
  readonly refused: (file: RefusedFile) => Promise<void>;
  /** Told of every frame whose `apply` threw. */
  readonly failed: (frame: Frame, cause: unknown) => Promise<void>;
  readonly now: () => Date;
  readonly window?: number;
  readonly signal?: AbortSignal;
}

/** What one pass over the spool came to. */
export interface DrainResult {
  readonly applied: number;
  readonly duplicates: number;
  readonly refused: number;
  readonly failed: number;
}

/**
 * One pass over a lane's spool: each frame is applied at most once and its file removed only after
 * that, so a crash at any moment repeats a file, never an effect.
 *
 * @throws SallyportError ERR_LANE_SPOOL_READ, ERR_LANE_SPOOL_WRITE; whatever `loadState` throws
 */
export async function drainLane(options: DrainOptions): Promise<DrainResult> {
  const result = { applied: 0, duplicates: 0, refused: 0, failed: 0 };
  for await (const arrival of options.receiver.receive(options.signal)) {
    if (arrival.kind === 'refused') {
      await options.refused(arrival);
      result.refused += 1;
    } else {
      result[await settleFrame(arrival, options)] += 1;
    }
  }
  return result;
}

async function settleFrame(
  arrival: ArrivedFrame,
  options: DrainOptions,
): Promise<keyof DrainResult> {
  const { frame } = arrival;
  const { senderId } = frame.header;
  const state = (await options.loadState(senderId)) ?? startSequence(senderId, frame.header.epoch);
  const verdict = trackFrame(state, frame.header, trackOptions(options));
  if (verdict.kind === 'duplicate') {
    await arrival.done();
    return 'duplicates';
  }
  if (verdict.kind === 'refused') {
    const { epoch, seq } = frame.header;
    const file = await arrival.refuse(new SallyportError(verdict.code, { detail: { epoch, seq } }));
    if (file !== null) await options.refused(file);
    return 'refused';
  }
  try {
    await options.apply(frame, verdict.state);
  } catch (cause) {
    await options.failed(frame, cause);
    return 'failed';
  }
  await arrival.done();
  return 'applied';
}

function trackOptions(options: DrainOptions): { now: Date; window?: number } {
  return options.window === undefined
    ? { now: options.now() }
    : { now: options.now(), window: options.window };
}
