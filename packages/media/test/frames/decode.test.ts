import {
  closeSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import {
  decodeArguments,
  decodeFrames,
  newOutcome,
  type DecodeOutcome,
} from '@sallyport/media/internal/frames/decode.js';
import { padToEven, type MediaRange } from '@sallyport/media/internal/frames/frame.js';
import { renderShape } from '@sallyport/media/internal/frames/shapes.js';
import { probeFile } from '@sallyport/media/internal/probe/probe.js';
import t from 'tap';
import { ffmpeg, folder, H264, makeClip, packetTimesMs } from '../support/clips.ts';

const SOURCE = ['-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=25:d=2'];

t.test('asks the tool for exactly this', (t) => {
  const shape = {
    filter: 'scale=2:2',
    pixelFormat: 'yuv420p',
    width: 2,
    height: 2,
    sizeBytes: 6,
  } as const;
  t.equal(
    decodeArguments(1, shape).join(' '),
    '-map 0:1 -an -sn -dn -map_metadata -1 -vf scale=2:2 -pix_fmt yuv420p -c:v rawvideo' +
      ' -fps_mode passthrough -enc_time_base -1 -f nut',
  );
  t.end();
});

t.test('every frame of a variable-rate recording keeps its own time', async (t) => {
  const dir = folder(t);
  for (const name of ['vfr.mp4', 'vfr.mkv']) {
    const file = makeClip(join(dir, name), [
      ...SOURCE,
      // One frame in three is dropped, then the rest are pushed apart unevenly.
      ...[
        '-vf',
        "settb=1/90000,select='mod(n,3)',setpts='PTS+if(gt(N,20),0.7,0)/TB+0.01*random(1)/TB'",
      ],
      ...[
        '-fps_mode',
        'vfr',
        ...H264,
        '-bf',
        '2',
        '-enc_time_base',
        '1/90000',
        '-video_track_timescale',
        '90000',
      ],
    ]);
    const { times, outcome } = await decode(file);
    t.same(times, packetTimesMs(file), name);
    t.equal(outcome.repairedTimes, 0);
    t.ok(
      new Set(times.slice(1).map((time, index) => time - (times[index] ?? 0))).size > 3,
      'the rate does vary',
    );
  }
});

t.test('a turned phone video comes out upright', async (t) => {
  const dir = folder(t);
  const flat = makeClip(join(dir, 'flat.mp4'), [...SOURCE, '-t', '0.2', ...H264]);
  const turned = join(dir, 'turned.mp4');
  ffmpeg(['-i', flat, '-c', 'copy', '-metadata:s:v', 'rotate=90', '-y', turned]);
  const { size, report } = await decode(turned);
  t.same(size, [120, 160]);
  t.not(report.rotation, 0);
});

t.test('odd sides survive decoding; padding repeats the last column and row', async (t) => {
  const dir = folder(t);
  const file = makeClip(join(dir, 'odd.mkv'), [
    ...[
      '-f',
      'lavfi',
      '-i',
      'testsrc=s=1917x1079:r=5:d=0.4',
      '-c:v',
      'mjpeg',
      '-pix_fmt',
      'yuvj420p',
    ],
  ]);
  const { size } = await decode(file);
  t.same(size, [1917, 1079]);
  const source = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 20, 21, 22, 23, 30, 31, 32, 33]);
  const target = new Uint8Array(24);
  padToEven(source, 3, 3, target);
  t.same(
    [...target],
    [1, 2, 3, 3, 4, 5, 6, 6, 7, 8, 9, 9, 7, 8, 9, 9, 20, 21, 22, 23, 30, 31, 32, 33],
  );
});

t.test('what can be read of a truncated recording is read, and the gap is stated', async (t) => {
  const dir = folder(t);
  const kinds = [
    ['cut.mp4', [...H264, '-movflags', '+faststart']],
    ['cut.mkv', H264],
    ['cut.avi', ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p']],
  ] as const;
  for (const [name, codec] of kinds) {
    const file = makeClip(join(dir, name), [...SOURCE, ...codec]);
    truncateSync(file, Math.floor(statSync(file).size * 0.6));
    const { times, outcome } = await decode(file);
    t.ok(times.length > 10 && times.length < 50, `${name}: ${times.length} frames`);
    t.match(outcome.partial, { declaredMs: 2000, readableFrames: times.length }, name);
    t.same(outcome.partial?.gaps.at(-1), { fromMs: outcome.readableMs, toMs: 2000 }, name);
  }
});

t.test('a recording damaged in the middle goes on after the damage', async (t) => {
  const file = makeClip(join(folder(t), 'hole.mp4'), [
    ...SOURCE,
    ...H264,
    '-g',
    '1',
    '-movflags',
    '+faststart',
  ]);
  const length = statSync(file).size;
  const handle = openSync(file, 'r+');
  writeSync(
    handle,
    Buffer.alloc(Math.floor(length * 0.2)),
    0,
    Math.floor(length * 0.2),
    Math.floor(length * 0.5),
  );
  closeSync(handle);
  const { times, outcome } = await decode(file);
  t.ok(times.length < 46, `${times.length} frames`);
  t.equal(times.at(-1), 1960, 'its end is read, at its own time');
  t.match(outcome.partial, { declaredFrames: 50, readableFrames: times.length, gaps: [{}] });
});

t.test('a file without one readable frame is an error', async (t) => {
  const file = makeClip(join(folder(t), 'none.mp4'), [
    ...SOURCE,
    ...H264,
    '-movflags',
    '+faststart',
  ]);
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(0, bytes.indexOf('mdat') + 4));
  await t.rejects(decode(file), { name: 'SallyportError', code: 'ERR_MEDIA_UNREADABLE' });
});

t.test(
  'a range gives its frames, with times from its start; an empty one is refused',
  async (t) => {
    const file = makeClip(join(folder(t), 'a.mp4'), [...SOURCE, ...H264]);
    const { times } = await decode(file, { fromMs: 400, toMs: 800 });
    t.same(times, [0, 40, 80, 120, 160, 200, 240, 280, 320, 360]);
    await t.rejects(decode(file, { fromMs: 5000, toMs: 6000 }), { code: 'ERR_MEDIA_RANGE_EMPTY' });
  },
);

t.test('cancelling in mid-stream ends with its own code', async (t) => {
  const file = makeClip(join(folder(t), 'a.mp4'), [...SOURCE, ...H264]);
  const cancel = new AbortController();
  const source = await probeFile(file);
  const frames = decodeFrames(source, { shape: renderShape(source.report), signal: cancel.signal });
  await frames.next();
  cancel.abort();
  await t.rejects(
    async () => {
      for await (const frame of frames) t.ok(frame.index < 50);
    },
    { name: 'SallyportError', code: 'ERR_MEDIA_CANCELLED' },
  );
});

async function decode(file: string, range?: MediaRange) {
  const source = await probeFile(file);
  const outcome: DecodeOutcome = newOutcome();
  const times: number[] = [];
  let size = [0, 0];
  for await (const frame of decodeFrames(
    source,
    { shape: renderShape(source.report), range },
    outcome,
  )) {
    times.push(frame.ptsMs);
    size = [frame.width, frame.height];
  }
  return { times, size, outcome, report: source.report };
}
