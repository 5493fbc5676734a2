import { access, readFile } from 'node:fs/promises';
import {
  MASK_SHAPES,
  MASK_STYLES,
  MASK_TARGETS,
  SallyportError,
  type MaskPlan,
  type MaskTarget,
  type RedactionReport,
} from '@sallyport/contracts';
import {
  parseRegions,
  parseTracks,
  redactFile,
  type KeptTracks,
  type MediaProgress,
  type RedactOptions,
} from '@sallyport/media';
import { writeFileDurably } from '@sallyport/runtime';
import { parseExporterEnvironment } from '../config/env.ts';
import { parseCommand, requireOption, type Command } from './command.ts';

const USAGE = [
  'exporter redact IN OUT --style mosaic|blur|solid [--shape box|ellipse]',
  '[--targets face,plate,person,vehicle,motion] [--tracks FILE] [--regions FILE]',
  '[--keep TRACK … --reason TEXT] [--tracks-out FILE] [--report FILE]',
].join(' ');
const TEXT = { type: 'string' } as const;
const OPTIONS = {
  targets: TEXT,
  style: TEXT,
  shape: TEXT,
  tracks: TEXT,
  regions: TEXT,
  keep: { type: 'string', multiple: true },
  reason: TEXT,
  'tracks-out': TEXT,
  report: TEXT,
} as const;

/** Masks one file, alone: no database, no service, nothing kept but the clip, its report and its tracks. */
export const redact: Command = async (args, io) => {
  const { values, positionals } = parseCommand(USAGE, args, {
    options: OPTIONS,
    allowPositionals: true,
  });
  const [input, output, ...others] = positionals;
  if (input === undefined || output === undefined || others.length > 0) throw usage();
  const { modelsFolder } = parseExporterEnvironment(io.environment);
  const { tracks, regions, keep, reason, report: reportFile, 'tracks-out': tracksOut } = values;
  // Without targets there must be something else to mask: a file is never copied unmasked.
  if (values.targets === undefined && tracks === undefined && regions === undefined) throw usage();
  const options: RedactOptions = {
    targets: values.targets === undefined ? [] : toTargets(values.targets),
    style: oneOf(MASK_STYLES, requireOption(USAGE, '--style', values.style)),
    shape: values.shape === undefined ? undefined : oneOf(MASK_SHAPES, values.shape),
    modelDirectory: modelsFolder ?? undefined,
    tracks: tracks === undefined ? [] : parseTracks(await readText(tracks)),
    regions: regions === undefined ? [] : parseRegions(await readText(regions)),
    keep: toKept(keep, reason),
    onPlan: async (plan) => {
      if (tracksOut !== undefined) await writeTracks(tracksOut, plan);
    },
  };
  await requireInput(input);
  const report = await redactFile(input, output, options, { onProgress: progressLine() });
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  if (reportFile !== undefined) {
    await writeFileDurably(reportFile, `${JSON.stringify(report, null, 2)}\n`, { mode: 0o644 });
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

/** Who stays to be seen needs a reason, and a reason somebody who stays to be seen. */
function toKept(
  trackIds: readonly string[] | undefined,
  reason: string | undefined,
): KeptTracks | undefined {
  if (trackIds === undefined && reason === undefined) return undefined;
  if (trackIds === undefined) throw usage();
  return { trackIds, reason: requireOption(USAGE, '--reason', reason) };
}

function oneOf<T extends string>(known: readonly T[], text: string): T {
  const found = known.find((word) => word === text);
  if (found === undefined) throw usage();
  return found;
}

async function writeTracks(file: string, { tracks }: MaskPlan): Promise<void> {
  await writeFileDurably(file, `${JSON.stringify({ tracks }, null, 2)}\n`, { mode: 0o600 });
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
  const { clip, tracks, doubts, check, coverage } = report;
  const kept = tracks.filter(({ decision }) => decision === 'show').length;
  const masked = tracks.length - kept;
  const searched =
    coverage === undefined
      ? ''
      : `; ${coverage.searchedFrames} of ${coverage.frameCount} frames searched`;
  return [
    `${output}: ${clip.frameCount} frames, ${clip.width}×${clip.height}, SHA-256 ${clip.sha256}`,
    masked === 0
      ? 'nothing was found to mask'
      : `masked ${masked} figures, ${kept} left to be seen`,
    `${doubts.length} places to look at; ${check.framesChecked} frames checked${searched}`,
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
