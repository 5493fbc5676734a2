import type { MaskBox, MaskPlan } from '@sallyport/contracts';
import { PlanCursor, type ActiveMask } from './boxes-at.ts';
import { outlineOf, type Outline } from './outline.ts';
import { paintSwatch } from './paint.ts';
import { alignBox, takeSwatch, type Picture, type Swatch } from './swatch.ts';

/** A mask as it was painted: its box grown to even pixels, and what of it is covered. */
export interface PaintedMask extends ActiveMask {
  readonly aligned: MaskBox;
  readonly outline: Outline;
}

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
  mask(picture: Picture, atMs: number): PaintedMask[] {
    const { style, shape = 'box' } = this.#plan;
    const active = this.#cursor.at(atMs).map((mask) => ({
      ...mask,
      aligned: alignBox(mask.box, picture),
      outline: outlineOf(mask, shape, picture),
    }));
    const swatches = new Map<string, Swatch>();
    // All colours are taken before anything is painted, so that no mask shows another one.
    for (const { track, aligned } of active)
      swatches.set(
        track.trackId,
        this.#swatches.get(track.trackId) ?? takeSwatch(picture, aligned, style),
      );
    for (const { track, aligned, outline } of active) {
      const swatch = swatches.get(track.trackId);
      if (swatch !== undefined) paintSwatch(picture, aligned, swatch, style, outline);
      this.maskedFrames.set(track.trackId, (this.maskedFrames.get(track.trackId) ?? 0) + 1);
    }
    this.#swatches = swatches;
    return active;
  }
}
