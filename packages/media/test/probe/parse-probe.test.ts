import { parseProbe } from '@sallyport/media/internal/probe/parse-probe.js';
import t from 'tap';

const stream = {
  index: 0,
  codec_type: 'video',
  codec_name: 'h264',
  width: 640,
  height: 360,
  pix_fmt: 'yuv420p',
  avg_frame_rate: '25/1',
};

function parsed(change: object) {
  return parseProbe(
    JSON.stringify({ streams: [{ ...stream, ...change }], format: {} }),
    'mov',
    1000,
  ).report;
}

t.test('a turned picture swaps its sides', (t) => {
  const report = parsed({ side_data_list: [{ rotation: -90 }] });
  t.match(report, { width: 360, height: 640, codedWidth: 640, codedHeight: 360, rotation: -90 });
  t.match(parsed({ tags: { rotate: '180' } }), { width: 640, height: 360, rotation: 180 });
  t.end();
});

t.test('depth and colour resolution come from the pixel format', (t) => {
  t.match(parsed({ pix_fmt: 'yuv422p10le' }), { bitDepth: 10, chroma: '4:2:2' });
  t.match(parsed({ pix_fmt: 'yuv444p' }), { bitDepth: 8, chroma: '4:4:4' });
  t.match(parsed({ pix_fmt: 'yuvj420p' }), { fullRange: true, chroma: '4:2:0' });
  t.match(parsed({ pix_fmt: 'gray' }), { chroma: '4:0:0' });
  t.end();
});

t.test('what is missing or strange is an error, never a default', (t) => {
  for (const change of [{ width: 0 }, { width: -1 }, { height: 'tall' }, { pix_fmt: undefined }])
    t.throws(() => parsed(change), { code: 'ERR_MEDIA_UNREADABLE' }, JSON.stringify(change));
  for (const json of ['', '[]', '{"streams":[]}', 'null'])
    t.throws(() => parseProbe(json, 'mov', 1), { code: 'ERR_MEDIA_UNREADABLE' }, json);
  t.throws(() => parsed({ codec_name: 'vp9' }), { code: 'ERR_MEDIA_CODEC_UNSUPPORTED' });
  t.throws(() => parsed({ width: 8000, height: 8000 }), { code: 'ERR_MEDIA_TOO_LARGE' });
  t.throws(() => parsed({ codec_type: 'audio' }), { code: 'ERR_MEDIA_NOT_VIDEO' });
  t.throws(() => parsed({ disposition: { attached_pic: 1 } }), { code: 'ERR_MEDIA_NOT_VIDEO' });
  t.end();
});
