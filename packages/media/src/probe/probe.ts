import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ProbeReport } from '@sallyport/contracts';
import { runProbe } from '../child.ts';
import { fileUrl } from '../ffmpeg.ts';
import { parseProbe, type StreamChoice } from './parse-probe.ts';
import { sniffContainer, type Container } from './sniff.ts';

/** A probe plus what only the media pass needs: which stream is the picture. */
export interface ProbedFile extends StreamChoice {
  readonly file: string;
  readonly container: Container;
  readonly report: ProbeReport;
}

/**
 * Reads what a recording is, without decoding it. The file is opened as the container its first bytes show
 * and as nothing else; no other file and no address in it is followed.
 *
 * @throws SallyportError `ERR_MEDIA_EMPTY`, `ERR_MEDIA_NOT_VIDEO`, `ERR_MEDIA_CODEC_UNSUPPORTED`,
 * `ERR_MEDIA_UNREADABLE`, `ERR_MEDIA_TOO_LARGE`, `ERR_MEDIA_TOOL_MISSING`, `ERR_MEDIA_STALLED`,
 * `ERR_MEDIA_CANCELLED`
 */
export async function probe(
  file: string,
  options: { signal?: AbortSignal | undefined } = {},
): Promise<ProbeReport> {
  return (await probeFile(file, options)).report;
}

/** As {@link probe}, with the stream chosen. */
export async function probeFile(
  file: string,
  options: { signal?: AbortSignal | undefined } = {},
): Promise<ProbedFile> {
  const path = resolve(file);
  const { size } = await stat(path);
  const container = await sniffContainer(path);
  const answer = await runProbe(
    [
      ...['-v', 'error', '-of', 'json', '-show_format', '-show_streams'],
      ...openOptions(container),
      fileUrl(path),
    ],
    options,
  );
  const { report, streamIndex } = parseProbe(answer.stdout, container, size);
  return { file: path, container, report, streamIndex };
}

/** Options that hold a demuxer to one container and to the file itself. */
export function openOptions(container: Container): string[] {
  return ['-protocol_whitelist', 'file', '-format_whitelist', container, '-f', container];
}
