import type { MarkId } from './mark-id.ts';
import { openMarker, SMALLEST_SIDE, STRENGTH, STRONGER, type Marker } from './marker.ts';
import { measureMark } from './measure.ts';

/** The mark an export is to carry. */
export interface WantedMark {
  /** From `deriveMarkKey`. */
  readonly key: Uint8Array;
  readonly id: MarkId;
}

/** What became of the mark. A weak one is there but may not outlive what a leak does to it. */
export type MarkOutcome =
  | { readonly kind: 'none'; readonly reason: 'not-asked' | 'picture-too-small' }
  | { readonly kind: 'applied' | 'weak'; readonly strength: number; readonly measured: number };

/**
 * Renders with the mark, reads it back from the encoded file, and renders once more, stronger, where it is too weak.
 *
 * @param render makes the file anew; `null` leaves the picture unmarked
 */
export async function renderWithMark<T>(
  wanted: WantedMark | undefined,
  picture: { readonly width: number; readonly height: number },
  file: string,
  render: (marker: Marker | null) => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<{ readonly rendered: T; readonly outcome: MarkOutcome }> {
  if (wanted === undefined)
    return { rendered: await render(null), outcome: { kind: 'none', reason: 'not-asked' } };
  if (Math.min(picture.width, picture.height) < SMALLEST_SIDE)
    return { rendered: await render(null), outcome: { kind: 'none', reason: 'picture-too-small' } };
  const attempt = async (strength: number) => {
    const rendered = await render(openMarker({ ...wanted, ...picture, strength }));
    const { measured, enough } = await measureMark(file, wanted, signal);
    const kind = enough ? ('applied' as const) : ('weak' as const);
    return { rendered, outcome: { kind, strength, measured } };
  };
  const first = await attempt(STRENGTH);
  return first.outcome.kind === 'applied' ? first : attempt(STRONGER);
}
