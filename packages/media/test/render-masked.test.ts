import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { MaskStyle, MaskTrack } from '@sallyport/contracts';
import {
  buildPlan,
  checkMasked,
  manualTrack,
  probe,
  regionTrack,
  renderMasked,
} from '@sallyport/media';
import { decodeFrames } from '@sallyport/media/internal/frames/decode.js';
import { renderShape } from '@sallyport/media/internal/frames/shapes.js';
import { probeFile } from '@sallyport/media/internal/probe/probe.js';
import t from 'tap';
import { ffprobe, folder, H264, makeClip, packetTimesMs, walker } from './support/clips.ts';

/** A mask that follows the walking figure of {@link walker} (2 s, 320 wide). */
const figure = manualTrack(
  [
    { atMs: 0, x: 12, y: 32, width: 60, height: 80 },
    { atMs: 2000, x: 172, y: 32, width: 60, height: 80 },
  ],
  { fromMs: 0, toMs: 2000, reason: 'the walker' },
);

async function planFor(file: string, style: MaskStyle, tracks = [figure]) {
  const report = await probe(file);
  const facts = {
    tracks: [],
    doubts: [],
    targets: [],
    probe: report,
    durationMs: report.durationMs ?? 2000,
  };
  return buildPlan(facts, { style, extraTracks: tracks });
}

t.test('masks in every style, drops sound and metadata, keeps every time', async (t) => {
  const dir = folder(t);
  const file = makeClip(join(dir, 'source.mp4'), [
    ...['-f', 'lavfi', '-i', 'sine=d=2', ...walker(2, '320x180', 10), '-map', '0:a', ...H264],
    ...['-c:a', 'aac', '-metadata', 'title=CAM03 LOBBY'],
  ]);
  for (const style of ['mosaic', 'blur', 'solid'] as const) {
    const output = join(dir, `${style}.mp4`);
    const clip = await renderMasked(file, await planFor(file, style), output);
    t.match(clip, {
      codec: /^avc1\.[0-9a-f]{6}$/,
      frameCount: 20,
      durationMs: 2000,
      width: 320,
      height: 180,
    });
    t.match(clip.check, { passed: true, framesChecked: 20, faults: [] });
    t.equal(clip.maskedFrames.get(figure.trackId), 20);
    t.ok(clip.conversions.some((conversion) => conversion.kind === 'audio-removed'));
    t.same(packetTimesMs(output), packetTimesMs(file));
    t.equal(ffprobe(['-show_entries', 'stream=codec_type', output]).trim(), 'video');
    t.notMatch(ffprobe(['-show_entries', 'format_tags', output]), /LOBBY|Lavf/);
  }
  t.same(
    readdirSync(dir).filter((name) => name.endsWith('.part')),
    [],
  );
});

t.test('the masking check fails on a clip whose figure was left unmasked', async (t) => {
  const dir = folder(t);
  const file = makeClip(join(dir, 'source.mp4'), [...walker(2, '320x180', 10), ...H264]);
  const elsewhere = regionTrack(
    { x: 240, y: 130, width: 60, height: 40 },
    { durationMs: 2000, reason: 'a sign' },
  );
  for (const style of ['mosaic', 'blur', 'solid'] as const) {
    const output = join(dir, `${style}.mp4`);
    await renderMasked(file, await planFor(file, style, [elsewhere]), output);
    const check = await checkMasked(file, output, await planFor(file, style, [elsewhere, figure]));
    t.equal(check.passed, false, style);
    t.equal(check.faults[0]?.trackId, figure.trackId, style);
  }
});

t.test(
  'the masking check fails where a mask was too small, too late, or of the wrong style',
  async (t) => {
    const dir = folder(t);
    const file = makeClip(join(dir, 'source.mp4'), [...walker(2, '320x180', 10), ...H264]);
    const whole = await planFor(file, 'mosaic');
    const small = { ...figure, keyframes: figure.keyframes.map((key) => ({ ...key, height: 50 })) };
    const late = { ...figure, fromMs: 400 };
    for (const [name, track] of Object.entries({ small, late })) {
      const output = join(dir, `${name}.mp4`);
      await renderMasked(file, await planFor(file, 'mosaic', [track]), output);
      t.equal((await checkMasked(file, output, whole)).passed, false, name);
    }
    const output = join(dir, 'style.mp4');
    await renderMasked(file, whole, output);
    t.equal((await checkMasked(file, output, await planFor(file, 'solid'))).passed, false, 'style');
  },
);

t.test('an ellipse leaves the corners of its box and is checked like a box', async (t) => {
  const dir = folder(t);
  const file = makeClip(join(dir, 'source.mp4'), [...walker(2, '320x180', 10), ...H264]);
  const face: MaskTrack = { ...figure, kind: 'face', origin: 'detector', reason: 'detected: face' };
  for (const style of ['mosaic', 'blur'] as const) {
    const plan = { ...(await planFor(file, style, [face])), shape: 'ellipse' as const };
    const output = join(dir, `${style}.mp4`);
    const { check } = await renderMasked(file, plan, output);
    t.match(check, { passed: true, framesChecked: 20 });
    t.ok(check.cellsChecked > 20 * 5, 'the cells that lie inside are looked at');
    const box = { ...plan, shape: 'box' as const };
    t.equal((await checkMasked(file, output, box)).passed, false, 'where a box was to be masked');
    const other = style === 'mosaic' ? 'solid' : 'mosaic';
    t.equal((await checkMasked(file, output, { ...plan, style: other })).passed, false, other);
  }
});

t.test('the masking check fails on a clip with frames missing', async (t) => {
  const dir = folder(t);
  const file = makeClip(join(dir, 'source.mp4'), [...walker(2, '320x180', 10), ...H264]);
  const output = join(dir, 'short.mp4');
  await renderMasked(file, await planFor(file, 'solid'), output, {
    range: { fromMs: 0, toMs: 1000 },
  });
  const check = await checkMasked(file, output, await planFor(file, 'solid'));
  t.match(check, { passed: false, faults: [{ fault: 'frame-missing' }] });
});

t.test(
  'what a mask shows is the same in every frame, while the figure under it changes',
  async (t) => {
    const dir = folder(t);
    const file = makeClip(join(dir, 'source.mp4'), [
      ...['-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=10:d=1', ...H264],
    ]);
    const region = regionTrack(
      { x: 40, y: 20, width: 80, height: 80 },
      { durationMs: 1000, reason: 'a window' },
    );
    const output = join(dir, 'out.mp4');
    await renderMasked(file, await planFor(file, 'mosaic', [region]), output);
    const source = await probeFile(output);
    const centres = new Set<number>();
    for await (const frame of decodeFrames(source, { shape: renderShape(source.report) }))
      centres.add(Math.round((frame.pixels[28 * 160 + 48] ?? 0) / 4));
    t.ok(centres.size <= 2, 'one brightness, within the codec’s rounding');
  },
);

t.test('padding, depth, colour resolution, range and rotation are reported', async (t) => {
  const dir = folder(t);
  const file = makeClip(join(dir, 'odd.mkv'), [
    ...[
      '-f',
      'lavfi',
      '-i',
      'testsrc=s=317x179:r=10:d=0.5',
      '-c:v',
      'libx265',
      '-preset',
      'ultrafast',
    ],
    ...['-x265-params', 'log-level=error', '-pix_fmt', 'yuv444p10le'],
  ]);
  const region = regionTrack(
    { x: 297, y: 159, width: 20, height: 20 },
    { durationMs: 500, reason: 'the corner' },
  );
  const clip = await renderMasked(
    file,
    await planFor(file, 'solid', [region]),
    join(dir, 'out.mp4'),
  );
  t.match(clip, { width: 318, height: 180 });
  t.same(
    clip.conversions.map((conversion) => conversion.kind),
    ['container', 'codec', 'metadata-removed', 'padding', 'bit-depth', 'chroma'],
  );
});

t.test('a plan for another picture, or with a fault in it, renders nothing', async (t) => {
  const dir = folder(t);
  const file = makeClip(join(dir, 'source.mp4'), [...walker(0.4, '320x180', 10), ...H264]);
  const plan = await planFor(file, 'solid');
  const output = join(dir, 'out.mp4');
  await t.rejects(renderMasked(file, { ...plan, width: 640 }, output), {
    code: 'ERR_MEDIA_PLAN_MISMATCH',
  });
  const outside = {
    ...figure,
    keyframes: [{ atMs: 0, x: 300, y: 0, width: 60, height: 10, origin: 'seen' as const }],
  };
  await t.rejects(renderMasked(file, { ...plan, tracks: [outside] }, output), {
    code: 'ERR_MEDIA_PLAN_INVALID',
  });
  t.notOk(existsSync(output));
});

t.test('cancelling leaves no file behind', async (t) => {
  const dir = folder(t);
  const file = makeClip(join(dir, 'source.mp4'), [...walker(4, '640x360', 25), ...H264]);
  const cancel = new AbortController();
  const work = renderMasked(file, await planFor(file, 'solid'), join(dir, 'out.mp4'), {
    signal: cancel.signal,
  });
  setTimeout(() => {
    cancel.abort();
  }, 150);
  await t.rejects(work, { name: 'SallyportError', code: 'ERR_MEDIA_CANCELLED' });
  t.same(readdirSync(dir), ['source.mp4']);
});
