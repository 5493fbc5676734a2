import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { previewClip, previewFrames } from '@sallyport/media';
import t from 'tap';
import { ffprobe, folder, H264, makeClip } from './support/clips.ts';

t.test('gives small pictures at the times asked for, the last one beyond the end', async (t) => {
  const file = makeClip(join(folder(t), 'a.mp4'), [
    '-f',
    'lavfi',
    '-i',
    'testsrc=s=640x360:r=10:d=1',
    ...H264,
  ]);
  const frames = await previewFrames(file, [0, 500, 99_000], { longSide: 320 });
  t.same(
    frames.map((frame) => frame.atMs),
    [0, 500, 99_000],
  );
  for (const { jpeg } of frames) {
    t.equal(jpeg.readUInt16BE(0), 0xffd8);
    t.ok(jpeg.length > 1000);
  }
  t.not(Buffer.compare(frames[0]?.jpeg ?? Buffer.alloc(0), frames[1]?.jpeg ?? Buffer.alloc(0)), 0);
});

t.test('makes a small clip of a range that a browser can play while it loads', async (t) => {
  const dir = folder(t);
  const file = makeClip(join(dir, 'a.mp4'), [
    '-f',
    'lavfi',
    '-i',
    'testsrc=s=640x360:r=10:d=2',
    ...H264,
  ]);
  const output = join(dir, 'small.mp4');
  const clip = await previewClip(file, output, {
    longSide: 320,
    range: { fromMs: 500, toMs: 1500 },
  });
  t.match(clip, { codec: /^avc1\./, width: 320, height: 180 });
  t.equal(
    ffprobe(['-count_packets', '-show_entries', 'stream=nb_read_packets', output]).trim(),
    '10',
  );
  await t.rejects(previewClip(file, join(dir, 'b.mp4'), { signal: AbortSignal.abort() }), {
    code: 'ERR_MEDIA_CANCELLED',
  });
  t.notOk(existsSync(join(dir, 'b.mp4')));
});
