import { joinBlocks } from '@sallyport/media/internal/detect/join-blocks.js';
import { averageBlocks, blockGrid } from '@sallyport/media/internal/detect/blocks.js';
import { MotionDetector } from '@sallyport/media/internal/detect/motion-detector.js';
import { MotionSearch } from '@sallyport/media/internal/detect/motion-search.js';
import t from 'tap';

const WIDTH = 128;
const HEIGHT = 96;
const GRID = blockGrid({ width: WIDTH, height: HEIGHT });

function grey(paint: (luma: Uint8Array) => void = () => undefined) {
  const pixels = new Uint8Array(WIDTH * HEIGHT).fill(90);
  paint(pixels);
  const blocks = new Uint8Array(GRID.columns * GRID.rows);
  averageBlocks({ width: WIDTH, height: HEIGHT, pixels }, GRID, blocks);
  return blocks;
}

function square(x: number, y: number, side: number, value: number) {
  return (luma: Uint8Array) => {
    for (let row = y; row < y + side; row++)
      luma.fill(value, row * WIDTH + x, row * WIDTH + x + side);
  };
}

t.test('a still scene shows nothing, a figure that enters is boxed', (t) => {
  const detector = new MotionDetector(GRID);
  for (let frame = 0; frame < 10; frame++)
    t.same(detector.see(grey(square(10, 10, 30, 120)), frame * 80), []);
  const [figure] = detector.see(grey(square(60, 40, 24, 200)), 800);
  t.ok(figure !== undefined);
  const seen = detector.see(grey(square(64, 40, 24, 200)), 880);
  t.ok(seen.some((box) => box.left <= 64 && box.top <= 40 && box.right >= 88 && box.bottom >= 64));
  t.end();
});

t.test('noise of the camera is not a figure', (t) => {
  const detector = new MotionDetector(GRID);
  let state = 7;
  const noise = (luma: Uint8Array) => {
    for (let at = 0; at < luma.length; at++) {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
      luma[at] = 85 + ((state >>> 20) % 11);
    }
  };
  let seen = 0;
  for (let frame = 0; frame < 30; frame++) seen += detector.see(grey(noise), frame * 80).length;
  t.equal(seen, 0);
  t.end();
});

t.test('who stands still for a few seconds after walking is still seen', (t) => {
  const detector = new MotionDetector(GRID);
  detector.see(grey(), 0);
  let seen = 0;
  for (let frame = 1; frame <= 60; frame++)
    seen += detector.see(grey(square(50, 40, 24, 200)), frame * 80).length > 0 ? 1 : 0;
  t.equal(seen, 60);
  t.end();
});

t.test('when the whole picture changes all of it is masked, then the new scene is learned', (t) => {
  const detector = new MotionDetector(GRID);
  const light = grey((luma) => luma.fill(200));
  detector.see(grey(), 0);
  const [all] = detector.see(light, 80);
  t.match(all, { left: 0, top: 0, right: WIDTH, bottom: HEIGHT });
  t.same(detector.see(light, 160), []);
  t.end();
});

t.test('who stands in the first frame and leaves is seen from the first frame on', (t) => {
  const search = new MotionSearch(GRID);
  const known = [];
  for (let frame = 0; frame < 40; frame++)
    known.push(...search.add(grey(frame < 10 ? square(50, 40, 24, 200) : undefined), frame * 80));
  t.same(known, [], 'held back until the scene is known');
  known.push(...search.finish());
  t.equal(known.length, 40);
  for (const { atMs, sightings } of known) t.equal(sightings.length > 0, atMs < 800, `${atMs} ms`);
  t.end();
});

t.test('blocks that lie near each other are one figure', (t) => {
  const columns = 8;
  const changed = new Uint8Array(64);
  for (const at of [0, 2, 18, 63]) changed[at] = 1;
  t.match(joinBlocks(changed, columns, 8), [
    { left: 0, top: 0, right: 3, bottom: 3, blocks: 3 },
    { left: 7, top: 7, blocks: 1 },
  ]);
  t.end();
});
