import { access, readFile } from 'node:fs/promises';
import {
  MASK_STYLES,
  MASK_TARGETS,
  SallyportError,
  type MaskStyle,
  type MaskTarget,
  type RedactionReport,
} from '@sallyport/contracts';
import { parseTracks, redactFile, type MediaProgress } from '@sallyport/media';
import { writeFileDurably } from '@sallyport/runtime';
import { parseExporterEnvironment } from '../config/env.ts';
import { parseCommand, requireOption, type Command } from './command.ts';

const USAGE =
  'exporter redact IN OUT --targets face,motion --style mosaic|solid [--tracks FILE] [--report FILE]';
const TEXT = { type: 'string' } as const;

/** Masks one file, alone: no database, no service, nothing kept but the clip and its report. */
export const redact: Command = async (args, io) => {
  const { values, positionals } = parseCommand(USAGE, args, {
    options: { targets: TEXT, style: TEXT, tracks: TEXT, report: TEXT },
    allowPositionals: true,
  });
  const [input, output, ...others] = positionals;
  if (input === undefined || output === undefined || others.length > 0) throw usage();
  const { modelsFolder } = parseExporterEnvironment(io.environment);
  const tracks = values.tracks === undefined ? [] : parseTracks(await readText(values.tracks));
  const options = {
    targets: toTargets(requireOption(USAGE, '--targets', values.targets)),
    style: toStyle(requireOption(USAGE, '--style', values.style)),
    modelDirectory: modelsFolder ?? undefined,
    tracks,
  };
  await requireInput(input);
  const report = await redactFile(input, output, options, { onProgress: progressLine() });
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  if (values.report !== undefined) {
    await writeFileDurably(values.report, `${JSON.stringify(report, null, 2)}\n`, { mode: 0o644 });
  }
  io.print(report, describe(report, output));
};

function toTargets(text: string): MaskTarget[] {
  return text.split(',').map((word) => {
    const target = MASK_TARGETS.find((known) => known === word.trim());
    if (target === undefined)
      throw new SallyportError('ERR_MEDIA_TARGET_UNKNOWN', { detail: { target: word } });
    return target;
  });
}

function toStyle(text: string): MaskStyle {
  const style = MASK_STYLES.find((known) => known === text);
  if (style === undefined) throw usage();
  return style;
}

/** One line that is written over itself, on a terminal only. */
function progressLine(): ((progress: MediaProgress) => void) | undefined {
  if (!process.stderr.isTTY) return undefined;
  return ({ step, frames, doneMs, totalMs }) => {
    const part =
      totalMs === undefined ? '' : ` ${Math.min(100, Math.floor((100 * doneMs) / totalMs))} %`;
    process.stderr.write(`\r\u001b[K${step}${part}, ${frames} frames`);
  };
}

function describe(report: RedactionReport, output: string): string {
  const { clip, tracks, doubts, check } = report;
  return [
    `${output}: ${clip.frameCount} frames, ${clip.width}×${clip.height}, SHA-256 ${clip.sha256}`,
    `masked ${tracks.length} figures; ${doubts.length} places to look at; ${check.framesChecked} frames checked`,
    `watermark: ${report.watermark.kind} (${report.watermark.reason})`,
  ].join('\n');
}

async function readText(path: string): Promise<string> {
  await requireInput(path);
  return readFile(path, 'utf8');
}

/** @throws SallyportError ERR_FOOTAGE_UNKNOWN: a missing file is not a broken video */
async function requireInput(path: string): Promise<void> {
  try {
    await access(path);
  } catch (cause) {
    throw new SallyportError('ERR_FOOTAGE_UNKNOWN', { detail: { file: path }, cause });
  }
}

function usage(): SallyportError {
  return new SallyportError('ERR_COMMAND_USAGE', { detail: { usage: USAGE } });
}
