import { join } from 'node:path';
import { detectTracks } from '@sallyport/media';
import { boxAt } from '@sallyport/media/internal/mask/boxes-at.js';
import t from 'tap';
import { folder, H264, makeClip, walker } from '../support/clips.ts';

const modelDirectory = process.env['SALLYPORT_MODELS'];
const footage = process.env['SALLYPORT_FOOTAGE'];
const needsBoth =
  modelDirectory === undefined || footage === undefined
    ? 'SALLYPORT_MODELS and SALLYPORT_FOOTAGE are not set'
    : false;

t.test('a walking figure is covered in every frame it is in', async (t) => {
  const file = makeClip(join(folder(t), 'walk.mp4'), [...walker(2, '320x180', 25), ...H264]);
  const detection = await detectTracks(file, { targets: ['motion'] });
  t.match(detection, { frameCount: 50, durationMs: 2000, partial: null, models: [] });
  for (let atMs = 0; atMs < 2000; atMs += 40) {
    const x = 20 + (atMs / 1000) * 80;
    const covered = detection.tracks.some((track) => {
      if (atMs < track.fromMs || atMs > track.toMs) return false;
      const box = boxAt(track, atMs);
      return (
        box.x <= x + 2 && box.y <= 42 && box.x + box.width >= x + 38 && box.y + box.height >= 98
      );
    });
    t.ok(covered, `at ${atMs} ms`);
  }
});

t.test('faces without their model are refused, never left unmasked in silence', async (t) => {
  const dir = folder(t);
  const file = makeClip(join(dir, 'walk.mp4'), [...walker(0.4, '320x180', 10), ...H264]);
  for (const directory of [undefined, dir])
    await t.rejects(detectTracks(file, { targets: ['face'], modelDirectory: directory }), {
      name: 'SallyportError',
      code: 'ERR_MEDIA_MODEL_MISSING',
    });
});

t.test('motion and plates need no model folder', async (t) => {
  const dir = folder(t);
  const file = makeClip(join(dir, 'walk.mp4'), [...walker(0.4, '320x180', 10), ...H264]);
  for (const modelDirectory of [undefined, join(dir, 'absent')]) {
    const detection = await detectTracks(file, { targets: ['motion', 'plate'], modelDirectory });
    t.match(detection, { frameCount: 4, models: [{ name: 'plate_sallyport_v1' }] });
  }
});

t.test(
  'three people who walk towards the camera keep three face tracks',
  { skip: needsBoth },
  async (t) => {
    const detection = await detectTracks(join(footage ?? '', 'walk-group-close.mp4'), {
      targets: ['face'],
      modelDirectory,
    });
    const throughout = detection.tracks.filter((track) => track.fromMs === 0 && track.toMs >= 3300);
    t.equal(throughout.length, 3);
    for (const track of throughout)
      t.match(track, { seenFrames: 41, kind: 'face', decision: 'mask' });
    t.equal(detection.models[0]?.name, 'yunet_n_dynamic');
  },
);

t.test(
  'small faces of a shop camera are found, and the unsure ones are doubted',
  { skip: needsBoth },
  async (t) => {
    const detection = await detectTracks(join(footage ?? '', 'store-aisle-mjpeg.avi'), {
      targets: ['face'],
      modelDirectory,
    });
    t.ok(detection.tracks.length > 0);
    t.ok(detection.doubts.some((doubt) => doubt.kind === 'low-confidence'));
  },
);

t.test(
  'the person in a hall is seen moving',
  { skip: footage === undefined && 'SALLYPORT_FOOTAGE is not set' },
  async (t) => {
    const detection = await detectTracks(join(footage ?? '', 'worker-zone-mpeg4.avi'), {
      targets: ['motion'],
    });
    t.ok(detection.tracks.some((track) => track.keyframes.some((key) => key.height > 80)));
  },
);
