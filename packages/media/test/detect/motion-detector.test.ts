import { joinBlocks } from '@sallyport/media/internal/detect/join-blocks.js';
import { openMotionDetector } from '@sallyport/media/internal/detect/motion-detector.js';
import t from 'tap';

const WIDTH = 128;
const HEIGHT = 96;

function picture(atMs: number, paint: (planes: Uint8Array) => void = () => undefined) {
  const planes = new Uint8Array(3 * WIDTH * HEIGHT).fill(90);
  paint(planes);
  return { atMs, width: WIDTH, height: HEIGHT, usedWidth: WIDTH, usedHeight: HEIGHT, planes };
}

function square(x: number, y: number, side: number, value: number) {
  return (planes: Uint8Array) => {
    for (let row = y; row < y + side; row++)
      planes.fill(value, row * WIDTH + x, row * WIDTH + x + side);
  };
}

t.test('a still scene shows nothing, a figure that enters is boxed', async (t) => {
  const detector = openMotionDetector();
  for (let frame = 0; frame < 10; frame++)
    t.same(await detector.detect(picture(frame * 80, square(10, 10, 30, 120))), []);
  const [figure] = await detector.detect(picture(800, square(60, 40, 24, 200)));
  t.ok(figure !== undefined);
  const seen = await detector.detect(picture(880, square(64, 40, 24, 200)));
  t.ok(seen.some((box) => box.left <= 64 && box.top <= 40 && box.right >= 88 && box.bottom >= 64));
});

t.test('noise of the camera is not a figure', async (t) => {
  const detector = openMotionDetector();
  let state = 7;
  const noise = (planes: Uint8Array) => {
    for (let at = 0; at < planes.length; at++) {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
      planes[at] = 85 + ((state >>> 20) % 11);
    }
  };
  let seen = 0;
  for (let frame = 0; frame < 30; frame++)
    seen += (await detector.detect(picture(frame * 80, noise))).length;
  t.equal(seen, 0);
});

t.test('who stands still for a few seconds after walking is still seen', async (t) => {
  const detector = openMotionDetector();
  await detector.detect(picture(0));
  let seen = 0;
  for (let frame = 1; frame <= 60; frame++)
    seen +=
      (await detector.detect(picture(frame * 80, square(50, 40, 24, 200)))).length > 0 ? 1 : 0;
  t.equal(seen, 60);
});

t.test(
  'when the whole picture changes all of it is masked, then the new scene is learned',
  async (t) => {
    const detector = openMotionDetector();
    await detector.detect(picture(0));
    const [all] = await detector.detect(picture(80, (planes) => planes.fill(200)));
    t.match(all, { left: 0, top: 0, right: WIDTH, bottom: HEIGHT });
    t.same(await detector.detect(picture(160, (planes) => planes.fill(200))), []);
  },
);

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
