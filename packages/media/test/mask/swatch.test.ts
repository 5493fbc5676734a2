import type { MaskBox, MaskStyle } from '@sallyport/contracts';
import { outlineOf } from '@sallyport/media/internal/mask/outline.js';
import { paintSwatch } from '@sallyport/media/internal/mask/paint.js';
import {
  alignBox,
  gridOf,
  takeSwatch,
  type Picture,
} from '@sallyport/media/internal/mask/swatch.js';
import fc from 'fast-check';
import t from 'tap';

const WIDTH = 96;
const HEIGHT = 64;

t.test('no mask has more than five cells across', (t) => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4000 }),
      fc.integer({ min: 1, max: 4000 }),
      (width, height) => {
        const { columns, rows } = gridOf({ width, height });
        return columns >= 1 && rows >= 1 && columns <= 5 && rows <= 5;
      },
    ),
  );
  t.end();
});

t.test('masked pixels do not depend on detail below the cell size', (t) => {
  const box = { x: 10, y: 6, width: 60, height: 50 };
  for (const style of ['mosaic', 'blur', 'solid'] as const) {
    const smooth = scene();
    const detailed = scene();
    addDetail(detailed, box);
    t.not(Buffer.compare(smooth.pixels, detailed.pixels), 0, 'the sources differ');
    cover(smooth, box, style);
    cover(detailed, box, style);
    t.same(inside(smooth, box), inside(detailed, box), style);
  }
  t.end();
});

t.test('every pixel of the box is overwritten, and no other', (t) => {
  fc.assert(
    fc.property(
      fc.record({
        x: fc.integer({ min: 0, max: WIDTH - 4 }),
        y: fc.integer({ min: 0, max: HEIGHT - 4 }),
        width: fc.integer({ min: 1, max: WIDTH }),
        height: fc.integer({ min: 1, max: HEIGHT }),
      }),
      (free) => {
        const box = {
          ...free,
          width: Math.min(free.width, WIDTH - free.x),
          height: Math.min(free.height, HEIGHT - free.y),
        };
        const picture: Picture = {
          width: WIDTH,
          height: HEIGHT,
          pixels: new Uint8Array((WIDTH * HEIGHT * 3) / 2).fill(200),
        };
        cover(picture, box, 'solid');
        for (let y = 0; y < HEIGHT; y++)
          for (let x = 0; x < WIDTH; x++) {
            const covered =
              x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height;
            const near =
              x >= box.x - 1 && x <= box.x + box.width && y >= box.y - 1 && y <= box.y + box.height;
            const value = picture.pixels[y * WIDTH + x];
            if ((covered && value !== 16) || (!near && value !== 200)) return false;
          }
        return true;
      },
    ),
    { numRuns: 200 },
  );
  t.end();
});

t.test('colours are quantised: a small change of brightness shows nothing', (t) => {
  const box = { x: 0, y: 0, width: 50, height: 50 };
  const values = new Set<number>();
  for (let value = 60; value < 200; value++) {
    const picture: Picture = {
      width: WIDTH,
      height: HEIGHT,
      pixels: new Uint8Array((WIDTH * HEIGHT * 3) / 2).fill(value),
    };
    values.add(takeSwatch(picture, box, 'mosaic').luma[0] ?? 0);
  }
  t.ok(values.size <= 7, `${values.size} steps of brightness`);
  t.end();
});

function cover(picture: Picture, box: MaskBox, style: MaskStyle): void {
  const aligned = alignBox(box, picture);
  const outline = outlineOf({ box, margin: { x: 0, y: 0 } }, 'box', picture);
  paintSwatch(picture, aligned, takeSwatch(picture, aligned, style), style, outline);
}

function scene(): Picture {
  const pixels = new Uint8Array((WIDTH * HEIGHT * 3) / 2).fill(128);
  for (let y = 0; y < HEIGHT; y++) for (let x = 0; x < WIDTH; x++) pixels[y * WIDTH + x] = 60 + x;
  return { width: WIDTH, height: HEIGHT, pixels };
}

/** Stripes that leave the mean of every pair of pixels, and so of every cell, as it was. */
function addDetail(
  picture: Picture,
  box: { x: number; y: number; width: number; height: number },
): void {
  for (let y = box.y; y < box.y + box.height; y++)
    for (let x = box.x; x < box.x + box.width; x += 2) {
      const at = y * WIDTH + x;
      picture.pixels[at] = (picture.pixels[at] ?? 0) + 25;
      picture.pixels[at + 1] = (picture.pixels[at + 1] ?? 0) - 25;
    }
}

function inside(
  picture: Picture,
  box: { x: number; y: number; width: number; height: number },
): number[] {
  const values: number[] = [];
  for (let y = box.y; y < box.y + box.height; y++)
    values.push(...picture.pixels.subarray(y * WIDTH + box.x, y * WIDTH + box.x + box.width));
  return values;
}
