/** Largest probability of naming an innocent export in one reading. */
export const IDENTIFIED = 1e-9;
/** Largest probability of an indication, which never names anybody. */
export const INDICATION = 1e-4;

/**
 * Probability that any of `trials` comparisons with ids that are not in the clip reaches `statistic`:
 * Hoeffding's bound for one (see `LedgerMatcher`), times their number. It holds for every clip; the Gaussian tail is smaller.
 */
export function falseAlarm(statistic: number, trials: number): number {
  if (statistic <= 0) return 1;
  return Math.min(1, Math.max(1, trials) * Math.exp((-statistic * statistic) / 2));
}

/** The statistic at which the false-alarm probability falls to `probability`. */
export function thresholdFor(probability: number, trials: number): number {
  return Math.sqrt(2 * Math.log(Math.max(1, trials) / probability));
}
