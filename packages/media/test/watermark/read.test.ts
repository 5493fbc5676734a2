import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import {
  deriveMarkKey,
  markFile,
  parseMarkId,
  readWatermark,
  toCorners,
  type WatermarkReading,
} from '@sallyport/media';
import { ffmpeg, folder, H264, makeClip, walker } from '../support/clips.ts';

const footage = process.env['SALLYPORT_FOOTAGE'];
const skip = footage === undefined ? 'SALLYPORT_FOOTAGE is not set' : false;
const key = deriveMarkKey(new Uint8Array(32).fill(5), 'test', 1);
const otherKey = deriveMarkKey(new Uint8Array(32).fill(6), 'test', 1);
const id = parseMarkId('5a11090000000001');
const second = parseMarkId('5a11090000000002');
const innocents = Array.from({ length: 2000 }, () => parseMarkId(randomBytes(8).toString('hex')));

const names = (reading: WatermarkReading) =>
  reading.verdict === 'identified'
    ? reading.marks.map((mark): string => mark.id)
    : [reading.verdict as string];

t.test('a marked clip and what was made of it', { skip }, async (t) => {
  const dir = folder(t);
  const source = join(footage ?? '', 'walk-group-720p25-audio.mp4');
  const cut = join(dir, 'cut.mp4');
  ffmpeg(['-i', source, '-t', '4', '-an', '-c', 'copy', cut]);
  const marked = join(dir, 'marked.mp4');
  await markFile(cut, marked, { key, id });

  await t.test('the export itself names its id without any list', async (t) => {
    const reading = await readWatermark(marked, { keys: [key] });
    t.same(names(reading), [id]);
    if (reading.verdict !== 'identified') return;
    t.match(reading.geometry, { kind: 'whole', mirrored: false });
    t.same(reading.marks[0]?.spans, [{ fromMs: 0, toMs: 4500 }]);
    t.ok((reading.marks[0]?.falseAlarm ?? 1) < 1e-20);
  });

  await t.test('two seconds of it are enough, whichever they are', async (t) => {
    const short = join(dir, 'short.mp4');
    ffmpeg(['-ss', '1.3', '-i', marked, '-t', '2', ...H264, '-crf', '20', short]);
    t.same(names(await readWatermark(short, { keys: [key] })), [id]);
  });

  await t.test('cut out, scaled and mirrored it still does, and names no innocent', async (t) => {
    const attacked = join(dir, 'attacked.mp4');
    const filter = 'crop=900:506:190:110,scale=854:480,hflip';
    ffmpeg(['-i', marked, '-vf', filter, ...H264, '-crf', '24', attacked]);
    const reading = await readWatermark(attacked, {
      keys: [otherKey, key],
      ids: [...innocents, id],
    });
    t.same(names(reading), [id]);
    t.match(reading.geometry, { kind: 'scaled', mirrored: true });
    t.ok(Math.abs(reading.geometry.chipsDown - 253) < 4, `${reading.geometry.chipsDown} chips`);
  });

  await t.test('shown in a part of a screen it is read with its corners', async (t) => {
    const screen = join(dir, 'screen.mp4');
    const filter = 'scale=960:540,pad=1280:720:130:90:color=0x303030';
    ffmpeg(['-i', marked, '-vf', filter, ...H264, '-crf', '24', screen]);
    const corners = toCorners([132, 91, 1089, 89, 1091, 631, 129, 630]);
    const reading = await readWatermark(screen, { keys: [key], ids: [id], corners });
    t.same(names(reading), [id]);
  });

  await t.test('an unmarked clip and another key give none', async (t) => {
    t.same(names(await readWatermark(cut, { keys: [key], ids: innocents })), ['none']);
    t.same(names(await readWatermark(marked, { keys: [otherKey], ids: [...innocents, id] })), [
      'none',
    ]);
  });

  await t.test('an id that is not in the clip is not named, its true one is', async (t) => {
    const reading = await readWatermark(marked, { keys: [key], ids: [...innocents, second] });
    t.same(names(reading), [id], 'spelled by the clip itself');
  });

  await t.test('two exports joined are both named, each with its time', async (t) => {
    const other = join(dir, 'other.mp4');
    const later = join(dir, 'later.mp4');
    ffmpeg(['-ss', '8', '-i', source, '-t', '14', '-an', ...H264, '-vf', 'scale=640:360', later]);
    await markFile(later, other, { key, id: second });
    const joined = join(dir, 'joined.mp4');
    const graph = '[0:v]scale=640:360,fps=25[a];[1:v]fps=25[b];[a][b]concat=n=2[out]';
    ffmpeg(['-i', marked, '-i', other, '-filter_complex', graph, '-map', '[out]', ...H264, joined]);
    const reading = await readWatermark(joined, { keys: [key], ids: [id, second, ...innocents] });
    t.same(names(reading).sort(), [id, second]);
    if (reading.verdict !== 'identified') return;
    const spans = (one: string) => reading.marks.find((mark) => mark.id === one)?.spans[0];
    t.ok((spans(id)?.toMs ?? 99_999) <= 7500, 'the first ends early');
    t.ok((spans(second)?.fromMs ?? 0) >= 2500, 'the second begins later');
  });

  await t.test('with the recording it came from, a ruined copy is read', async (t) => {
    const ruined = join(dir, 'ruined.mp4');
    ffmpeg(['-i', marked, '-vf', 'eq=brightness=0.05:contrast=1.1', ...H264, '-crf', '30', ruined]);
    const reading = await readWatermark(ruined, { keys: [key], ids: [id], reference: cut });
    t.same(names(reading), [id]);
  });

  await t.test('reading stops when nobody wants it any more', async (t) => {
    const asked = new AbortController();
    const reading = readWatermark(cut, { keys: [key] }, { signal: asked.signal });
    setTimeout(() => {
      asked.abort();
    }, 500);
    await t.rejects(reading, { code: 'ERR_MEDIA_CANCELLED' });
  });
});

t.test('what cannot carry a mark', async (t) => {
  const dir = folder(t);
  const tiny = makeClip(join(dir, 'tiny.mp4'), [...walker(1, '160x120', 10), ...H264]);
  await t.rejects(markFile(tiny, join(dir, 'out.mp4'), { key, id }), {
    code: 'ERR_WATERMARK_TOO_SMALL',
  });
  t.same(names(await readWatermark(tiny, { keys: [key], ids: innocents })), ['none']);
  const text = join(dir, 'text.mp4');
  writeFileSync(text, 'no video');
  await t.rejects(readWatermark(text, { keys: [key] }), { code: 'ERR_MEDIA_NOT_VIDEO' });
  await t.rejects(readWatermark(tiny, { keys: [] }), { code: 'ERR_WATERMARK_KEY' });
  for (const numbers of [
    [0, 0, 10, 0, 10, 10],
    [0, 0, 0, 10, 10, 10, 10, 0],
    [0, 0, 10, 0, 20, 0, 30, 0],
  ])
    t.throws(() => toCorners(numbers), { code: 'ERR_WATERMARK_CORNERS' });
});
