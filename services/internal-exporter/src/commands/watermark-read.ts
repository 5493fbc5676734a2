import { SallyportError } from '@sallyport/contracts';
import {
  readWatermark,
  toCorners,
  type ReadProgress,
  type WatermarkReading,
} from '@sallyport/media';
import { parseCommand, requireOption, type Command } from './command.ts';
import { KEY_OPTIONS, readIds, readMarkKey, requireFile } from './watermark-files.ts';

const USAGE =
  'exporter watermark read FILE --key-file FILE [--ids FILE] [--reference FOOTAGE] [--corners x,y,…] [--tenant NAME] [--key-epoch N] [--json]';
const TEXT = { type: 'string' } as const;

/** Reads the mark of a leaked clip; Ctrl-C stops it. */
export const watermarkRead: Command = async (args, io) => {
  const { values, positionals } = parseCommand(USAGE, args, {
    options: { ids: TEXT, reference: TEXT, corners: TEXT, ...KEY_OPTIONS },
    allowPositionals: true,
  });
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0)
    throw new SallyportError('ERR_COMMAND_USAGE', { detail: { usage: USAGE } });
  const key = await readMarkKey(requireOption(USAGE, '--key-file', values['key-file']), {
    tenant: values.tenant,
    keyEpoch: values['key-epoch'],
  });
  const ids = values.ids === undefined ? [] : await readIds(values.ids);
  const corners = values.corners === undefined ? undefined : toCorners(toNumbers(values.corners));
  await requireFile(file);
  if (values.reference !== undefined) await requireFile(values.reference);
  const interrupted = new AbortController();
  const stop = () => {
    interrupted.abort();
  };
  process.once('SIGINT', stop);
  try {
    const request = { keys: [key], ids, reference: values.reference, corners };
    const hooks = { signal: interrupted.signal, onProgress: progressLine() };
    const reading = await readWatermark(file, request, hooks);
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
    io.print(reading, describe(reading));
  } finally {
    process.off('SIGINT', stop);
  }
};

function toNumbers(text: string): number[] {
  return text.split(',').map((word) => (/^-?\d+(\.\d+)?$/.test(word.trim()) ? Number(word) : NaN));
}

function progressLine(): ((progress: ReadProgress) => void) | undefined {
  if (!process.stderr.isTTY) return undefined;
  return ({ step, done }) => {
    const part =
      step === 'decode'
        ? `${Math.round(done / 1000)} s`
        : `${Math.floor(Math.min(1, done) * 100)} %`;
    process.stderr.write(`\r\u001b[K${step} ${part}`);
  };
}

function describe(reading: WatermarkReading): string {
  const { verdict, geometry, usedMs, trials, pilot } = reading;
  const facts = [
    `read ${usedMs / 1000} s; picture ${geometry.kind}${geometry.mirrored ? ', mirrored' : ''}; ` +
      `${trials} comparisons; pilot ${pilot.toFixed(1)}`,
  ];
  switch (verdict) {
    case 'identified':
      return [
        ...reading.marks.map(
          ({ id, falseAlarm, spans }) =>
            `identified: ${id}, false-alarm probability ${falseAlarm.toExponential(1)}, ` +
            `seconds ${spans.map(({ fromMs, toMs }) => `${fromMs / 1000}–${toMs / 1000}`).join(', ')}`,
        ),
        ...facts,
      ].join('\n');
    case 'indication':
      return [
        `indication: a mark of this key, false-alarm probability ${reading.falseAlarm.toExponential(1)}; names nobody`,
        ...facts,
      ].join('\n');
    case 'none':
      return ['none: no mark of this key was found', ...facts].join('\n');
  }
}
