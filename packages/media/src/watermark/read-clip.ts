import { setImmediate } from 'node:timers/promises';
import { assertNotCancelled } from '../frames/decode.ts';
import { probeFile, type ProbedFile } from '../probe/probe.ts';
import { STRETCH_MS } from './align.ts';
import { analyse, newTally, type Match, type Tally } from './analyse.ts';
import { collect, type Collected } from './collect.ts';
import { geometryOf, refineCorners, type Corners } from './corners.ts';
import { CHIPS_SHORT_SIDE, openLayout, type Layout } from './layout.ts';
import type {
  MarkSpan,
  NamedMark,
  ReadGeometry,
  ReadProgress,
  ReadRequest,
  WatermarkReading,
} from './reading.ts';
import { Reference } from './reference.ts';
import { scanScale } from './scan.ts';
import { scaled } from './spectrum.ts';
import { LedgerMatcher, takeReading } from './statistic.ts';
import { sizeFor, type StretchSize } from './stretches.ts';
import { falseAlarm, IDENTIFIED, INDICATION } from './verdict.ts';

export interface ReadHooks {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress: (progress: ReadProgress) => void;
}

/** Rows at which a filmed picture is read: its chips are smaller than the frame's. */
const FILMED_ROWS = 480;
/** Pixels a chip in the second pass over a clip of unknown scale. */
const SECOND_CHIP = 1.1;
/** A pilot this clear at full size is the tile itself: another scale would not show it better. */
const CLEAR_PILOT = 12;
const SPAN_STRETCHES = 5;
/** A stretch of 2.5 s shows the mark from here on; whom it names is settled before. */
const SPAN_STATISTIC = 4;

/**
 * Reads a clip in this thread.
 *
 *   decode ─► half seconds ─► residual ─► spectrum of the tile ─┬─► whole picture: compare ─► verdict
 *                                                               └─► nothing: scan the scale ─► decode again ─► compare
 *
 * @throws SallyportError `ERR_MEDIA_CANCELLED` and those of probe and decoding
 */
export async function readClip(request: ReadRequest, hooks: ReadHooks): Promise<WatermarkReading> {
  const source = await probeFile(request.file, { signal: hooks.signal });
  const layouts = request.keys.map(openLayout);
  const tally = newTally();
  const reader = new ClipReader(source, layouts, request, hooks, tally);
  if (request.corners !== undefined)
    return reader.filmed(request.corners, request.aspect ?? 16 / 9);
  return reader.plain();
}

class ClipReader {
  readonly #source: ProbedFile;
  readonly #layouts: readonly Layout[];
  readonly #request: ReadRequest;
  readonly #hooks: ReadHooks;
  readonly #tally: Tally;
  #pausedAt = 0;

  constructor(
    source: ProbedFile,
    layouts: readonly Layout[],
    request: ReadRequest,
    hooks: ReadHooks,
    tally: Tally,
  ) {
    this.#source = source;
    this.#layouts = layouts;
    this.#request = request;
    this.#hooks = hooks;
    this.#tally = tally;
  }

  /** The whole picture first, any scale after. */
  async plain(): Promise<WatermarkReading> {
    const size = sizeFor(this.#source, CHIPS_SHORT_SIDE);
    const reference = await this.#reference(size);
    const whole = await this.#collect({
      size,
      geometry: scaled(1),
      chip: 1,
      reference,
      views: true,
    });
    await this.#compare(whole);
    if (reference !== undefined || this.#isNamed() || this.#tally.pilot > CLEAR_PILOT)
      return this.#conclude(whole, 'whole', size.width, size.height);
    const [best] = await scanScale(whole.views, this.#layouts, (done) => this.#pause('scan', done));
    if (best === undefined) return this.#conclude(whole, 'whole', size.width, size.height);
    const across = size.width / best.chipX;
    const down = size.height / best.chipY;
    const rows = Math.round(SECOND_CHIP * Math.min(across, down));
    const { width, height } = this.#source.report;
    const second = sizeFor(this.#source, Math.min(Math.min(width, height), rows));
    const chip = second.width / across;
    const geometry = scaled(chip, second.height / down);
    const again = await this.#collect({ size: second, geometry, chip });
    await this.#compare(again);
    return this.#conclude(again, 'scaled', across, down);
  }

  /** The picture between four corners. */
  async filmed(clicked: Corners, aspect: number): Promise<WatermarkReading> {
    const { width, height } = this.#source.report;
    const size = sizeFor(this.#source, Math.min(Math.min(width, height), FILMED_ROWS));
    const scale = size.width / width;
    const move = ({ x, y }: { x: number; y: number }) => ({ x: x * scale, y: y * scale });
    const start: Corners = [move(clicked[0]), move(clicked[1]), move(clicked[2]), move(clicked[3])];
    const first = geometryOf(start, aspect);
    const found = await this.#collect({ size, geometry: first, chip: 1, views: true });
    const corners = await refineCorners(found.views, this.#layouts, start, aspect, (done) =>
      this.#pause('scan', done),
    );
    const geometry = geometryOf(corners, aspect);
    const again = await this.#collect({ size, geometry, chip: 1 });
    await this.#compare(again);
    return this.#conclude(again, 'corners', aspect * CHIPS_SHORT_SIDE, CHIPS_SHORT_SIDE);
  }

  async #reference(size: StretchSize): Promise<Reference | undefined> {
    if (this.#request.reference === undefined) return undefined;
    const { signal, onProgress } = this.#hooks;
    const reference = new Reference(size);
    onProgress({ step: 'reference', done: 0 });
    await reference.load(await probeFile(this.#request.reference, { signal }), signal);
    return reference;
  }

  #collect(options: Parameters<typeof collect>[1]): Promise<Collected> {
    return collect(this.#source, options, this.#hooks.signal, (done) => {
      this.#hooks.onProgress({ step: 'decode', done });
    });
  }

  async #compare({ spectra }: Collected): Promise<void> {
    const ids = this.#request.ids ?? [];
    await analyse(spectra, this.#layouts, ids, this.#tally, () => this.#pause('compare', 0));
  }

  /** Lets a cancellation in, a few times a second. */
  async #pause(step: ReadProgress['step'], done: number): Promise<void> {
    const now = performance.now();
    if (now - this.#pausedAt < 100) return;
    this.#pausedAt = now;
    this.#hooks.onProgress({ step, done });
    await setImmediate();
    assertNotCancelled(this.#hooks.signal);
  }

  #isNamed(): boolean {
    const { matches, trials } = this.#tally;
    return matches.some(({ statistic }) => falseAlarm(statistic, trials) <= IDENTIFIED);
  }

  #conclude(
    { usedMs, spectra }: Collected,
    kind: ReadGeometry['kind'],
    across: number,
    down: number,
  ): WatermarkReading {
    const { trials, pilot, mirror, matches } = this.#tally;
    const best = bestOfEach(matches);
    const geometry: ReadGeometry = {
      kind,
      mirrored: best[0]?.mirror ?? mirror,
      chipsAcross: Math.round(across * 10) / 10,
      chipsDown: Math.round(down * 10) / 10,
    };
    const named = best.filter(({ statistic }) => falseAlarm(statistic, trials) <= IDENTIFIED);
    const closestOther = best[named.length]?.statistic ?? null;
    const common = { usedMs, geometry, pilot, trials, closestOther };
    if (named.length > 0) {
      const marks = named.map((match) => this.#name(match, spectra.length));
      return { ...common, verdict: 'identified', marks };
    }
    const chance = falseAlarm(best[0]?.statistic ?? 0, trials);
    if (chance <= INDICATION) return { ...common, verdict: 'indication', falseAlarm: chance };
    return { ...common, verdict: 'none' };
  }

  #name(match: Match, stretches: number): NamedMark {
    const { id, statistic, key } = match;
    const layout = this.#layouts[key];
    return {
      id,
      statistic,
      falseAlarm: falseAlarm(statistic, this.#tally.trials),
      key,
      spans: layout === undefined ? [] : spansOf(layout, match, stretches),
    };
  }
}

/** The strongest comparison of every id, strongest first. */
function bestOfEach(matches: readonly Match[]): Match[] {
  const best = new Map<string, Match>();
  for (const match of matches)
    if (match.statistic > (best.get(match.id)?.statistic ?? 0)) best.set(match.id, match);
  return [...best.values()].sort((one, other) => other.statistic - one.statistic);
}

/** Where in the clip the id is, to 2.5 seconds. */
function spansOf(layout: Layout, match: Match, count: number): MarkSpan[] {
  const matcher = new LedgerMatcher(layout);
  const spans: { fromMs: number; toMs: number }[] = [];
  for (let from = 0; from < count; from += SPAN_STRETCHES) {
    const to = Math.min(count, from + SPAN_STRETCHES);
    const reading = takeReading(layout, match.stretches, from, to, match.alignment);
    const found = { statistic: 0 };
    matcher.match([reading], [match.id], (statistic) => {
      found.statistic = statistic;
    });
    if (found.statistic < SPAN_STATISTIC) continue;
    const last = spans.at(-1);
    if (last?.toMs === from * STRETCH_MS) last.toMs = to * STRETCH_MS;
    else spans.push({ fromMs: from * STRETCH_MS, toMs: to * STRETCH_MS });
  }
  return spans.length > 0 ? spans : [{ fromMs: 0, toMs: count * STRETCH_MS }];
}
