import { join } from 'node:path';
import type { MaskPlan, MaskTrack } from '@sallyport/contracts';
import { buildPlan, detectTracks, redactFile, regionTrack, renderMasked } from '@sallyport/media';
import type { Detector, Sighting } from '@sallyport/media/internal/detect/sighting.js';
import { ResidualSearch } from '@sallyport/media/internal/mask/residual-search.js';
import { existsSync } from 'node:fs';
import t from 'tap';
import { folder } from '../support/clips.ts';

const modelDirectory = process.env['SALLYPORT_MODELS'];
const footage = process.env['SALLYPORT_FOOTAGE'];

const FACE: Sighting = { kind: 'face', confidence: 0.9, left: 40, top: 40, right: 80, bottom: 80 };

function search(seen: readonly Sighting[], tracks: MaskTrack[] = []) {
  const plan: MaskPlan = {
    version: 1,
    width: 320,
    height: 180,
    durationMs: 2000,
    style: 'solid',
    targets: ['face'],
    tracks,
    doubts: [],
    watermark: { kind: 'none', reason: 'not built' },
  };
  const detector: Detector = {
    kinds: ['face'],
    isFixedSize: true,
    detect: async () => [...seen],
    close: async () => undefined,
  };
  return new ResidualSearch([detector], plan);
}

function frame(atMs: number) {
  return { atMs, width: 320, height: 180, pixels: new Uint8Array(320 * 180 * 1.5) };
}

function mask(x: number, y: number, side: number) {
  const track = regionTrack({ x, y, width: side, height: side }, { durationMs: 2000, reason: 'a' });
  return { track, box: { x, y, width: side, height: side }, margin: { x: 0, y: 0 } };
}

t.test('a figure outside the masks is named with time and place', async (t) => {
  const residual = search([FACE]);
  await residual.look(frame(0), [mask(30, 30, 60)]);
  await residual.look(frame(100), []);
  t.doesNotThrow(() => residual.assertCovered(), 'not every frame is searched');
  await residual.look(frame(500), [mask(70, 70, 60)]);
  t.throws(() => residual.assertCovered(), {
    code: 'ERR_MEDIA_FIGURE_UNCOVERED',
    detail: { kind: 'face', atMs: 500, x: 40, y: 40, width: 40, height: 40, confidence: 0.9 },
  });
  t.match(residual, { framesSearched: 2, seenInMasks: 1 });
});

t.test('a head seen in its own mosaic is no leak, nor is who is shown with a reason', async (t) => {
  const inside = search([FACE]);
  await inside.look(frame(0), [mask(46, 46, 30)]);
  t.doesNotThrow(() => inside.assertCovered(), 'mostly inside a mask');
  const { track } = mask(35, 35, 50);
  const shown = search([FACE], [{ ...track, decision: 'show', reason: 'the person asked for' }]);
  await shown.look(frame(0), []);
  t.doesNotThrow(() => shown.assertCovered());
});

t.test(
  'a clip with a face that its plan forgot is not released',
  {
    skip:
      modelDirectory === undefined || footage === undefined
        ? 'SALLYPORT_MODELS and SALLYPORT_FOOTAGE are not set'
        : false,
  },
  async (t) => {
    const clip = join(footage ?? '', 'walk-group-close.mp4');
    const dir = folder(t);
    const range = { fromMs: 0, toMs: 900 };
    const detection = await detectTracks(clip, { targets: ['face'], modelDirectory, range });
    const [, ...others] = detection.tracks;
    const plan = buildPlan({ ...detection, tracks: others }, { style: 'solid' });
    const output = join(dir, 'out.mp4');
    await t.rejects(renderMasked(clip, plan, output, { range, modelDirectory }), {
      code: 'ERR_MEDIA_FIGURE_UNCOVERED',
      detail: { kind: 'face' },
    });
    t.notOk(existsSync(output));
    const whole = await redactFile(clip, output, {
      targets: ['face'],
      style: 'mosaic',
      shape: 'ellipse',
      modelDirectory,
      range,
    });
    t.match(whole.check, { passed: true, residual: { targets: ['face'], framesSearched: 3 } });
  },
);
