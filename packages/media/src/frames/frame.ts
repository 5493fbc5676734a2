import type { TimeBase } from '../nut/nut-format.ts';

/** A stretch of a recording in milliseconds from its first frame; `toMs` is not part of it. */
export interface MediaRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * One decoded frame. `pixels` is one of a few buffers used in turn: it is valid until two more frames were asked for.
 * Planes lie one after another without padding.
 */
export interface Frame {
  readonly index: number;
  /** Ticks of `timeBase` since the first frame of the range. */
  readonly pts: number;
  /** Whole milliseconds since the first frame of the range, rounded; mask plans speak this time. */
  readonly ptsMs: number;
  readonly timeBase: TimeBase;
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** Bytes of an 8-bit 4:2:0 picture with even sides. */
export function i420Size(width: number, height: number): number {
  return width * height + 2 * (width >> 1) * (height >> 1);
}

export function even(side: number): number {
  return side + (side & 1);
}

/**
 * Copies an 8-bit 4:2:0 picture of any size into one with even sides, repeating its last column and row.
 * Chroma planes of odd pictures already cover the added pixel.
 */
export function padToEven(
  source: Uint8Array,
  width: number,
  height: number,
  target: Uint8Array,
): void {
  const wide = even(width);
  const tall = even(height);
  for (let row = 0; row < tall; row++) {
    const from = Math.min(row, height - 1) * width;
    target.set(source.subarray(from, from + width), row * wide);
    if (wide !== width) target[row * wide + width] = source[from + width - 1] ?? 0;
  }
  const chroma = 2 * (wide >> 1) * (tall >> 1);
  target.set(source.subarray(width * height, width * height + chroma), wide * tall);
}
