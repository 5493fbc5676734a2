import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';

/** A folder of its own for one test, removed afterwards. */
export function folder(t: Test): string {
  const path = mkdtempSync(join(tmpdir(), 'sallyport-media-'));
  t.teardown(() => {
    rmSync(path, { recursive: true, force: true });
  });
  return path;
}

/** Runs ffmpeg on generated pictures; the clips are a second or two, small and quick. */
export function makeClip(file: string, args: readonly string[]): string {
  ffmpeg([...args, '-y', file]);
  return file;
}

export function ffmpeg(args: readonly string[]): void {
  const run = spawnSync('ffmpeg', ['-v', 'error', '-nostdin', ...args], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`ffmpeg failed: ${run.stderr}`);
}

export function ffprobe(args: readonly string[]): string {
  const run = spawnSync('ffprobe', ['-v', 'error', '-of', 'csv=p=0', ...args], {
    encoding: 'utf8',
  });
  if (run.status !== 0) throw new Error(`ffprobe failed: ${run.stderr}`);
  return run.stdout;
}

/** Presentation times of a file's video packets in whole milliseconds from the first, in order of time. */
export function packetTimesMs(file: string): number[] {
  const seconds = ffprobe(['-select_streams', 'v:0', '-show_entries', 'packet=pts_time', file])
    .split('\n')
    .map((line) => Number.parseFloat(line))
    .filter((value) => Number.isFinite(value))
    .sort((one, other) => one - other);
  return seconds.map((value) => Math.round((value - (seconds[0] ?? 0)) * 1000));
}

/** A grey-brown pattern with a bright square that walks from left to right. */
export function walker(seconds: number, size: string, rate: number): string[] {
  const [width = 320] = size.split('x').map(Number);
  const speed = Math.round(width / 2 / seconds);
  const scene = `color=c=0x404848:s=${size}:r=${rate}:d=${seconds}[back]`;
  const figure = `testsrc=s=40x60:r=${rate}:d=${seconds}[figure]`;
  return [
    '-filter_complex',
    `${scene};${figure};[back][figure]overlay=x='20+t*${speed}':y=40:shortest=1[out]`,
    '-map',
    '[out]',
  ];
}

export const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'] as const;
