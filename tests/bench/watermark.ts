import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  deriveMarkKey,
  markFile,
  openMarker,
  parseMarkId,
  readWatermark,
  toCorners,
  type MarkId,
  type WatermarkReading,
} from '@sallyport/media';
import { ATTACKS, type Attack } from './watermark-attacks.ts';
import { measureNull } from './watermark-null.ts';

// What a mark survives, what it costs, and how near an innocent export ever comes. `quick` takes one clip and fewer ids.
const quick = process.argv.includes('quick');
const footage = process.env['SALLYPORT_FOOTAGE']; // the bench's own setting
const CLIPS = [
  { name: 'walk 720p', file: 'walk-group-720p25-audio.mp4', rows: 720 },
  { name: 'cars 1080p', file: 'cars-overhead-static.mp4', rows: 1080 },
  { name: 'room 720p', file: 'one-by-one-static.mp4', rows: 720 },
].slice(0, quick ? 1 : 3);
const SECONDS = quick ? 12 : 31;
const INNOCENTS = quick ? 2000 : 20_000;
const NULL_KEYS = quick ? 40 : 1000;
const NULL_IDS = quick ? 20_000 : 100_000;

const key = deriveMarkKey(new Uint8Array(32).fill(1), 'bench', 1);
const newMarkId = () => parseMarkId(randomBytes(8).toString('hex'));
const innocents: MarkId[] = Array.from({ length: INNOCENTS }, newMarkId);
let nearest = 0;
let failures = 0;

const folder = await mkdtemp(join(tmpdir(), 'sallyport-bench-'));
try {
  measureCost();
  if (footage === undefined) console.log('attacks: no footage (set SALLYPORT_FOOTAGE)');
  else for (const clip of CLIPS) await measureClip(clip, join(footage, clip.file));
  console.log(`nearest innocent of all readings: ${nearest.toFixed(2)}; bars missed: ${failures}`);
  process.exitCode = failures === 0 ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

function measureCost(): void {
  const [width, height, frames] = [1920, 1080, 150];
  const marker = openMarker({ key, id: newMarkId(), width, height });
  const luma = Uint8Array.from({ length: width * height }, (_, at) => 60 + ((at * 7919) % 120));
  marker.mark(luma.slice(), 0);
  const before = process.cpuUsage();
  for (let frame = 0; frame < frames; frame++) marker.mark(luma, frame * 40);
  const { user, system } = process.cpuUsage(before);
  console.log(
    `marking 1080p: ${((user + system) / 1000 / frames).toFixed(2)} ms of one core a frame`,
  );
}

async function measureClip(
  clip: { readonly name: string; readonly rows: number },
  original: string,
): Promise<void> {
  if (!existsSync(original)) return;
  const source = join(folder, 'source.mp4');
  const size = `scale=-2:${clip.rows}:flags=lanczos`;
  ffmpeg([
    '-t',
    `${SECONDS}`,
    '-i',
    original,
    '-an',
    '-vf',
    size,
    '-crf',
    '12',
    '-preset',
    'veryfast',
    source,
  ]);
  const ids = [newMarkId(), newMarkId(), newMarkId()] as const;
  const copies = ids.map((_, at) => join(folder, `copy${at}.mp4`));
  for (const [at, id] of ids.entries()) await markFile(source, copies[at] ?? '', { key, id });
  const plain = join(folder, 'plain.mp4');
  await markFile(source, plain, { key, id: ids[0], strength: 0 });
  console.log(
    `\n${clip.name}: ${quality('psnr', copies[0], plain)}; ${quality('ssim', copies[0], plain)}`,
  );
  console.log(
    'attack                    list       seconds  result      T      false alarm  time    bar',
  );
  for (const attack of ATTACKS) await tryAttack(attack, source, copies, ids);
  const nulls = await measureNull(plain, NULL_KEYS, NULL_IDS);
  console.log(
    `unmarked: ${NULL_KEYS} keys × ${NULL_IDS} ids: deviation ${nulls.deviation.toFixed(4)}, largest ${nulls.largest.toFixed(2)}, ` +
      `threshold ${nulls.threshold.toFixed(2)}, clearest pilot ${nulls.pilot.toFixed(1)}`,
  );
  if (Math.abs(nulls.deviation - 1) > 0.03 || nulls.largest >= nulls.threshold) failures += 1;
}

async function tryAttack(
  attack: Attack,
  source: string,
  copies: readonly string[],
  ids: readonly MarkId[],
): Promise<void> {
  const attacked = join(folder, 'attacked.mp4');
  const used = copies.slice(0, attack.copies ?? 1);
  const cut = ['-t', `${Math.min(attack.seconds, SECONDS)}`];
  ffmpeg([...used.flatMap((copy) => [...cut, '-i', copy]), ...attack.arguments, attacked]);
  const truth = ids.slice(0, used.length);
  const started = performance.now();
  const reading = await readWatermark(attacked, {
    keys: [key],
    ids: attack.list === 'blind' ? [] : [...innocents, ...ids],
    ...(attack.list === 'reference' ? { reference: source } : {}),
    ...(attack.corners === undefined ? {} : { corners: toCorners(attack.corners) }),
  });
  report(attack, reading, truth, (performance.now() - started) / 1000);
}

function report(
  attack: Attack,
  reading: WatermarkReading,
  truth: readonly MarkId[],
  seconds: number,
): void {
  const marks = reading.verdict === 'identified' ? reading.marks : [];
  const right = marks.filter((mark) => truth.some((id) => id === mark.id));
  const wrong = marks.length - right.length;
  nearest = Math.max(nearest, reading.closestOther ?? 0);
  const met = wrong === 0 && right.length >= (attack.wanted ?? 1);
  if (!met) failures += 1;
  const result =
    wrong > 0 ? 'WRONG' : right.length > 0 ? `${right.length} of ${truth.length}` : reading.verdict;
  const best = right[0];
  console.log(
    `${attack.name.padEnd(26)}${attack.list.padEnd(11)}${`${attack.seconds}`.padStart(5)}    ${result.padEnd(11)}` +
      `${(best?.statistic.toFixed(1) ?? '-').padStart(6)} ${(best?.falseAlarm.toExponential(0) ?? '-').padStart(10)} ` +
      `${seconds.toFixed(1).padStart(8)} s  ${met ? 'met' : 'MISSED'}`,
  );
}

function quality(measure: 'psnr' | 'ssim', one: string | undefined, other: string): string {
  const log = ffmpeg(['-i', one ?? '', '-i', other, '-lavfi', measure, '-f', 'null', '-'], 'info');
  const line = log
    .split('\n')
    .findLast((text) => text.includes(measure === 'psnr' ? 'PSNR y' : 'SSIM Y'));
  return `${measure} Y ${/[yY]:([\d.]+)/.exec(line ?? '')?.[1] ?? '?'}`;
}

function ffmpeg(args: readonly string[], level = 'error'): string {
  const run = spawnSync('ffmpeg', ['-nostdin', '-y', '-v', level, ...args], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`ffmpeg failed: ${run.stderr}`);
  return run.stderr;
}
