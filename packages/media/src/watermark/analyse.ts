import { align, Stretches, STRETCH_MS, type Alignment } from './align.ts';
import type { Layout } from './layout.ts';
import { guessId, LedgerMatcher, takeReading, type Reading } from './statistic.ts';
import { mirrored, SPECTRUM_SIZE, whitenedBins, type Spectrum } from './spectrum.ts';

/** Windows of a clip: two exports joined to one clip do not hide each other. */
const WINDOW = 10_000 / STRETCH_MS;
const WINDOW_STEP = WINDOW / 2;
/** A list of this length is compared with fewer windows and alignments, to stay within the time. */
const LONG_LIST = 20_000;
/** Weaker pilots are as likely without any mark. */
const PILOT_FLOOR = 5.8;
/** Too weak for any verdict, strong enough to be worth keeping for the report. */
const KEPT_STATISTIC = 4;
const MOST_KEPT = 1000;

/** One comparison that came out high. */
export interface Match {
  readonly id: string;
  readonly statistic: number;
  readonly key: number;
  readonly mirror: boolean;
  /** How the clip was read: what the times are found from afterwards. */
  readonly stretches: Stretches;
  readonly alignment: Alignment;
}

/** All comparisons of a reading. */
export interface Tally {
  /** Comparisons made: keys × windows × alignments × ids, and the guesses. */
  trials: number;
  readonly matches: Match[];
  /** Weaker matches are not kept. */
  floor: number;
  /** The clearest pilot seen, and whether the picture was mirrored there. */
  pilot: number;
  mirror: boolean;
}

export function newTally(): Tally {
  return { trials: 0, matches: [], floor: KEPT_STATISTIC, pilot: 0, mirror: false };
}

interface Window {
  readonly layout: Layout;
  readonly key: number;
  readonly mirror: boolean;
  readonly stretches: Stretches;
  readonly from: number;
  readonly to: number;
}

/** Compares everything a geometry shows with the guesses and with `ids`. */
export async function analyse(
  spectra: readonly (Spectrum | null)[],
  layouts: readonly Layout[],
  ids: readonly string[],
  tally: Tally,
  pause: () => Promise<void>,
): Promise<void> {
  for (const [key, layout] of layouts.entries()) {
    const readings: { reading: Reading; found: Omit<Match, 'id' | 'statistic'> }[] = [];
    for (const window of windowsOf(spectra, layout, key, ids.length)) {
      await pause();
      const most = ids.length > LONG_LIST ? 4 : 24;
      const alignments = align(layout, window.stretches, window.from, window.to, most);
      const pilot = alignments[0]?.pilot ?? 0;
      if (pilot > tally.pilot) Object.assign(tally, { pilot, mirror: window.mirror });
      if (pilot < PILOT_FLOOR) continue;
      for (const alignment of alignments)
        readings.push({
          reading: takeReading(layout, window.stretches, window.from, window.to, alignment),
          found: { key, mirror: window.mirror, stretches: window.stretches, alignment },
        });
    }
    compare(layout, readings, ids, tally);
    await pause();
  }
}

function compare(
  layout: Layout,
  readings: readonly { reading: Reading; found: Omit<Match, 'id' | 'statistic'> }[],
  ids: readonly string[],
  tally: Tally,
): void {
  const matcher = new LedgerMatcher(layout);
  const keep = (statistic: number, id: string, at: number) => {
    tally.trials += 1;
    const found = readings[at]?.found;
    if (statistic < tally.floor || found === undefined) return;
    tally.matches.push({ id, statistic, ...found });
    if (tally.matches.length >= MOST_KEPT) dropWeaker(tally);
  };
  readings.forEach(({ reading }, at) => {
    const id = guessId(reading);
    if (id === null) return;
    matcher.match([reading], [id], (statistic) => {
      keep(statistic, id, at);
    });
  });
  matcher.match(
    readings.map(({ reading }) => reading),
    ids,
    keep,
  );
}

/** A long list has many that come near 4; the strongest are never dropped. */
function dropWeaker(tally: Tally): void {
  tally.matches.sort((one, other) => other.statistic - one.statistic);
  tally.matches.length = MOST_KEPT / 2;
  tally.floor = tally.matches.at(-1)?.statistic ?? tally.floor;
}

function* windowsOf(
  spectra: readonly (Spectrum | null)[],
  layout: Layout,
  key: number,
  ids: number,
): Generator<Window> {
  const count = spectra.length;
  for (const mirror of [false, true]) {
    const turned = mirror ? spectra.map((one) => (one === null ? null : mirrored(one))) : spectra;
    for (const seen of [turned, withoutMean(turned)]) {
      if (seen === null) continue;
      const stretches = new Stretches(
        layout,
        seen.map((one) => whitenedBins(layout, one ?? EMPTY)),
      );
      yield { layout, key, mirror, stretches, from: 0, to: count };
      if (count < WINDOW * 1.5) continue;
      const step = ids > LONG_LIST ? WINDOW : WINDOW_STEP;
      for (let from = 0; from < count; from += step) {
        const to = Math.min(count, from + WINDOW);
        if (to - from >= WINDOW / 2) yield { layout, key, mirror, stretches, from, to };
        if (to === count) break;
      }
    }
  }
}

const EMPTY: Spectrum = {
  re: new Float32Array(SPECTRUM_SIZE),
  im: new Float32Array(SPECTRUM_SIZE),
};
/** A still picture is the same in every epoch, the mark is not: from two epochs on the mean is the picture. */
const MEAN_FROM = 20;

function withoutMean(spectra: readonly (Spectrum | null)[]): (Spectrum | null)[] | null {
  const seen = spectra.filter((one) => one !== null);
  if (seen.length < MEAN_FROM) return null;
  const re = new Float32Array(SPECTRUM_SIZE);
  const im = new Float32Array(SPECTRUM_SIZE);
  for (const one of seen)
    for (let at = 0; at < SPECTRUM_SIZE; at++) {
      re[at] = (re[at] ?? 0) + (one.re[at] ?? 0) / seen.length;
      im[at] = (im[at] ?? 0) + (one.im[at] ?? 0) / seen.length;
    }
  return spectra.map((one) =>
    one === null
      ? null
      : {
          re: one.re.map((value, at) => value - (re[at] ?? 0)),
          im: one.im.map((value, at) => value - (im[at] ?? 0)),
        },
  );
}
