import { join } from 'node:path';
import t from 'tap';
import {
  buildPlan,
  deriveMarkKey,
  parseMarkId,
  probe,
  readWatermark,
  regionTrack,
  renderMasked,
} from '@sallyport/media';
import { measureMark } from '@sallyport/media/internal/watermark/measure.js';
import { ffmpeg, folder, H264, makeClip, walker } from '../support/clips.ts';

const footage = process.env['SALLYPORT_FOOTAGE'];
const watermark = {
  key: deriveMarkKey(new Uint8Array(32).fill(8), 'test', 1),
  id: parseMarkId('77aa000000000001'),
};

async function planFor(file: string, style: 'mosaic' | 'solid') {
  const report = await probe(file);
  const durationMs = report.durationMs ?? 2000;
  const box = { x: 40, y: 40, width: 120, height: 120 };
  const sign = regionTrack(box, { durationMs, reason: 'a sign' });
  const facts = { tracks: [], doubts: [], targets: [], probe: report, durationMs };
  return buildPlan(facts, { style, extraTracks: [sign] });
}

t.test(
  'a masked clip carries the mark, passes the self-check, and its strength is read back',
  { skip: footage === undefined ? 'SALLYPORT_FOOTAGE is not set' : false },
  async (t) => {
    const dir = folder(t);
    const cut = join(dir, 'cut.mp4');
    const source = join(footage ?? '', 'walk-group-720p25-audio.mp4');
    ffmpeg(['-i', source, '-t', '2', '-an', '-vf', 'scale=854:480', ...H264, cut]);
    for (const style of ['mosaic', 'solid'] as const) {
      const output = join(dir, `${style}.mp4`);
      const clip = await renderMasked(cut, await planFor(cut, style), output, { watermark });
      t.match(clip.check, { passed: true, faults: [] });
      t.match(clip.watermark, { kind: 'applied', strength: 0.6 });
    }
    const reading = await readWatermark(join(dir, 'mosaic.mp4'), { keys: [watermark.key] });
    t.match(reading, { verdict: 'identified', marks: [{ id: watermark.id }] });
    t.match(await measureMark(cut, watermark, undefined), { enough: false }, 'nothing is there');
  },
);

t.test('a mark that does not hold is made stronger once, and then said to be weak', async (t) => {
  const dir = folder(t);
  // Two frames of the strongest noise bury it.
  const source = "nullsrc=s=320x240:r=5:d=0.4,geq=lum='255*random(1)':cb=128:cr=128";
  const noise = makeClip(join(dir, 'noise.mp4'), ['-f', 'lavfi', '-i', source, ...H264]);
  const plan = await planFor(noise, 'solid');
  const clip = await renderMasked(noise, plan, join(dir, 'out.mp4'), { watermark });
  t.match(clip.watermark, { kind: 'weak', strength: 0.8 });
  t.match(clip.check, { passed: true });
});

t.test('a small picture and a render without a mark say that there is none', async (t) => {
  const dir = folder(t);
  const file = makeClip(join(dir, 'small.mp4'), [...walker(0.6, '320x180', 10), ...H264]);
  const plan = await planFor(file, 'solid');
  const small = await renderMasked(file, plan, join(dir, 'out.mp4'), { watermark });
  t.match(small.watermark, { kind: 'none', reason: 'picture-too-small' });
  const plain = await renderMasked(file, plan, join(dir, 'plain.mp4'));
  t.match(plain.watermark, { kind: 'none', reason: 'not-asked' });
});
