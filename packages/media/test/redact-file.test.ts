import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parse, RedactionReport } from '@sallyport/contracts';
import { parseTracks, redactFile, regionTrack } from '@sallyport/media';
import t from 'tap';
import { folder, H264, makeClip, walker } from './support/clips.ts';

const modelDirectory = process.env['SALLYPORT_MODELS'];
const footage = process.env['SALLYPORT_FOOTAGE'];

t.test('motion and hand-placed tracks are masked, and the report says so', async (t) => {
  const dir = folder(t);
  const file = makeClip(join(dir, 'in.mp4'), [...walker(2, '320x180', 12), ...H264]);
  const sign = regionTrack(
    { x: 250, y: 120, width: 60, height: 50 },
    { durationMs: 2000, reason: 'a name plate' },
  );
  const steps = new Set<string>();
  const report = await redactFile(
    file,
    join(dir, 'out.mp4'),
    {
      targets: ['motion'],
      style: 'mosaic',
      tracks: parseTracks(JSON.stringify({ tracks: [sign] })),
    },
    { onProgress: (progress) => steps.add(progress.step) },
  );
  t.doesNotThrow(
    () => parse(RedactionReport, JSON.parse(JSON.stringify(report))),
    'fits its schema',
  );
  t.match(report, {
    check: { passed: true },
    watermark: { kind: 'none', reason: 'not built' },
    partial: null,
  });
  t.match(
    report.tracks.find((track) => track.kind === 'region'),
    { reason: 'a name plate', maskedFrames: 24 },
  );
  t.ok(report.tracks.some((track) => track.kind === 'motion' && track.maskedFrames > 0));
  t.same([...steps].sort(), ['check', 'detect', 'render']);
});

t.test('nothing is written when faces are wanted and no model is there', async (t) => {
  const dir = folder(t);
  const file = makeClip(join(dir, 'in.mp4'), [...walker(0.4, '320x180', 10), ...H264]);
  const output = join(dir, 'out.mp4');
  await t.rejects(redactFile(file, output, { targets: ['face', 'motion'], style: 'solid' }), {
    code: 'ERR_MEDIA_MODEL_MISSING',
  });
  t.notOk(existsSync(output));
});

t.test(
  'real faces of a group are masked from the first frame to the last',
  {
    skip:
      modelDirectory === undefined || footage === undefined
        ? 'SALLYPORT_MODELS and SALLYPORT_FOOTAGE are not set'
        : false,
  },
  async (t) => {
    const output = join(folder(t), 'out.mp4');
    const report = await redactFile(join(footage ?? '', 'walk-group-close.mp4'), output, {
      targets: ['face'],
      style: 'mosaic',
      modelDirectory,
    });
    t.match(report, {
      check: { passed: true, framesChecked: 41 },
      clip: { frameCount: 41, durationMs: 3417 },
    });
    t.equal(report.tracks.filter((track) => track.maskedFrames === 41).length, 3);
    const again = await redactFile(output, join(folder(t), 'again.mp4'), {
      targets: ['face'],
      style: 'solid',
      modelDirectory,
    });
    t.equal(
      again.tracks.filter((track) => (track.lowestConfidence ?? 0) > 0.6).length,
      0,
      'no face is left to find',
    );
  },
);
