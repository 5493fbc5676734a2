import type { MaskBox, MaskCheck, MaskPlan } from '@sallyport/contracts';
import { decodeFrames } from '../frames/decode.ts';
import type { Frame, MediaRange } from '../frames/frame.ts';
import { renderShape } from '../frames/shapes.ts';
import { pictureMaker } from '../frames/picture.ts';
import { probeFile } from '../probe/probe.ts';
import { reporter, type MediaTask } from '../task.ts';
import { FlatnessCheck } from './flatness-check.ts';
import { Masker, type PaintedMask } from './masker.ts';
import type { ResidualSearch } from './residual-search.ts';
import type { Picture } from './swatch.ts';

type Fault = MaskCheck['faults'][number];
const MAX_FAULTS = 100;
const NO_TRACK = '0'.repeat(32);
/** Mean change of luma below which a box has nothing to hide: masking it changes less than the codec does. */
const NOTHING_HIDDEN = 3;
const CODEC_TIME_TOLERANCE_MS = 2;
/** Pixels up to which all of a box are compared. */
const SMALL_BOX = 4096;

interface CheckOptions extends MediaTask {
  readonly range?: MediaRange | undefined;
  /** Sees the finished frames, too. */
  readonly residual?: ResidualSearch | undefined;
}

/**
 * Looks at a rendered clip beside its source, frame by frame, and says whether every mask of the plan hides
 * what is under it. Under a mask
 * - each cell must be flat, in a blur an even slope (its luma deviates by no more than the codec's noise);
 * - the picture must be nearer to the mask that belongs there than to the source;
 * - a cell must look the same in every frame of its track; a solid mask must be black.
 *
 * @returns faults for a clip that leaks, never an exception; `passed` is false when frames are missing or added
 * @throws SallyportError when either file cannot be read, or `ERR_MEDIA_CANCELLED`
 */
export async function checkMasked(
  source: string,
  output: string,
  plan: MaskPlan,
  options: CheckOptions = {},
): Promise<MaskCheck> {
  const { signal, range } = options;
  const original = await probeFile(source, { signal });
  const rendered = await probeFile(output, { signal });
  const originals = decodeFrames(original, { shape: renderShape(original.report), signal, range });
  const outputs = decodeFrames(rendered, { shape: renderShape(rendered.report), signal });
  const evenPicture = pictureMaker(original.report);
  const report = reporter('check', plan.durationMs, options.onProgress);
  const check = new ClipCheck(plan);
  try {
    for await (const frame of originals) {
      const next = await outputs.next();
      if (next.done === true) {
        check.add({ atMs: frame.ptsMs, trackId: NO_TRACK, fault: 'frame-missing' });
        break;
      }
      const masks = check.compare(frame, evenPicture(frame), next.value);
      await options.residual?.look({ ...next.value, atMs: frame.ptsMs }, masks);
      report(frame.index + 1, frame.ptsMs);
    }
    const extra = await outputs.next();
    if (extra.done !== true)
      check.add({ atMs: extra.value.ptsMs, trackId: NO_TRACK, fault: 'frame-extra' });
  } finally {
    await originals.return();
    await outputs.return();
  }
  return check.result();
}

class ClipCheck {
  readonly #masker: Masker;
  readonly #flatness: FlatnessCheck;
  readonly #faults: Fault[] = [];
  #frames = 0;
  #before = new Uint8Array(0);

  constructor(plan: MaskPlan) {
    this.#masker = new Masker(plan);
    this.#flatness = new FlatnessCheck(plan.style);
  }

  /** @returns the masks of the frame */
  compare(frame: Frame, source: Picture, output: Frame): readonly PaintedMask[] {
    this.#frames += 1;
    if (
      Math.abs(frame.ptsMs - output.ptsMs) > CODEC_TIME_TOLERANCE_MS ||
      output.pixels.length !== source.pixels.length
    ) {
      this.add({ atMs: frame.ptsMs, trackId: NO_TRACK, fault: 'frame-missing' });
      return [];
    }
    const luma = source.width * source.height;
    if (this.#before.length !== luma) this.#before = new Uint8Array(luma);
    this.#before.set(source.pixels.subarray(0, luma));
    // From here on `source` is what the output should look like, `before` what it must not show.
    const active = this.#masker.mask(source, frame.ptsMs);
    const rendered: Picture = { width: source.width, height: source.height, pixels: output.pixels };
    for (const mask of active) {
      const fault = this.#fault(mask, active, source, rendered);
      if (fault !== null) this.add({ atMs: frame.ptsMs, trackId: mask.track.trackId, fault });
    }
    return active;
  }

  add(fault: Fault): void {
    if (this.#faults.length < MAX_FAULTS) this.#faults.push(fault);
  }

  result(): MaskCheck {
    const passed = this.#faults.length === 0 && this.#frames > 0;
    return {
      passed,
      framesChecked: this.#frames,
      cellsChecked: this.#flatness.cells,
      faults: this.#faults,
    };
  }

  #fault(
    mask: PaintedMask,
    active: readonly PaintedMask[],
    expected: Picture,
    output: Picture,
  ): Fault['fault'] | null {
    const box = mask.aligned;
    if (box.width === 0 || box.height === 0) return null;
    const change = meanChanges(this.#before, expected.pixels, output.pixels, box, expected.width);
    if (change.hidden >= NOTHING_HIDDEN && change.toMask > change.toSource) return 'detail-visible';
    return this.#flatness.fault(mask, active, output);
  }
}

/**
 * Mean absolute differences of luma inside a box: of source and mask, of mask and output, of source and output.
 * A large box is looked at in every second pixel of every second row.
 */
function meanChanges(
  source: Uint8Array,
  mask: Uint8Array,
  output: Uint8Array,
  box: MaskBox,
  stride: number,
): { hidden: number; toMask: number; toSource: number } {
  const step = box.width * box.height > SMALL_BOX ? 2 : 1;
  let hidden = 0;
  let toMask = 0;
  let toSource = 0;
  let count = 0;
  for (let y = box.y; y < box.y + box.height; y += step) {
    const line = y * stride + box.x;
    for (let at = line; at < line + box.width; at += step) {
      const before = source[at] ?? 0;
      const wanted = mask[at] ?? 0;
      const found = output[at] ?? 0;
      hidden += Math.abs(before - wanted);
      toMask += Math.abs(found - wanted);
      toSource += Math.abs(found - before);
      count += 1;
    }
  }
  return { hidden: hidden / count, toMask: toMask / count, toSource: toSource / count };
}
