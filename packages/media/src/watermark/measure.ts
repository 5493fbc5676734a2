import { probeFile } from '../probe/probe.ts';
import { STRETCH_MS, Stretches } from './align.ts';
import { collect } from './collect.ts';
import { CHIPS_SHORT_SIDE, LEDGER, openLayout, PHASES } from './layout.ts';
import type { MarkId } from './mark-id.ts';
import { scaled, whitenedBins } from './spectrum.ts';
import { LedgerMatcher, takeReading } from './statistic.ts';
import { sizeFor } from './stretches.ts';

/** How much of a clip is measured: strength grows with the square root of time. */
const MEASURED_MS = 10_000;
/** A mark measured at this over ten seconds outlives the attacks the bench lists. */
const ENOUGH = 25;
/** Below this even the export itself is not read with certainty. */
const LEAST = 12;

export interface MarkStrength {
  /** Signal over noise of the ledger chips, in deviations; unlike the reader's statistic it has no upper end. */
  readonly measured: number;
  readonly enough: boolean;
}

/**
 * Reads the mark of an export that was just encoded: place, size and clock are known, nothing is searched.
 *
 * @throws SallyportError `ERR_MEDIA_CANCELLED` and those of probe and decoding
 */
export async function measureMark(
  file: string,
  { key, id }: { readonly key: Uint8Array; readonly id: MarkId },
  signal: AbortSignal | undefined,
): Promise<MarkStrength> {
  const source = await probeFile(file, { signal });
  const size = sizeFor(source, CHIPS_SHORT_SIDE);
  const options = { size, geometry: scaled(1), chip: 1, untilMs: MEASURED_MS };
  const { spectra } = await collect(source, options, signal, () => undefined);
  const layout = openLayout(key);
  const bins = spectra.flatMap((one) => (one === null ? [] : [whitenedBins(layout, one)]));
  const stretches = new Stretches(layout, bins);
  const alignment = { start: 0, shiftX: 0, shiftY: 0, pilot: 0 };
  const reading = takeReading(layout, stretches, 0, bins.length, alignment);
  let statistic = 0;
  new LedgerMatcher(layout).match([reading], [id], (value) => {
    statistic = value;
  });
  const chips = LEDGER * Math.min(PHASES, Math.ceil((bins.length * STRETCH_MS) / 5000));
  const agreement = Math.min(0.999, Math.max(0, statistic / Math.sqrt(chips)));
  const measured = (Math.sqrt(chips) * agreement) / Math.sqrt(1 - agreement * agreement);
  const share = Math.min(1, (bins.length * STRETCH_MS) / MEASURED_MS);
  return { measured, enough: measured >= Math.max(LEAST, ENOUGH * Math.sqrt(share)) };
}
