import type { HopRow } from './table.ts';

/** What a hop may say about itself besides its time. */
export interface HopResult<T> {
  readonly value: T;
  readonly bytes?: number;
  readonly note?: string;
}

/** Runs hops one after the other, keeps their rows, and remembers which one failed. */
export interface Hops {
  readonly rows: readonly HopRow[];
  /** Set when a hop threw; the rows before it stand. */
  readonly failed: { readonly hop: string; readonly cause: unknown } | null;
  run<T>(hop: string, zone: HopRow['zone'], act: () => Promise<HopResult<T>>): Promise<T>;
}

/** `announce` is called when a hop begins, for a progress line. */
export function createHops(announce: (hop: string) => void): Hops {
  const rows: HopRow[] = [];
  let failed: Hops['failed'] = null;
  return {
    rows,
    get failed() {
      return failed;
    },
    async run(hop, zone, act) {
      announce(hop);
      const startedAt = performance.now();
      try {
        const { value, bytes = null, note = '' } = await act();
        rows.push({ hop, zone, ms: performance.now() - startedAt, bytes, note });
        return value;
      } catch (cause) {
        failed = { hop, cause };
        rows.push({ hop, zone, ms: performance.now() - startedAt, bytes: null, note: 'FAILED' });
        throw cause;
      }
    },
  };
}
