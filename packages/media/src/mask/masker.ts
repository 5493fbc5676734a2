import type { MaskPlan } from '@sallyport/contracts';
import { PlanCursor, type ActiveMask } from './boxes-at.ts';
import { paintSwatch, takeSwatch, type Picture, type Swatch } from './swatch.ts';

/** Masks the frames of one clip, in order, in place. */
export class Masker {
  readonly #plan: MaskPlan;
  readonly #cursor: PlanCursor;
  #swatches = new Map<string, Swatch>();
  /** How many frames each track masked. */
  readonly maskedFrames = new Map<string, number>();

  constructor(plan: MaskPlan) {
    this.#plan = plan;
    this.#cursor = new PlanCursor(plan.tracks);
  }

  /** @returns the masks painted, in the order painted: a later one covers an earlier one */
  mask(picture: Picture, atMs: number): ActiveMask[] {
    const active = this.#cursor.at(atMs);
    const swatches = new Map<string, Swatch>();
    // All colours are taken before anything is painted, so that no mask shows another one.
    for (const { track, box } of active)
      swatches.set(
        track.trackId,
        this.#swatches.get(track.trackId) ?? takeSwatch(picture, box, this.#plan.style),
      );
    for (const { track, box } of active) {
      const swatch = swatches.get(track.trackId);
      if (swatch !== undefined) paintSwatch(picture, box, swatch);
      this.maskedFrames.set(track.trackId, (this.maskedFrames.get(track.trackId) ?? 0) + 1);
    }
    this.#swatches = swatches;
    return active;
  }
}
