import { markFile, parseMarkId } from '@sallyport/media';
import { SallyportError } from '@sallyport/contracts';
import { parseCommand, requireOption, type Command } from './command.ts';
import { KEY_OPTIONS, readMarkKey, requireFile } from './watermark-files.ts';

const USAGE =
  'exporter watermark mark IN OUT --id HEX16 --key-file FILE [--tenant NAME] [--key-epoch N] [--strength S]';

/** Marks one file, alone and without masking: for trying what a mark survives. */
export const watermarkMark: Command = async (args, io) => {
  const { values, positionals } = parseCommand(USAGE, args, {
    options: { id: { type: 'string' }, strength: { type: 'string' }, ...KEY_OPTIONS },
    allowPositionals: true,
  });
  const [input, output, ...others] = positionals;
  if (input === undefined || output === undefined || others.length > 0) throw usage();
  const id = parseMarkId(requireOption(USAGE, '--id', values.id));
  const key = await readMarkKey(requireOption(USAGE, '--key-file', values['key-file']), {
    tenant: values.tenant,
    keyEpoch: values['key-epoch'],
  });
  await requireFile(input);
  const strength = toStrength(values.strength);
  const marked = await markFile(input, output, { key, id, strength });
  io.print(
    { ...marked },
    `${output}: ${marked.frameCount} frames, ${marked.width}×${marked.height}, strength ${marked.strength}`,
  );
};

/** The strength a mark may have: below it does not survive encoding, above it is seen. */
function toStrength(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const strength = /^\d(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (!(strength >= 0.2 && strength <= 1.5)) throw usage();
  return strength;
}

function usage(): SallyportError {
  return new SallyportError('ERR_COMMAND_USAGE', { detail: { usage: USAGE } });
}
