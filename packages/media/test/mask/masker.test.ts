import { MASK_STYLES, type MaskPlan, type MaskStyle, type MaskTrack } from '@sallyport/contracts';
import { Masker } from '@sallyport/media/internal/mask/masker.js';
import type { Picture } from '@sallyport/media/internal/mask/swatch.js';
import { toMaskTrack } from '@sallyport/media/internal/track/to-mask-track.js';
import t from 'tap';

const WIDTH = 192;
const HEIGHT = 96;
const SIDE = 40;
const FRAMES = 60;

/** What is finer than the cells of a mask, and would make a face recognisable. */
const DETAIL = texture([
  [40, 0.5, 0.3],
  [35, -0.2, 0.55],
  [30, 0.6, -0.1],
]);
/** A face is here that detail over light and shadow, which a mosaic does show. */
const SHADES = texture([[50, 0.12, 0.07]]);
const FACE = DETAIL.map((value, at) => 128 + value + (SHADES[at] ?? 0));
/** It moves by fractions of a pixel, as an attack on a mosaic needs it to. */
const placeAt = (frame: number) => ({ x: 20 + frame * 1.37, y: 24 + 6 * Math.sin(frame / 5) });

t.test('averaging the aligned masked frames of a track brings nothing of the face back', (t) => {
  for (const style of MASK_STYLES)
    for (const shape of ['box', 'ellipse'] as const) {
      const leak = Math.abs(likenessToFace(averageOf(maskedFrames(style, shape))));
      t.ok(leak < 0.15, `${style}, ${shape}: ${leak.toFixed(3)}`);
    }
  t.end();
});

t.test('the same attack reads a mosaic that is made anew in every frame', (t) => {
  const frames = Array.from({ length: FRAMES }, (_, frame) => naiveMosaic(pictureAt(frame)));
  const leak = likenessToFace(averageOf(frames));
  t.ok(leak > 0.3, `so the test above can fail: ${leak.toFixed(3)}`);
  t.end();
});

/** Squares of the mean of what is under them, five across the face. */
function naiveMosaic({ width, height, pixels }: Picture): Picture {
  const cell = SIDE / 5;
  const mosaic = pixels.slice();
  for (let top = 0; top < height; top += cell)
    for (let left = 0; left < width; left += cell) {
      let sum = 0;
      for (let at = 0; at < cell * cell; at++)
        sum += pixels[(top + Math.floor(at / cell)) * width + left + (at % cell)] ?? 0;
      for (let y = top; y < top + cell; y++)
        mosaic.fill(sum / (cell * cell), y * width + left, y * width + left + cell);
    }
  return { width, height, pixels: mosaic };
}

function maskedFrames(style: MaskStyle, shape: 'box' | 'ellipse'): Picture[] {
  const masker = new Masker(planOf(style, shape));
  return Array.from({ length: FRAMES }, (_, frame) => {
    const picture = pictureAt(frame);
    masker.mask(picture, frame * 40);
    return picture;
  });
}

function pictureAt(frame: number): Picture {
  const pixels = new Uint8Array((WIDTH * HEIGHT * 3) / 2).fill(128);
  const { x: left, y: top } = placeAt(frame);
  for (let y = Math.ceil(top); y < top + SIDE - 1; y++)
    for (let x = Math.ceil(left); x < left + SIDE - 1; x++)
      pixels[y * WIDTH + x] = sample(FACE, SIDE, x - left, y - top);
  return { width: WIDTH, height: HEIGHT, pixels };
}

function planOf(style: MaskStyle, shape: 'box' | 'ellipse'): MaskPlan {
  const frameTimes = Array.from({ length: FRAMES }, (_, frame) => frame * 40);
  const sightings = frameTimes.map((atMs, frame) => {
    const { x, y } = placeAt(frame);
    // A detector trembles, and the mask's grid with it.
    const left = x + ((frame * 7) % 5) - 2;
    const top = y + ((frame * 3) % 4) - 2;
    return { frame, atMs, confidence: 1, left, top, right: left + SIDE, bottom: top + SIDE };
  });
  const durationMs = FRAMES * 40;
  const clip = { width: WIDTH, height: HEIGHT, durationMs, frameTimes, scaleX: 1, scaleY: 1 };
  const linked = { kind: 'face', sightings, speedX: 0, speedY: 0 } as const;
  const track: MaskTrack | null = toMaskTrack(linked, '0'.repeat(32), clip);
  if (track === null) throw new Error('no track');
  return {
    version: 1,
    width: WIDTH,
    height: HEIGHT,
    durationMs,
    style,
    shape,
    targets: ['face'],
    tracks: [track],
    doubts: [],
    watermark: { kind: 'none', reason: 'not built' },
  };
}

/** What an attacker gets who knows exactly where the face is in each frame. */
function averageOf(frames: readonly Picture[]): Float64Array {
  const sum = new Float64Array(SIDE * SIDE);
  for (const [frame, picture] of frames.entries()) {
    const { x: left, y: top } = placeAt(frame);
    for (let at = 0; at < sum.length; at++)
      sum[at] =
        (sum[at] ?? 0) +
        sample(picture.pixels, WIDTH, left + (at % SIDE), top + Math.floor(at / SIDE)) /
          frames.length;
  }
  return sum;
}

/** Correlation with the face's detail, both without what is larger than a fifth of it. */
function likenessToFace(picture: Float64Array): number {
  const detail = withoutCells(picture);
  const face = withoutCells(DETAIL);
  let both = 0;
  let own = 1e-9;
  let all = 0;
  for (const [at, value] of detail.entries()) {
    both += value * (face[at] ?? 0);
    own += value * value;
    all += (face[at] ?? 0) ** 2;
  }
  return both / Math.sqrt(own * all);
}

function withoutCells(picture: Float64Array): Float64Array {
  const cell = SIDE / 5;
  const means = new Float64Array(25);
  const cellOf = (at: number) =>
    5 * Math.floor(Math.floor(at / SIDE) / cell) + Math.floor((at % SIDE) / cell);
  for (const [at, value] of picture.entries())
    means[cellOf(at)] = (means[cellOf(at)] ?? 0) + value / (cell * cell);
  return picture.map((value, at) => value - (means[cellOf(at)] ?? 0));
}

function texture(waves: readonly (readonly [number, number, number])[]): Float64Array {
  return Float64Array.from({ length: SIDE * SIDE }, (_, at) => {
    const x = at % SIDE;
    const y = Math.floor(at / SIDE);
    return waves.reduce((sum, [size, a, b]) => sum + size * Math.sin(a * x + b * y), 0);
  });
}

function sample(pixels: ArrayLike<number>, stride: number, x: number, y: number): number {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const at = top * stride + left;
  const upper = mix(pixels[at] ?? 0, pixels[at + 1] ?? pixels[at] ?? 0, x - left);
  const below = at + stride;
  const lower = mix(pixels[below] ?? upper, pixels[below + 1] ?? pixels[below] ?? upper, x - left);
  return mix(upper, lower, y - top);
}

function mix(from: number, to: number, share: number): number {
  return from + (to - from) * share;
}
