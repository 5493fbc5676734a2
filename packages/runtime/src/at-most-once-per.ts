/** Does an act unless the same key was done within the period. */
export type OncePer = (key: string, now: Date, act: () => Promise<unknown>) => Promise<void>;

/**
 * For acts that a page repeats while it is open, such as noting who reads. A failed act counts as not
 * done; after a restart everything is due again. Keys are forgotten when their period ends.
 */
export function atMostOncePer(periodMs: number): OncePer {
  const doneAt = new Map<string, number>();
  return async (key, now, act) => {
    const since = now.getTime() - periodMs;
    for (const [known, at] of doneAt) if (at <= since) doneAt.delete(known);
    if (doneAt.has(key)) return;
    await act();
    doneAt.set(key, now.getTime());
  };
}
