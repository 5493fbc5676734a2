/** How far clock-ahead moves a clock: one day past the story's play period. */
export const DAYS_AHEAD_MS = 91 * 86_400_000;
