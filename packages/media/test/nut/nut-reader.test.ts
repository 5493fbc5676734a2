import { NutFault, NutReader } from '@sallyport/media/internal/nut/nut-reader.js';
import { nutFrameHeader, nutHeader } from '@sallyport/media/internal/nut/nut-writer.js';
import fc from 'fast-check';
import t from 'tap';

const picture = {
  width: 4,
  height: 2,
  timeBase: { numerator: 1, denominator: 90_000 },
  sampleAspect: { numerator: 1, denominator: 1 },
};

t.test('times and pixels survive writing and reading, however the bytes are cut', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(2 ** 40), fc.uint8Array({ minLength: 12, maxLength: 12 })), {
        maxLength: 8,
      }),
      fc.integer({ min: 1, max: 50 }),
      async (frames, cut) => {
        const bytes = Buffer.concat([
          nutHeader(picture),
          ...frames.flatMap(([pts, pixels]) => [
            nutFrameHeader(pts, pixels.length),
            Buffer.from(pixels),
          ]),
        ]);
        const read = await readAll(pieces(bytes, cut));
        t.same(
          read,
          frames.map(([pts, pixels]) => [pts, [...pixels]]),
        );
      },
    ),
    { numRuns: 60 },
  );
});

t.test('refuses bytes that are not NUT', async (t) => {
  const reader = new NutReader(
    pieces(Buffer.from('#EXTM3U\nhttp://example.invalid/\n'.repeat(4)), 7),
  );
  await t.rejects(reader.next(), NutFault);
});

t.test('refuses a stream that ends inside a header', async (t) => {
  const bytes = nutHeader(picture).subarray(0, 60);
  await t.rejects(new NutReader(pieces(bytes, 9)).next(), NutFault);
});

t.test('says that a frame is cut short', async (t) => {
  const bytes = Buffer.concat([nutHeader(picture), nutFrameHeader(0, 12), Buffer.alloc(5)]);
  const reader = new NutReader(pieces(bytes, 64));
  t.equal((await reader.next())?.sizeBytes, 12);
  t.equal(await reader.pixels(new Uint8Array(12), 12), false);
});

async function readAll(source: AsyncIterable<Uint8Array>): Promise<[number, number[]][]> {
  const reader = new NutReader(source);
  const frames: [number, number[]][] = [];
  for (let frame = await reader.next(); frame !== null; frame = await reader.next()) {
    const pixels = new Uint8Array(frame.sizeBytes);
    await reader.pixels(pixels, frame.sizeBytes);
    frames.push([frame.pts, [...pixels]]);
  }
  return frames;
}

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) {
    await Promise.resolve();
    yield bytes.subarray(at, at + size);
  }
}
