import type { ModelInput } from '@sallyport/contracts';
import { fitPicture, fittedSize } from '@sallyport/media/internal/detect/fit-picture.js';
import t from 'tap';

const WHOLE = { left: 0, top: 0, right: 64, bottom: 32 };
const input: ModelInput = {
  channels: 'rgb',
  mean: 0,
  scale: 1,
  fit: 'corner',
  fill: 114,
  size: { multipleOf: 32 },
};

/** Left half dark grey, right half strongly red. */
function picture() {
  const pixels = new Uint8Array((64 * 32 * 3) / 2).fill(128);
  for (let at = 0; at < 64 * 32; at++) pixels[at] = 81;
  const chroma = 64 * 32;
  for (let y = 0; y < 16; y++)
    for (let x = 16; x < 32; x++) {
      pixels[chroma + y * 32 + x] = 90;
      pixels[chroma + 32 * 16 + y * 32 + x] = 240;
    }
  return { atMs: 0, width: 64, height: 32, pixels };
}

t.test(
  'a network gets its channels in its own order, and filling where there is no picture',
  (t) => {
    const size = fittedSize({ ...WHOLE, right: 40 }, 64, input);
    t.same(size, { width: 64, height: 32, usedWidth: 40, usedHeight: 32 });
    const rgb = fitPicture(picture(), { ...WHOLE, right: 40 }, size, input, new Float32Array(0));
    const at = 16 * 64 + 36;
    const plane = 64 * 32;
    t.ok((rgb.values[at] ?? 0) > 200, 'red first');
    t.ok((rgb.values[2 * plane + at] ?? 255) < 40, 'blue last');
    t.equal(rgb.values[at + 10], 114, 'filled beside the picture');
    const blueFirst = { ...input, channels: 'bgr' as const };
    const bgr = fitPicture(picture(), WHOLE, size, blueFirst, rgb.values);
    t.ok((bgr.values[2 * plane + at] ?? 0) > 200, 'red last');
    t.equal(bgr.values, rgb.values, 'the buffer is used again');
    t.end();
  },
);

t.test('mean and scale are applied, shrinking averages', (t) => {
  const scaled: ModelInput = {
    ...input,
    mean: 127,
    scale: 1 / 128,
    size: { width: 32, height: 32 },
  };
  const size = fittedSize(WHOLE, 64, scaled);
  t.same(size, { width: 32, height: 32, usedWidth: 32, usedHeight: 16 });
  const source = picture();
  for (let at = 0; at < 64 * 32; at += 2) source.pixels[at] = 61;
  const { values, scaleX } = fitPicture(source, WHOLE, size, scaled, new Float32Array(0));
  t.equal(scaleX, 0.5);
  const grey = 1.164 * (71 - 16);
  t.ok(Math.abs((values[0] ?? 0) - (grey - 127) / 128) < 0.01);
  t.end();
});

t.test('a part is never enlarged for a network that takes any size; a stretched one is', (t) => {
  const part = { left: 10, top: 4, right: 42, bottom: 20 };
  t.same(fittedSize(part, 640, input), { width: 32, height: 32, usedWidth: 32, usedHeight: 16 });
  const stretched = { ...input, fit: 'stretch' as const, size: { width: 640, height: 480 } };
  t.match(fittedSize(part, 640, stretched), { usedWidth: 640, usedHeight: 480 });
  t.end();
});
