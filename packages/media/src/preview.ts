import { rename, rm } from 'node:fs/promises';
import { SallyportError } from '@sallyport/contracts';
import { readCodecString } from './encode/codec-string.ts';
import { encodeArguments } from './encode/encode.ts';
import { convertWithFfmpeg, fileUrl, readFromFfmpeg, type FfmpegRun } from './ffmpeg.ts';
import { assertNotCancelled } from './frames/decode.ts';
import type { MediaRange } from './frames/frame.ts';
import { VIDEO_CODECS } from './probe/parse-probe.ts';
import { openOptions, probeFile, type ProbedFile } from './probe/probe.ts';

const LONG_SIDE = 960;
const QUALITY = 30;
const MAX_JPEG_BYTES = 4 * 1024 * 1024;
/** How far before the wanted time a picture is taken when the recording has none at or after it. */
const STEPS_BACK_MS = [0, 200, 1000, 5000, Infinity] as const;

export interface PreviewOptions {
  /** Longer side of the small pictures, default 960. */
  readonly longSide?: number | undefined;
  /** The range of the export: times count from its start. */
  readonly range?: MediaRange | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface PreviewFrame {
  readonly atMs: number;
  readonly jpeg: Buffer;
}

/**
 * Small JPEG pictures at the given times, in milliseconds from the first frame. They are **not masked**: they
 * are for the people who place and review masks, and are kept like the original.
 *
 * @throws SallyportError `ERR_MEDIA_RANGE_EMPTY` when there is no picture at all, and those of probe and decoding
 */
export async function previewFrames(
  input: string,
  timesMs: readonly number[],
  options: PreviewOptions = {},
): Promise<PreviewFrame[]> {
  const source = await probeFile(input, options);
  const frames: PreviewFrame[] = [];
  for (const atMs of timesMs) frames.push({ atMs, jpeg: await pictureAt(source, atMs, options) });
  return frames;
}

/**
 * A small fragmented MP4 of the recording, **not masked**, for review over a moving picture.
 *
 * @throws SallyportError `ERR_MEDIA_ENCODE_FAILED`, `ERR_MEDIA_CANCELLED`, and those of the probe
 */
export async function previewClip(
  input: string,
  output: string,
  options: PreviewOptions = {},
): Promise<{ readonly codec: string; readonly width: number; readonly height: number }> {
  const source = await probeFile(input, options);
  const size = smallSize(source, options.longSide);
  const part = `${output}.part`;
  try {
    const run = await convertWithFfmpeg(
      {
        input: fileUrl(source.file),
        inputOptions: [...inputOptions(source), ...rangeOptions(options.range)],
        outputOptions: [
          ...['-map', `0:${source.streamIndex}`, '-vf', scale(size)],
          ...encodeArguments({ ...size, probe: source.report, quality: QUALITY }),
        ],
      },
      part,
    );
    await ended(run, options.signal);
    const codec = await readCodecString(part);
    await rename(part, output);
    return { codec, ...size };
  } finally {
    await rm(part, { force: true });
  }
}

async function pictureAt(
  source: ProbedFile,
  atMs: number,
  options: PreviewOptions,
): Promise<Buffer> {
  const wanted = Math.min(atMs + (options.range?.fromMs ?? 0), lastFrameMs(source));
  for (const back of STEPS_BACK_MS) {
    assertNotCancelled(options.signal);
    const jpeg = await grab(source, Math.max(0, wanted - back), options);
    if (jpeg.length > 0) return jpeg;
  }
  throw new SallyportError('ERR_MEDIA_RANGE_EMPTY', { detail: { fromMs: wanted, toMs: wanted } });
}

async function grab(source: ProbedFile, atMs: number, options: PreviewOptions): Promise<Buffer> {
  const run = await readFromFfmpeg({
    input: fileUrl(source.file),
    inputOptions: [...inputOptions(source), '-ss', seconds(atMs)],
    outputOptions: [
      ...['-map', `0:${source.streamIndex}`, '-an', '-frames:v', '1', '-map_metadata', '-1'],
      ...['-vf', scale(smallSize(source, options.longSide)), '-c:v', 'mjpeg', '-q:v', '4'],
      ...['-pix_fmt', 'yuvj420p', '-f', 'image2pipe'],
    ],
  });
  const kill = () => run.kill();
  options.signal?.addEventListener('abort', kill, { once: true });
  try {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of run.output) {
      const bytes = chunk as Buffer; // a binary stream yields buffers
      size += bytes.length;
      if (size > MAX_JPEG_BYTES) break;
      chunks.push(bytes);
    }
    assertNotCancelled(options.signal);
    return Buffer.concat(chunks);
  } finally {
    options.signal?.removeEventListener('abort', kill);
    run.kill();
  }
}

async function ended(run: FfmpegRun, signal: AbortSignal | undefined): Promise<void> {
  const kill = () => run.kill();
  signal?.addEventListener('abort', kill, { once: true });
  if (signal?.aborted === true) kill();
  try {
    await run.done;
  } catch (cause) {
    assertNotCancelled(signal);
    throw new SallyportError('ERR_MEDIA_ENCODE_FAILED', { cause });
  } finally {
    signal?.removeEventListener('abort', kill);
  }
}

/** Where the last picture should be, so that a time beyond the end needs no search backwards. */
function lastFrameMs(source: ProbedFile): number {
  const { durationMs, averageRate } = source.report;
  return durationMs === undefined ? Infinity : Math.max(0, durationMs - 1000 / (averageRate || 25));
}

function inputOptions(source: ProbedFile): string[] {
  return [...openOptions(source.container), '-codec_whitelist', VIDEO_CODECS.join(',')];
}

function rangeOptions(range: MediaRange | undefined): string[] {
  return range === undefined
    ? []
    : ['-ss', seconds(range.fromMs), '-t', seconds(range.toMs - range.fromMs)];
}

function smallSize(source: ProbedFile, longSide = LONG_SIDE): { width: number; height: number } {
  const { width, height } = source.report;
  const factor = Math.min(1, longSide / Math.max(width, height));
  const side = (length: number) => Math.max(2, 2 * Math.round((length * factor) / 2));
  return { width: side(width), height: side(height) };
}

function scale(size: { readonly width: number; readonly height: number }): string {
  return `scale=${size.width}:${size.height}:out_range=tv,format=yuv420p`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
