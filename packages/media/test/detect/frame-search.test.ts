import { blockGrid } from '@sallyport/media/internal/detect/blocks.js';
import { FrameSearch } from '@sallyport/media/internal/detect/frame-search.js';
import type { Detector, Look, Sighting } from '@sallyport/media/internal/detect/sighting.js';
import t from 'tap';

const WIDTH = 640;
const HEIGHT = 360;
const GRID = blockGrid({ width: WIDTH, height: HEIGHT });
const PIXELS = new Uint8Array((WIDTH * HEIGHT * 3) / 2);

function searchWith(see: (look: Look) => Sighting[]) {
  const looks: Look[] = [];
  const detector: Detector = {
    kinds: ['face'],
    isFixedSize: false,
    detect: async (_picture, look) => {
      looks.push(look);
      return see(look);
    },
    close: async () => undefined,
  };
  const size = { width: WIDTH, height: HEIGHT };
  const search = new FrameSearch(
    { networks: [detector], secondOpinion: null, motion: false },
    size,
  );
  const at = async (atMs: number, grey: Uint8Array) => {
    looks.length = 0;
    const seen = await search.search({ atMs, ...size, pixels: PIXELS }, grey);
    return { seen, looks: [...looks] };
  };
  return { at };
}

/** A scene of one grey with a lighter square of 64 pixels. */
function grey(light: number): Uint8Array {
  const blocks = new Uint8Array(GRID.columns * GRID.rows).fill(90);
  for (let row = 20; row < 36; row++)
    blocks.fill(90 + light, row * GRID.columns + 40, row * GRID.columns + 56);
  return blocks;
}

const face = (left: number): Sighting => ({
  kind: 'face',
  confidence: 0.9,
  left,
  top: 90,
  right: left + 40,
  bottom: 130,
});

t.test('what creeps in slowly adds up until its place is searched', async (t) => {
  const { at } = searchWith(() => []);
  await at(0, grey(0));
  t.same((await at(80, grey(3))).looks, []);
  t.same((await at(160, grey(6))).looks, [], 'not yet more than noise');
  const { looks } = await at(240, grey(9));
  t.equal(looks.length, 1);
  t.match(looks[0]?.area, { left: 128, top: 48, right: 256, bottom: 176 });
  t.same((await at(320, grey(9))).looks, [], 'it has been searched');
});

t.test(
  'what was seen elsewhere stays seen; what is lost in its place has all of it searched',
  async (t) => {
    let isThere = true;
    const { at } = searchWith(({ area }) => [
      ...(isThere && area.right > 200 && area.left < 180 ? [face(170)] : []),
      ...(area.right === WIDTH ? [face(560)] : []),
    ]);
    t.equal((await at(0, grey(0))).seen.length, 2);
    const moved = await at(80, grey(40));
    t.equal(moved.looks.length, 1, 'its surroundings only');
    t.equal(moved.seen.length, 2, 'and the other one as before');
    isThere = false;
    const lost = await at(160, grey(80));
    t.ok(lost.looks.length > 1);
    t.match(lost.seen, [{ left: 560 }]);
  },
);

t.test('a large place is looked at as small as the figures in it allow', async (t) => {
  const sizeOfLook = async (side: number) => {
    const known: Sighting = { ...face(160), right: 160 + side, bottom: 90 + side / 2 };
    const { at } = searchWith(() => [known]);
    await at(0, grey(0));
    const { looks } = await at(80, grey(40));
    const [{ area, longSide } = { area: face(0), longSide: 0 }] = looks;
    return longSide / Math.max(area.right - area.left, area.bottom - area.top);
  };
  t.equal(await sizeOfLook(20), 1, 'a small one is not shrunken');
  t.equal(await sizeOfLook(200), 1, 'nor is a place that is small itself');
  t.ok((await sizeOfLook(400)) < 0.9, 'a large one is');
});
