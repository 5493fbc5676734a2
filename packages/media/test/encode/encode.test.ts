import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ProbeReport } from '@sallyport/contracts';
import { readCodecString } from '@sallyport/media/internal/encode/codec-string.js';
import { encodeArguments, FrameEncoder } from '@sallyport/media/internal/encode/encode.js';
import { h264Level } from '@sallyport/media/internal/encode/level.js';
import t from 'tap';
import { ffprobe, folder, packetTimesMs } from '../support/clips.ts';

const probe: ProbeReport = {
  container: 'mov',
  codec: 'h264',
  width: 64,
  height: 48,
  codedWidth: 64,
  codedHeight: 48,
  rotation: 0,
  pixelFormat: 'yuv420p',
  bitDepth: 8,
  chroma: '4:2:0',
  fullRange: false,
  colourSpace: 'bt709',
  sampleAspect: { numerator: 1, denominator: 1 },
  averageRate: 25,
  sizeBytes: 1,
  audioStreams: 0,
  otherStreams: 0,
};
const picture = { width: 64, height: 48, probe };
const timeBase = { numerator: 1, denominator: 90_000 };
const pixels = new Uint8Array((64 * 48 * 3) / 2).fill(100);

t.test('asks the encoder for exactly this', (t) => {
  t.equal(
    encodeArguments(picture, timeBase).join(' '),
    '-an -sn -dn -map_metadata -1 -map_chapters -1 -fflags +bitexact' +
      ' -fps_mode passthrough -enc_time_base -1 -video_track_timescale 90000' +
      ' -c:v libx264 -preset veryfast -crf 21 -pix_fmt yuv420p -profile:v high -level:v 3.0 -bf 0 -g 600' +
      ' -x264-params scenecut=0:open-gop=0 -forced-idr 1' +
      ' -force_key_frames expr:if(isnan(prev_forced_t),1,gte(t-prev_forced_t,1))' +
      ' -color_range tv -colorspace bt709 -bsf:v filter_units=remove_types=6' +
      ' -movflags +empty_moov+default_base_moof+frag_keyframe -f mp4',
  );
  t.end();
});

t.test('the level follows picture and rate', (t) => {
  t.equal(h264Level(1280, 720, 25), '3.1');
  t.equal(h264Level(1920, 1080, 25), '4.0');
  t.equal(h264Level(3840, 2160, 30), '5.1');
  t.end();
});

t.test('uneven times come out as they went in, in fragments of about a second', async (t) => {
  const file = join(folder(t), 'clip.mp4');
  const encoder = new FrameEncoder(file, picture, undefined);
  const times = [0, 3600, 7300, 20_000, 95_000, 99_000, 190_000, 400_000, 403_600];
  for (const pts of times) await encoder.write(pixels, pts, timeBase);
  await encoder.finish();
  t.same(
    packetTimesMs(file),
    times.map((pts) => Math.round(pts / 90)),
  );
  const keys = ffprobe(['-select_streams', 'v', '-show_entries', 'packet=flags', file]).match(/K/g);
  t.equal(keys?.length, 4, 'a fragment begins at 0, 95000, 190000 and 400000');
  t.match(await readCodecString(file), /^avc1\.64001e$/);
});

t.test('a dead encoder is an error at once, never a wait', async (t) => {
  const dir = folder(t);
  mkdirSync(join(dir, 'taken.mp4'));
  const encoder = new FrameEncoder(join(dir, 'taken.mp4'), picture, undefined);
  const startedAt = performance.now();
  await t.rejects(
    async () => {
      for (let frame = 0; frame < 2000; frame++)
        await encoder.write(pixels, frame * 3600, timeBase);
      await encoder.finish();
    },
    { name: 'SallyportError', code: 'ERR_MEDIA_ENCODE_FAILED' },
  );
  t.ok(performance.now() - startedAt < 10_000);
});

t.test('an encoder killed in mid-stream fails the next writes', async (t) => {
  const file = join(folder(t), 'clip.mp4');
  const encoder = new FrameEncoder(file, picture, undefined);
  await encoder.write(pixels, 0, timeBase);
  encoder.abort();
  await t.rejects(
    async () => {
      for (let frame = 1; frame < 5000; frame++)
        await encoder.write(pixels, frame * 3600, timeBase);
      await encoder.finish();
    },
    { code: 'ERR_MEDIA_ENCODE_FAILED' },
  );
});

t.test('no frame makes no clip', async (t) => {
  const file = join(folder(t), 'clip.mp4');
  await t.rejects(new FrameEncoder(file, picture, undefined).finish(), {
    code: 'ERR_MEDIA_ENCODE_FAILED',
  });
  t.notOk(existsSync(file));
});
