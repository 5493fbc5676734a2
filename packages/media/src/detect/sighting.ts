import type { MaskTarget } from '@sallyport/contracts';

/** Edges in pixels of the detection picture, or of the footage where so named. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** One figure a detector saw in one frame. */
export interface Sighting extends Rectangle {
  readonly kind: MaskTarget;
  /** 0..1; a detector without a score says 1. */
  readonly confidence: number;
  /** Only the second opinion saw it. */
  readonly disputed?: boolean;
}

/** A part of the picture to search, and the longer side of what the detector gets to see of it. */
export interface Look {
  readonly area: Rectangle;
  readonly longSide: number;
}

/** The surface every detector has: one picture in, sightings out. */
export interface Detector {
  /** What it finds. */
  readonly kinds: readonly MaskTarget[];
  /** Sees the whole picture at one size: no closer looks at parts of it. */
  readonly isFixedSize: boolean;
  detect(picture: DetectionPicture, look: Look): Promise<Sighting[]>;
  close(): Promise<void>;
}

/** A picture in 4:2:0 with even sides, as the search decodes it. */
export interface DetectionPicture {
  readonly atMs: number;
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

export function area(box: Rectangle): number {
  return Math.max(0, box.right - box.left) * Math.max(0, box.bottom - box.top);
}

export function overlapArea(one: Rectangle, other: Rectangle): number {
  return area({
    left: Math.max(one.left, other.left),
    top: Math.max(one.top, other.top),
    right: Math.min(one.right, other.right),
    bottom: Math.min(one.bottom, other.bottom),
  });
}

/** Intersection over union. */
export function likeness(one: Rectangle, other: Rectangle): number {
  const shared = overlapArea(one, other);
  return shared === 0 ? 0 : shared / (area(one) + area(other) - shared);
}

/** The smallest box around both. */
export function around(one: Rectangle, other: Rectangle): Rectangle {
  return {
    left: Math.min(one.left, other.left),
    top: Math.min(one.top, other.top),
    right: Math.max(one.right, other.right),
    bottom: Math.max(one.bottom, other.bottom),
  };
}

/** Whether two boxes share anything. */
export function meets(one: Rectangle, other: Rectangle): boolean {
  return (
    one.left < other.right &&
    other.left < one.right &&
    one.top < other.bottom &&
    other.top < one.bottom
  );
}
