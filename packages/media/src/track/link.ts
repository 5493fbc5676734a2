import type { MaskTarget } from '@sallyport/contracts';
import { likeness, type Rectangle, type Sighting } from '../detect/sighting.ts';

/** How long a figure may be out of sight and still be the same figure. */
const MAX_GAP_MS: Record<MaskTarget, number> = {
  face: 1500,
  motion: 1000,
  plate: 1500,
  person: 1500,
  vehicle: 1500,
};
const MIN_LIKENESS = 0.15;

export interface SeenAt extends Rectangle {
  readonly frame: number;
  readonly atMs: number;
  readonly confidence: number;
  readonly disputed?: boolean;
}

/** One figure's sightings, in order, at least one. */
export interface LinkedTrack {
  readonly kind: MaskTarget;
  readonly sightings: SeenAt[];
  /** Pixels per millisecond of the last movement. */
  speedX: number;
  speedY: number;
}

/**
 * Joins sightings of successive frames into tracks by overlap with where the figure was heading. Every sighting
 * ends in exactly one track: what was seen once is masked, linked or not.
 */
export class Linker {
  readonly #open: LinkedTrack[] = [];
  readonly #closed: LinkedTrack[] = [];
  #lastMs = 0;

  add(frame: number, atMs: number, sightings: readonly Sighting[]): void {
    const stepMs = atMs - this.#lastMs;
    this.#lastMs = atMs;
    this.#close(atMs, stepMs);
    const free = new Set(sightings);
    for (const { track, sighting } of this.#pairs(sightings, atMs)) {
      const last = track.sightings.at(-1);
      if (!free.has(sighting) || last?.frame === frame) continue;
      free.delete(sighting);
      extend(track, { ...sighting, frame, atMs });
    }
    for (const sighting of free)
      this.#open.push({
        kind: sighting.kind,
        sightings: [{ ...sighting, frame, atMs }],
        speedX: 0,
        speedY: 0,
      });
  }

  finish(): LinkedTrack[] {
    return [...this.#closed, ...this.#open].sort(
      (one, other) => (one.sightings[0]?.atMs ?? 0) - (other.sightings[0]?.atMs ?? 0),
    );
  }

  #close(atMs: number, stepMs: number): void {
    for (let index = this.#open.length - 1; index >= 0; index--) {
      const track = this.#open[index];
      const last = track?.sightings.at(-1);
      if (track === undefined || last === undefined) continue;
      // Slow clips are allowed one missed frame whatever its length.
      const allowedMs = Math.max(MAX_GAP_MS[track.kind], Math.min(2.5 * stepMs, 5000));
      if (atMs - last.atMs <= allowedMs) continue;
      this.#closed.push(track);
      this.#open.splice(index, 1);
    }
  }

  /** Possible pairs, most alike first. */
  #pairs(sightings: readonly Sighting[], atMs: number) {
    return this.#open
      .flatMap((track) =>
        sightings
          .filter((sighting) => sighting.kind === track.kind)
          .map((sighting) => ({ track, sighting, value: alike(track, sighting, atMs) })),
      )
      .filter(({ value }) => value >= MIN_LIKENESS)
      .sort((one, other) => other.value - one.value);
  }
}

function alike(track: LinkedTrack, sighting: Sighting, atMs: number): number {
  const last = track.sightings.at(-1);
  if (last === undefined) return 0;
  const ahead = moved(last, track, atMs - last.atMs);
  return Math.max(likeness(ahead, sighting), likeness(last, sighting), nearness(ahead, sighting));
}

/** Small figures jump past their own box in a slow clip: near and of like size still counts, but less. */
function nearness(one: Rectangle, other: Rectangle): number {
  const side = Math.max(one.right - one.left, one.bottom - one.top);
  const otherSide = Math.max(other.right - other.left, other.bottom - other.top);
  const ratio = side / otherSide;
  if (ratio > 2 || ratio < 0.5) return 0;
  const distance = Math.hypot(
    (one.left + one.right - other.left - other.right) / 2,
    (one.top + one.bottom - other.top - other.bottom) / 2,
  );
  const reach = 1.2 * Math.max(side, otherSide);
  return distance > reach ? 0 : 0.3 * (1 - distance / reach) + 0.001;
}

/** The box after it moved on for a while, at most its own size away. */
function moved(
  box: Rectangle,
  speed: { readonly speedX: number; readonly speedY: number },
  forMs: number,
): Rectangle {
  const limit = (value: number, size: number) => Math.min(size, Math.max(-size, value));
  const x = limit(speed.speedX * forMs, box.right - box.left);
  const y = limit(speed.speedY * forMs, box.bottom - box.top);
  return { left: box.left + x, top: box.top + y, right: box.right + x, bottom: box.bottom + y };
}

function extend(track: LinkedTrack, next: SeenAt): void {
  const last = track.sightings.at(-1);
  if (last !== undefined && next.atMs > last.atMs) {
    const elapsed = next.atMs - last.atMs;
    track.speedX = (next.left + next.right - last.left - last.right) / 2 / elapsed;
    track.speedY = (next.top + next.bottom - last.top - last.bottom) / 2 / elapsed;
  }
  track.sightings.push(next);
}
