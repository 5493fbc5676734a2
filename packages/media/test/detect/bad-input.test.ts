// Clips at the edges of what a control centre has: each is searched, masked and checked, or named.
import { join } from 'node:path';
import { detectTracks, redactFile } from '@sallyport/media';
import t from 'tap';
import { folder, H264, makeClip, walker } from '../support/clips.ts';

const modelDirectory = process.env['SALLYPORT_MODELS'];
const footage = process.env['SALLYPORT_FOOTAGE'];
const needsModels = modelDirectory === undefined && 'SALLYPORT_MODELS is not set';
const needsBoth =
  modelDirectory === undefined || footage === undefined
    ? 'SALLYPORT_MODELS and SALLYPORT_FOOTAGE are not set'
    : false;
t.test('one frame is a clip', async (t) => {
  const dir = folder(t);
  const file = makeClip(join(dir, 'one.mp4'), [...walker(0.1, '320x240', 10), ...H264]);
  const report = await redactFile(file, join(dir, 'out.mp4'), {
    targets: ['motion', 'plate'],
    style: 'blur',
  });
  t.match(report, { clip: { frameCount: 1, width: 320, height: 240 }, check: { passed: true } });
  t.match(report.coverage, { frameCount: 1, searchedFrames: 1 });
});

t.test(
  'a clip without a face is said to have none, and is exported',
  { skip: needsModels },
  async (t) => {
    const dir = folder(t);
    const file = makeClip(join(dir, 'none.mp4'), [...walker(0.5, '320x240', 10), ...H264]);
    const options = { targets: ['face'], style: 'mosaic', modelDirectory } as const;
    const report = await redactFile(file, join(dir, 'out.mp4'), options);
    t.same(report.tracks, []);
    t.match(report.check, { passed: true, residual: { targets: ['face'], seenInMasks: 0 } });
  },
);

t.test('4K is searched in parts', { skip: needsModels }, async (t) => {
  const dir = folder(t);
  const source = ['-f', 'lavfi', '-i', 'testsrc2=s=3840x2160:r=10:d=0.3'];
  const file = makeClip(join(dir, '4k.mp4'), [...source, ...H264]);
  const detection = await detectTracks(file, { targets: ['face', 'motion'], modelDirectory });
  t.match(detection, { frameCount: 3, probe: { width: 3840, height: 2160 } });
  t.ok(detection.doubts.some(({ kind }) => kind === 'small-figure-limit'));
});

t.test(
  'a face that fills the picture is found, and one cut by its edge',
  { skip: needsBoth },
  async (t) => {
    const dir = folder(t);
    const group = join(footage ?? '', 'walk-group-close.mp4');
    const find = async (name: string, crop: string) => {
      const filter = `crop=${crop},scale=-2:720,format=yuv420p`;
      const options = ['-i', group, '-frames:v', '3', '-an', '-vf', filter];
      const file = makeClip(join(dir, `${name}.mp4`), [...options, ...H264]);
      const { tracks } = await detectTracks(file, { targets: ['face'], modelDirectory });
      return tracks.map(({ keyframes }) => keyframes[0]);
    };
    const full = await find('full', '66:84:292:92');
    t.ok(
      full.some((key) => (key?.height ?? 0) > 500),
      'the whole head, 720 pixels high',
    );
    const cut = await find('cut', '160:170:322:60');
    t.ok(
      cut.some((key) => key?.x === 0 && key.height > 200),
      'half of a head at the left edge',
    );
  },
);
