import type { ModelInput } from '@sallyport/contracts';
import type { DetectionPicture, Rectangle } from './sighting.ts';

/** A network's input and how its pixels map back: picture = area's corner + input / scale. */
export interface FittedInput {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
  readonly scaleX: number;
  readonly scaleY: number;
}

/** The sizes an area of the picture gets inside a network's input. */
export interface FittedSize {
  readonly width: number;
  readonly height: number;
  readonly usedWidth: number;
  readonly usedHeight: number;
}

/** A part of a picture is never enlarged: that finds nothing more and costs time. */
export function fittedSize(area: Rectangle, longSide: number, input: ModelInput): FittedSize {
  const wide = area.right - area.left;
  const tall = area.bottom - area.top;
  const { size } = input;
  if ('multipleOf' in size) {
    const scale = Math.min(1, longSide / Math.max(wide, tall));
    const usedWidth = Math.max(1, Math.round(wide * scale));
    const usedHeight = Math.max(1, Math.round(tall * scale));
    const whole = (side: number) => Math.ceil(side / size.multipleOf) * size.multipleOf;
    return { width: whole(usedWidth), height: whole(usedHeight), usedWidth, usedHeight };
  }
  if (input.fit === 'stretch') return { ...size, usedWidth: size.width, usedHeight: size.height };
  const scale = Math.min(size.width / wide, size.height / tall);
  const used = (side: number) => Math.max(1, Math.round(side * scale));
  return { ...size, usedWidth: used(wide), usedHeight: used(tall) };
}

/**
 * Scales a part of a 4:2:0 picture to the planar input of a network. Shrinking averages what falls on a pixel;
 * `values` is used again when it has the right length.
 */
export function fitPicture(
  picture: DetectionPicture,
  area: Rectangle,
  size: FittedSize,
  input: ModelInput,
  values: Float32Array,
): FittedInput {
  const { width, height, usedWidth, usedHeight } = size;
  const plane = width * height;
  const target = values.length === 3 * plane ? values : new Float32Array(3 * plane);
  if (usedWidth !== width || usedHeight !== height)
    target.fill((input.fill - input.mean) * input.scale);
  const scaleX = usedWidth / (area.right - area.left);
  const scaleY = usedHeight / (area.bottom - area.top);
  const columns = edges(area.left, scaleX, usedWidth, picture.width);
  const rows = edges(area.top, scaleY, usedHeight, picture.height);
  const red = input.channels === 'rgb' ? 0 : 2 * plane;
  const blue = 2 * plane - red;
  const { pixels } = picture;
  const luma = picture.width * picture.height;
  const half = picture.width >> 1;
  const { mean, scale } = input;
  for (let y = 0; y < usedHeight; y++) {
    const fromY = rows[2 * y] ?? 0;
    const toY = rows[2 * y + 1] ?? 0;
    const chromaLine = luma + (((fromY + toY - 1) >> 1) >> 1) * half;
    for (let x = 0; x < usedWidth; x++) {
      const fromX = columns[2 * x] ?? 0;
      const toX = columns[2 * x + 1] ?? 0;
      let sum = 0;
      for (let line = fromY * picture.width; line < toY * picture.width; line += picture.width)
        for (let at = line + fromX; at < line + toX; at++) sum += pixels[at] ?? 0;
      const chroma = chromaLine + (((fromX + toX - 1) >> 1) >> 1);
      // Limited-range BT.601; detectors do not tell it from BT.709.
      const light = 1.164 * (sum / ((toX - fromX) * (toY - fromY)) - 16);
      const u = (pixels[chroma] ?? 128) - 128;
      const v = (pixels[chroma + (luma >> 2)] ?? 128) - 128;
      const at = y * width + x;
      target[red + at] = (byte(light + 1.596 * v) - mean) * scale;
      target[plane + at] = (byte(light - 0.392 * u - 0.813 * v) - mean) * scale;
      target[blue + at] = (byte(light + 2.017 * u) - mean) * scale;
    }
  }
  return { width, height, values: target, scaleX, scaleY };
}

/** First and last-but-one source pixel of each target pixel along a side; always at least one pixel. */
function edges(start: number, scale: number, count: number, limit: number): Int32Array {
  const result = new Int32Array(2 * count);
  for (let at = 0; at < count; at++) {
    const from = Math.min(limit - 1, Math.max(0, Math.round(start + at / scale)));
    const to = Math.min(limit, Math.round(start + (at + 1) / scale));
    result[2 * at] = from;
    result[2 * at + 1] = Math.max(from + 1, to);
  }
  return result;
}

function byte(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
