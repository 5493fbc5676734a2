import type { Corners } from './corners.ts';
import type { MarkId } from './mark-id.ts';

/** What to read and against what. */
export interface ReadRequest {
  readonly file: string;
  /** Keys the mark may have been made with, from `deriveMarkKey`. */
  readonly keys: readonly Uint8Array[];
  /** Ids of the ledger; without them only a mark strong enough to spell its id is found. */
  readonly ids?: readonly MarkId[] | undefined;
  /** The unmarked recording the clip was cut from: what it shows is taken out before reading. */
  readonly reference?: string | undefined;
  /** The picture's corners in pixels of the clip, where it was filmed or shown in a part of the screen. */
  readonly corners?: Corners | undefined;
  /** Width ÷ height of the picture between the corners, default 16/9. */
  readonly aspect?: number | undefined;
}

export interface ReadProgress {
  readonly step: 'reference' | 'decode' | 'scan' | 'compare';
  /** Milliseconds of clip for decoding, else a share of 1. */
  readonly done: number;
}

export interface MarkSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/** An export that the clip was made from. */
export interface NamedMark {
  readonly id: string;
  /** Probability that an id that is not in the clip reaches this statistic in this reading. */
  readonly falseAlarm: number;
  readonly statistic: number;
  /** Which of the keys. */
  readonly key: number;
  readonly spans: readonly MarkSpan[];
}

export interface ReadGeometry {
  readonly kind: 'whole' | 'scaled' | 'corners';
  readonly mirrored: boolean;
  /** Shorter and longer side of the clip in chips; the whole picture's shorter side is 360. */
  readonly chipsAcross: number;
  readonly chipsDown: number;
}

/** `identified` names every export above the threshold; `indication` never names one. */
export type WatermarkReading = {
  readonly usedMs: number;
  readonly geometry: ReadGeometry;
  /** How far the pilot stood out; about 5 without any mark. */
  readonly pilot: number;
  /** Comparisons made: keys × windows × alignments × ids. */
  readonly trials: number;
  /** Largest statistic of an id that is not named; null below 4, where every list has some. */
  readonly closestOther: number | null;
} & (
  | { readonly verdict: 'identified'; readonly marks: readonly NamedMark[] }
  | { readonly verdict: 'indication'; readonly falseAlarm: number }
  | { readonly verdict: 'none' }
);
