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
}

/** The surface every detector has: one picture in, sightings out. */
export interface Detector {
  readonly kind: MaskTarget;
  detect(picture: DetectionPicture): Promise<Sighting[]>;
  close(): Promise<void>;
}

/** A small picture in three planes: green, blue, red. Only the used part is footage. */
export interface DetectionPicture {
  readonly atMs: number;
  readonly width: number;
  readonly height: number;
  readonly usedWidth: number;
  readonly usedHeight: number;
  readonly planes: Uint8Array;
}

export function area(box: Rectangle): number {
  return Math.max(0, box.right - box.left) * Math.max(0, box.bottom - box.top);
}

function overlapArea(one: Rectangle, other: Rectangle): number {
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
