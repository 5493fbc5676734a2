import { SallyportError, type ProbeReport } from '@sallyport/contracts';
import type { Container } from './sniff.ts';

/** The codecs this product decodes; a whitelist of the same names is given to the decoder. */
export const VIDEO_CODECS = ['h264', 'hevc', 'mjpeg', 'mpeg4'] as const;

/** Sides beyond 8K and pictures beyond 40 megapixels would let a few bytes claim gigabytes of memory. */
const MAX_SIDE = 8192;
const MAX_PIXELS = 40_000_000;
const MIN_SIDE = 16;

export interface StreamChoice {
  /** Index of the picture among the file's streams. */
  readonly streamIndex: number;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Turns ffprobe's JSON into a report, refusing whatever is missing or strange.
 *
 * @throws SallyportError `ERR_MEDIA_UNREADABLE`, `ERR_MEDIA_NOT_VIDEO`, `ERR_MEDIA_CODEC_UNSUPPORTED`, `ERR_MEDIA_TOO_LARGE`
 */
export function parseProbe(
  json: string,
  container: Container,
  sizeBytes: number,
): StreamChoice & { readonly report: ProbeReport } {
  const root = parseJson(json);
  const streams = arrayOf(root['streams']).map(fieldsOf);
  if (streams.length === 0) throw unreadable('no streams');
  const video = streams.find(
    (stream) => stream['codec_type'] === 'video' && !isAttachedPicture(stream),
  );
  if (video === undefined)
    throw new SallyportError('ERR_MEDIA_NOT_VIDEO', { detail: { looksLike: 'no picture in it' } });
  const size = sizeOf(video);
  const rotation = rotationOf(video);
  const upright = rotation % 180 === 0 ? size : { width: size.height, height: size.width };
  const format = pixelFormatOf(video);
  const report: ProbeReport = {
    container,
    codec: codecOf(video),
    ...optional('profile', word(video['profile'])),
    ...upright,
    codedWidth: size.width,
    codedHeight: size.height,
    rotation,
    ...format,
    fullRange: video['color_range'] === 'pc' || format.pixelFormat.startsWith('yuvj'),
    ...optional('colourSpace', known(video['color_space'])),
    ...optional('colourPrimaries', known(video['color_primaries'])),
    ...optional('colourTransfer', known(video['color_transfer'])),
    sampleAspect: aspectOf(video),
    averageRate: Math.min(1000, rate(video['avg_frame_rate'])),
    ...optional('durationMs', durationOf(video, fieldsOf(root['format']))),
    ...optional('declaredFrames', wholeNumber(video['nb_frames'])),
    sizeBytes,
    audioStreams: streams.filter((stream) => stream['codec_type'] === 'audio').length,
    otherStreams: streams.filter((stream) => stream !== video && stream['codec_type'] !== 'audio')
      .length,
  };
  return { report, streamIndex: wholeNumber(video['index']) ?? 0 };
}

function parseJson(json: string): Fields {
  try {
    return fieldsOf(JSON.parse(json));
  } catch (cause) {
    throw unreadable('probe answer', cause);
  }
}

function codecOf(stream: Fields): ProbeReport['codec'] {
  const codec = VIDEO_CODECS.find((name) => name === stream['codec_name']);
  if (codec === undefined)
    throw new SallyportError('ERR_MEDIA_CODEC_UNSUPPORTED', {
      detail: { codec: word(stream['codec_name']) ?? 'unknown' },
    });
  return codec;
}

function sizeOf(stream: Fields): { width: number; height: number } {
  codecOf(stream);
  const width = wholeNumber(stream['width']);
  const height = wholeNumber(stream['height']);
  if (width === undefined || height === undefined) throw unreadable('no picture size');
  if (width === 0 || height === 0) throw unreadable('no picture size');
  const sides = [width, height];
  if (sides.some((side) => side > MAX_SIDE || side < MIN_SIDE) || width * height > MAX_PIXELS)
    throw new SallyportError('ERR_MEDIA_TOO_LARGE', {
      detail: { width, height, minSide: MIN_SIDE, maxSide: MAX_SIDE, maxPixels: MAX_PIXELS },
    });
  return { width, height };
}

/** Degrees to turn, as the display matrix or the older tag says. */
function rotationOf(stream: Fields): number {
  const sides = arrayOf(stream['side_data_list']).map(fieldsOf);
  const matrix = sides.find((side) => typeof side['rotation'] === 'number')?.['rotation'];
  const degrees = Number(matrix ?? fieldsOf(stream['tags'] ?? {})['rotate'] ?? 0);
  return Number.isFinite(degrees) ? Math.round(degrees) % 360 : 0;
}

function pixelFormatOf(stream: Fields): Pick<ProbeReport, 'pixelFormat' | 'bitDepth' | 'chroma'> {
  const pixelFormat = word(stream['pix_fmt']);
  if (pixelFormat === undefined) throw unreadable('no pixel format');
  const bitDepth = Number(/(?:p|gray|gbrp)(9|10|12|14|16)(?:le|be)$/.exec(pixelFormat)?.[1] ?? 8);
  return { pixelFormat, bitDepth, chroma: chromaOf(pixelFormat) };
}

function chromaOf(pixelFormat: string): ProbeReport['chroma'] {
  if (pixelFormat.startsWith('gray') || pixelFormat.startsWith('mono')) return '4:0:0';
  if (/^(gbr|rgb|bgr|argb|abgr|pal8)/.test(pixelFormat)) return 'rgb';
  const digits = /^(?:yuvj?a?|nv|p0)?(410|411|420|422|440|444)/.exec(pixelFormat)?.[1];
  switch (digits) {
    case '410':
      return '4:1:0';
    case '411':
      return '4:1:1';
    case '422':
      return '4:2:2';
    case '440':
      return '4:4:0';
    case '444':
      return '4:4:4';
    default:
      return '4:2:0';
  }
}

function aspectOf(stream: Fields): { numerator: number; denominator: number } {
  const [left, right] = (word(stream['sample_aspect_ratio']) ?? '1:1').split(':').map(Number);
  if (left === undefined || right === undefined) return { numerator: 1, denominator: 1 };
  if (!(left > 0 && right > 0 && left < 65_536 && right < 65_536))
    return { numerator: 1, denominator: 1 };
  return { numerator: left, denominator: right };
}

function durationOf(stream: Fields, format: Fields): number | undefined {
  const seconds = [stream['duration'], format['duration']].map(Number).find((value) => value > 0);
  return seconds === undefined || !Number.isFinite(seconds)
    ? undefined
    : Math.round(seconds * 1000);
}

function rate(value: unknown): number {
  const [top, bottom] = (word(value) ?? '0/0').split('/').map(Number);
  const result = (top ?? 0) / (bottom ?? 0);
  return Number.isFinite(result) && result > 0 ? result : 0;
}

function isAttachedPicture(stream: Fields): boolean {
  return fieldsOf(stream['disposition'] ?? {})['attached_pic'] === 1;
}

function wholeNumber(value: unknown): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const parsed = Number(value);
  return Number.isSafeInteger(parsed) && parsed >= 0 ? parsed : undefined;
}

function word(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\x20-\x7e]{1,40}$/.test(value) ? value : undefined;
}

function known(value: unknown): string | undefined {
  const text = word(value);
  return text === undefined || text === 'unknown' || text === 'reserved' ? undefined : text;
}

function optional<K extends string, V>(name: K, value: V | undefined): Partial<Record<K, V>> {
  const field: Partial<Record<K, V>> = {};
  if (value !== undefined) field[name] = value;
  return field;
}

function fieldsOf(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw unreadable('probe answer');
  return value as Fields; // narrowed to an object just above
}

function arrayOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function unreadable(fault: string, cause?: unknown): SallyportError {
  return new SallyportError('ERR_MEDIA_UNREADABLE', { detail: { fault }, cause });
}
