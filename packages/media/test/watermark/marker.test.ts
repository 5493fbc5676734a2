import t from 'tap';
import { deriveMarkKey, openMarker, parseMarkId } from '@sallyport/media';

const key = deriveMarkKey(new Uint8Array(32).fill(3), 'test', 1);
const id = parseMarkId('00000000deadbeef');

/** A soft wave with a flat bright half. */
function picture(width: number, height: number): Uint8Array {
  return Uint8Array.from({ length: width * height }, (_, at) => {
    const x = at % width;
    const y = Math.floor(at / width);
    return x > width / 2 ? 180 : 90 + 40 * Math.sin(x / 9) * Math.cos(y / 13);
  });
}

function change(before: Uint8Array, after: Uint8Array): { mean: number; decibels: number } {
  let sum = 0;
  let squares = 0;
  before.forEach((value, at) => {
    const step = (after[at] ?? 0) - value;
    sum += step;
    squares += step * step;
  });
  return {
    mean: sum / before.length,
    decibels: 10 * Math.log10(255 ** 2 / (squares / before.length)),
  };
}

t.test('the mark is faint, keeps the mean, and is the same for the same key and id', async (t) => {
  for (const [width, height] of [
    [640, 360],
    [426, 240],
    [362, 480],
  ] as const) {
    const before = picture(width, height);
    const after = before.slice();
    openMarker({ key, id, width, height }).mark(after, 0);
    const { mean, decibels } = change(before, after);
    t.ok(decibels > 45 && decibels < 56, `${width}×${height}: ${decibels.toFixed(1)} dB`);
    t.ok(Math.abs(mean) < 0.05, 'no brightening');
    const again = before.slice();
    openMarker({ key, id, width, height }).mark(again, 0);
    t.ok(Buffer.compare(again, after) === 0, 'the same again');
    const other = before.slice();
    openMarker({ key, id: parseMarkId('00000000deadbeee'), width, height }).mark(other, 0);
    t.ok(Buffer.compare(other, after) !== 0, 'another id is another mark');
  }
});

t.test('black and white stay within a byte', async (t) => {
  for (const level of [0, 255]) {
    const luma = new Uint8Array(640 * 360).fill(level);
    openMarker({ key, id, width: 640, height: 360, strength: 1.5 }).mark(luma, 0);
    t.ok(
      luma.every((value) => Math.abs(value - level) < 30),
      `no wrap around at ${level}`,
    );
  }
});

t.test('the tile passes from one epoch to the next in small steps', async (t) => {
  const marker = openMarker({ key, id, width: 640, height: 360 });
  const flat = new Uint8Array(640 * 360).fill(120);
  let last: Uint8Array | null = null;
  let largest = 0;
  for (let at = 4200; at <= 5200; at += 40) {
    const luma = flat.slice();
    marker.mark(luma, at);
    if (last !== null) largest = Math.max(largest, 1 / 10 ** (change(last, luma).decibels / 20));
    last = luma;
  }
  // A hard change of tiles would be about 1.4 times the mark itself.
  const marked = flat.slice();
  openMarker({ key, id, width: 640, height: 360 }).mark(marked, 0);
  const whole = 1 / 10 ** (change(flat, marked).decibels / 20);
  t.ok(largest < 0.7 * whole, `${(largest / whole).toFixed(2)} of the mark`);
  t.ok(largest > 0, 'it does move');
});

t.test('a picture too small to carry the mark is refused', async (t) => {
  t.throws(() => openMarker({ key, id, width: 160, height: 120 }), {
    code: 'ERR_WATERMARK_TOO_SMALL',
  });
  t.throws(() => parseMarkId('123'), { code: 'ERR_WATERMARK_ID' });
});
