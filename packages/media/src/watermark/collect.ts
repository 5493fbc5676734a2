import type { ProbedFile } from '../probe/probe.ts';
import { STRETCH_MS } from './align.ts';
import type { Reference } from './reference.ts';
import { ResidualMaker } from './residual.ts';
import type { View } from './scan.ts';
import { foldSpectrum, type Geometry, type Spectrum } from './spectrum.ts';
import { readStretches, type StretchSize } from './stretches.ts';

/** Stretches in one view: half an epoch. */
const VIEW_STRETCHES = 5;
const MOST_KEPT_VIEWS = 24;
const VIEWS = 4;
/** The scale is not known yet: boxes between those for a whole picture and for a small cut of it. */
const VIEW_CHIP = 1.6;

interface Collecting {
  readonly size: StretchSize;
  readonly geometry: Geometry;
  /** Pixels a chip. */
  readonly chip: number;
  readonly reference?: Reference | undefined;
  /** Keep what a search of the geometry needs. */
  readonly views?: boolean | undefined;
  /** Leave out what comes after. */
  readonly untilMs?: number | undefined;
}

export interface Collected {
  /** One a stretch; null where the clip has no frame. */
  readonly spectra: (Spectrum | null)[];
  readonly views: View[];
  readonly usedMs: number;
}

/** One pass over the clip. */
export async function collect(
  source: ProbedFile,
  options: Collecting,
  signal: AbortSignal | undefined,
  onProgress: (doneMs: number) => void,
): Promise<Collected> {
  const { size, geometry, reference } = options;
  const maker = new ResidualMaker(size.width, size.height, options.chip);
  const keeper = options.views === true ? new ViewKeeper(size) : null;
  const spectra: (Spectrum | null)[] = [];
  for await (const { index, luma } of readStretches(source, size, signal)) {
    if (options.untilMs !== undefined && index * STRETCH_MS >= options.untilMs) break;
    reference?.subtract(luma);
    keeper?.add(luma);
    maker.apply(luma);
    while (spectra.length < index) spectra.push(null);
    spectra.push(foldSpectrum(luma, size.width, size.height, geometry));
    onProgress(spectra.length * STRETCH_MS);
  }
  return { spectra, views: keeper?.chosen() ?? [], usedMs: spectra.length * STRETCH_MS };
}

class ViewKeeper {
  readonly #size: StretchSize;
  readonly #maker: ResidualMaker;
  readonly #work: Float32Array;
  readonly #views: Float32Array[] = [];
  #stretches = 0;

  constructor(size: StretchSize) {
    this.#size = size;
    this.#maker = new ResidualMaker(size.width, size.height, VIEW_CHIP);
    this.#work = new Float32Array(size.width * size.height);
  }

  add(luma: Float32Array): void {
    if (this.#stretches >= MOST_KEPT_VIEWS * VIEW_STRETCHES) return;
    if (this.#stretches % VIEW_STRETCHES === 0) this.#views.push(new Float32Array(luma.length));
    this.#stretches += 1;
    this.#work.set(luma);
    this.#maker.apply(this.#work);
    const view = this.#views.at(-1);
    if (view === undefined) return;
    for (let at = 0; at < view.length; at++) view[at] = (view[at] ?? 0) + (this.#work[at] ?? 0);
  }

  /** Two views in a row from the middle of the clip, then a few spread over it. */
  chosen(): View[] {
    const count = this.#views.length;
    const middle = Math.max(0, (count >> 1) - 1);
    const spread = Array.from({ length: VIEWS - 2 }, (_, at) =>
      Math.floor((at * count) / (VIEWS - 2)),
    );
    const places = [...new Set([middle, middle + 1, ...spread])];
    return places.flatMap((at) => {
      const residual = this.#views[at];
      return residual === undefined ? [] : [{ ...this.#size, residual }];
    });
  }
}
