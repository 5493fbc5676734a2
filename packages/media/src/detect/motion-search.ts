import type { BlockGrid } from './blocks.ts';
import { MotionDetector } from './motion-detector.ts';
import { learnScene } from './scene.ts';
import type { Sighting } from './sighting.ts';

/** How much of the clip is seen before the scene without its passers-by is known. */
const LOOK_AHEAD_MS = 12_000;

/** What moved in one frame. */
interface MovedAt {
  readonly atMs: number;
  readonly sightings: Sighting[];
}

/**
 * Motion in one reading of the clip: the first seconds are held back as small grey pictures until the scene is
 * learned from them, then judged in order like everything after.
 */
export class MotionSearch {
  readonly #grid: BlockGrid;
  #waiting: { readonly atMs: number; readonly grey: Uint8Array }[] = [];
  #detector: MotionDetector | null = null;

  constructor(grid: BlockGrid) {
    this.#grid = grid;
  }

  /** @returns what is known by now: nothing during the first seconds, then all of them at once */
  add(grey: Uint8Array, atMs: number): MovedAt[] {
    if (this.#detector !== null) return [{ atMs, sightings: this.#detector.see(grey, atMs) }];
    this.#waiting.push({ atMs, grey: grey.slice() });
    return atMs < LOOK_AHEAD_MS ? [] : this.finish();
  }

  /** What was still held back when the clip ended. */
  finish(): MovedAt[] {
    const waiting = this.#waiting;
    if (waiting.length === 0) return [];
    this.#waiting = [];
    const detector = new MotionDetector(this.#grid, learnScene(waiting.map(({ grey }) => grey)));
    this.#detector = detector;
    return waiting.map(({ atMs, grey }) => ({ atMs, sightings: detector.see(grey, atMs) }));
  }
}
