import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildPlan, detectTracks, findModel, regionTrack, renderMasked } from '@sallyport/media';
import { makeClip } from '@sallyport/testkit';

// The media pass beside a plain transcode of the same clip, both measured in this run.
const SECONDS = 10;
const FRAMES_PER_SECOND = 25;
const SIZES = [
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
] as const;

const models = process.env['SALLYPORT_MODELS']; // the bench's own setting
const folder = await mkdtemp(join(tmpdir(), 'sallyport-bench-'));
try {
  console.log('clip        step                  fps   of plain transcode');
  for (const size of SIZES) await measure(size);
  if ((await findModel('face', models)) === null)
    console.log('faces: no model (set SALLYPORT_MODELS)');
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function measure({ width, height }: { width: number; height: number }): Promise<void> {
  const clip = join(folder, `${height}.mp4`);
  const seconds = SECONDS;
  await makeClip(clip, { width, height, framesPerSecond: FRAMES_PER_SECOND, seconds });
  const plain = await fps(() => transcode(clip, join(folder, `${height}-plain.mp4`)));
  row(height, 'plain transcode', plain, plain);
  const detect = async (targets: ('face' | 'motion')[]) =>
    detectTracks(clip, { targets, ...(models === undefined ? {} : { modelDirectory: models }) });
  row(height, 'find motion', await fps(() => detect(['motion'])), plain);
  if ((await findModel('face', models)) !== null) {
    row(height, 'find faces', await fps(() => detect(['face'])), plain);
  }
  const detection = await detect(['motion']);
  const { durationMs } = detection;
  const box = { x: 0, y: 0, width: width >> 2, height: height >> 2 };
  const plan = buildPlan(detection, {
    style: 'mosaic',
    extraTracks: [regionTrack(box, { durationMs, reason: 'bench' })],
  });
  const render = () => renderMasked(clip, plan, join(folder, `${height}-masked.mp4`));
  row(height, 'mask, encode, check', await fps(render), plain);
}

/** Frames of the clip per second of `act`. */
async function fps(act: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await act();
  return (SECONDS * FRAMES_PER_SECOND * 1000) / (performance.now() - startedAt);
}

function row(height: number, step: string, value: number, plain: number): void {
  console.log(
    `${`${height}p`.padEnd(12)}${step.padEnd(20)}${value.toFixed(0).padStart(5)}   ${(value / plain).toFixed(2)}`,
  );
}

async function transcode(input: string, output: string): Promise<void> {
  const options = ['-v', 'error', '-nostdin', '-y', '-i', input, '-an', '-c:v', 'libx264'];
  const child = spawn('ffmpeg', [...options, '-preset', 'veryfast', output], { stdio: 'inherit' });
  const [code] = (await once(child, 'close')) as [number | null]; // the event's documented first argument
  if (code !== 0) throw new Error('ffmpeg failed');
}
