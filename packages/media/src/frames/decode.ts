import { SallyportError, type MediaGap, type PartialMedia } from '@sallyport/contracts';
import { fileUrl, FfmpegFailure, readFromFfmpeg } from '../ffmpeg.ts';
import { NutFault, NutReader } from '../nut/nut-reader.ts';
import { VIDEO_CODECS } from '../probe/parse-probe.ts';
import { openOptions, type ProbedFile } from '../probe/probe.ts';
import type { Frame, MediaRange } from './frame.ts';

const BUFFERS = 4;
/** Without a frame for this long the tool is taken to hang. */
const STALL_MS = 60_000;

interface DecodeOptions {
  readonly range?: MediaRange | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Filters after rotation; they must give pictures of exactly this shape. */
  readonly shape: FrameShape;
}

export interface FrameShape {
  readonly filter: string;
  readonly pixelFormat: 'yuv420p' | 'gray';
  readonly width: number;
  readonly height: number;
  readonly sizeBytes: number;
}

/** Filled while the frames flow; complete when they have ended. */
export interface DecodeOutcome {
  frames: number;
  /** End of the last readable frame of the whole recording, milliseconds from its first frame. */
  readableMs: number;
  durationMs: number;
  repairedTimes: number;
  partial: PartialMedia | null;
}

/**
 * The frames of a recording, upright, in order, each with its own presentation time.
 *
 *   ffmpeg ─ NUT ─► reader ─► 4 buffers in turn ─► consumer      (memory does not grow with length)
 *
 * A damaged file yields what can be read; `outcome.partial` then says what is missing.
 *
 * @throws SallyportError `ERR_MEDIA_UNREADABLE` (no frame at all), `ERR_MEDIA_RANGE_EMPTY`, `ERR_MEDIA_STALLED`,
 * `ERR_MEDIA_DECODE_FAILED`, `ERR_MEDIA_CANCELLED`, `ERR_MEDIA_TOOL_MISSING`
 */
export async function* decodeFrames(
  source: ProbedFile,
  options: DecodeOptions,
  outcome: DecodeOutcome = newOutcome(),
): AsyncGenerator<Frame, void, undefined> {
  const { shape, range } = options;
  assertNotCancelled(options.signal);
  const run = await readFromFfmpeg({
    input: fileUrl(source.file),
    inputOptions: [...openOptions(source.container), '-codec_whitelist', VIDEO_CODECS.join(',')],
    outputOptions: decodeArguments(source.streamIndex, shape),
  });
  const watch = watchProgress(run.kill, options.signal);
  try {
    const reader = new NutReader(run.output);
    const buffers = Array.from({ length: BUFFERS }, () => new Uint8Array(shape.sizeBytes));
    const clock = new FrameClock(source.report.averageRate);
    let first: number | null = null;
    for (;;) {
      const header = await reader.next();
      watch.touch();
      if (header === null) break;
      if (header.sizeBytes !== shape.sizeBytes)
        throw new NutFault(`frame of ${header.sizeBytes} bytes`);
      const buffer = buffers[outcome.frames % BUFFERS] ?? new Uint8Array(0);
      if (!(await reader.pixels(buffer, shape.sizeBytes))) break;
      const pts = clock.take(header.pts, reader.timeBase);
      const atMs = clock.toMs(pts);
      if (range !== undefined && atMs >= range.toMs) break;
      if (range !== undefined && atMs < range.fromMs) continue;
      first ??= pts;
      const ptsMs = Math.round(clock.toMs(pts - first));
      outcome.durationMs = Math.round(clock.toMs(pts - first + clock.step));
      const { width, height } = shape;
      yield {
        index: outcome.frames,
        pts: pts - first,
        ptsMs,
        timeBase: reader.timeBase,
        width,
        height,
        pixels: buffer,
      };
      outcome.frames += 1;
      watch.touch();
    }
    watch.assertRunning();
    await finish(run.done, range !== undefined);
    settle(outcome, clock, source, range);
  } catch (fault) {
    watch.assertRunning();
    if (fault instanceof NutFault)
      throw new SallyportError(
        outcome.frames === 0 ? 'ERR_MEDIA_UNREADABLE' : 'ERR_MEDIA_DECODE_FAILED',
        {
          detail: { fault: fault.message },
          cause: fault,
        },
      );
    throw fault;
  } finally {
    watch.end();
    run.kill();
    run.output.destroy();
  }
}

export function newOutcome(): DecodeOutcome {
  return { frames: 0, readableMs: 0, durationMs: 0, repairedTimes: 0, partial: null };
}

/** The argument list is a golden in the tests. */
export function decodeArguments(streamIndex: number, shape: FrameShape): string[] {
  return [
    ...['-map', `0:${streamIndex}`, '-an', '-sn', '-dn', '-map_metadata', '-1'],
    ...['-vf', shape.filter, '-pix_fmt', shape.pixelFormat, '-c:v', 'rawvideo'],
    ...['-fps_mode', 'passthrough', '-enc_time_base', '-1', '-f', 'nut'],
  ];
}

/** A tool stopped on purpose (range reached) or ending with an error after its last good frame is no failure here. */
async function finish(done: Promise<string>, mayBeCutShort: boolean): Promise<void> {
  if (mayBeCutShort) return;
  try {
    await done;
  } catch (fault) {
    if (!(fault instanceof FfmpegFailure)) throw fault;
  }
}

function settle(
  outcome: DecodeOutcome,
  clock: FrameClock,
  source: ProbedFile,
  range: MediaRange | undefined,
): void {
  if (clock.frames === 0)
    throw new SallyportError('ERR_MEDIA_UNREADABLE', { detail: { fault: 'no frame' } });
  if (outcome.frames === 0)
    throw new SallyportError('ERR_MEDIA_RANGE_EMPTY', {
      detail: {
        fromMs: range?.fromMs ?? 0,
        toMs: range?.toMs ?? 0,
        readableMs: Math.round(clock.endMs),
      },
    });
  outcome.readableMs = Math.round(clock.endMs);
  outcome.repairedTimes = clock.repaired;
  const reachedEnd = range === undefined || clock.endMs < range.toMs;
  outcome.partial = reachedEnd ? missingPart(clock, source) : null;
}

/** Compares what the container promised with what came out; a frame or two are rounding of the container. */
function missingPart(clock: FrameClock, source: ProbedFile): PartialMedia | null {
  const { durationMs, declaredFrames, averageRate } = source.report;
  const readableMs = Math.round(clock.endMs);
  const allowedMs = Math.max(250, 2.5 * clock.toMs(clock.step));
  const tooShort = durationMs !== undefined && durationMs - readableMs > allowedMs;
  const tooFew = declaredFrames !== undefined && declaredFrames - clock.frames > 2;
  if (!tooShort && !tooFew) return null;
  // A cut AVI tells its duration from what is left of it; its frame count still tells the whole.
  const countedMs =
    tooFew && averageRate > 0 ? Math.round((1000 * declaredFrames) / averageRate) : 0;
  const declaredMs = Math.max(durationMs ?? 0, countedMs, readableMs);
  const gaps: MediaGap[] = [...clock.gaps];
  if (declaredMs - readableMs > allowedMs) gaps.push({ fromMs: readableMs, toMs: declaredMs });
  return {
    declaredMs,
    readableMs,
    ...(declaredFrames === undefined ? {} : { declaredFrames }),
    readableFrames: clock.frames,
    gaps,
  };
}

/** Keeps times rising, counts what it had to repair, and remembers where frames are missing. */
class FrameClock {
  frames = 0;
  repaired = 0;
  step = 0;
  readonly gaps: MediaGap[] = [];
  readonly #averageRate: number;
  #origin = 0;
  #last = 0;
  #msPerTick = 1;

  constructor(averageRate: number) {
    this.#averageRate = averageRate;
  }

  /** Ticks since the first frame of the recording. */
  take(pts: number, timeBase: { numerator: number; denominator: number }): number {
    this.#msPerTick = (1000 * timeBase.numerator) / timeBase.denominator;
    const usual = Math.max(1, Math.round(1000 / (this.#averageRate || 25) / this.#msPerTick));
    if (this.frames === 0) {
      this.#origin = pts;
      this.step = usual;
    }
    let since = pts - this.#origin;
    if (this.frames > 0 && since <= this.#last) {
      since = this.#last + 1;
      this.repaired += 1;
    }
    if (this.frames > 0) this.step = Math.max(1, since - this.#last);
    if (this.frames > 0 && this.step > 3 * usual && this.gaps.length < 10_000)
      this.gaps.push({
        fromMs: Math.round(this.toMs(this.#last)),
        toMs: Math.round(this.toMs(since)),
      });
    this.#last = since;
    this.frames += 1;
    return since;
  }

  toMs(ticks: number): number {
    return ticks * this.#msPerTick;
  }

  get endMs(): number {
    return this.toMs(this.#last + this.step);
  }
}

function watchProgress(kill: () => void, signal: AbortSignal | undefined) {
  let stalled = false;
  const cancel = () => {
    kill();
  };
  const arm = () =>
    setTimeout(() => {
      stalled = true;
      kill();
    }, STALL_MS);
  let timer = arm();
  signal?.addEventListener('abort', cancel, { once: true });
  return {
    touch(): void {
      clearTimeout(timer);
      timer = arm();
    },
    assertRunning(): void {
      assertNotCancelled(signal);
      if (stalled)
        throw new SallyportError('ERR_MEDIA_STALLED', {
          detail: { tool: 'ffmpeg', limitMs: STALL_MS },
        });
    },
    end(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
    },
  };
}

/** @throws SallyportError `ERR_MEDIA_CANCELLED` */
export function assertNotCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true)
    throw new SallyportError('ERR_MEDIA_CANCELLED', { cause: signal.reason });
}
