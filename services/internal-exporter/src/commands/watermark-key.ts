import { randomBytes } from 'node:crypto';
import { MARK_KEY_BYTES } from '@sallyport/media';
import { writeFileDurably } from '@sallyport/runtime';
import { parseCommand, requireOption, type Command } from './command.ts';

const USAGE = 'exporter watermark key --out FILE';

/** Makes a master key for the laboratory. A site's own is made at its setting up and never leaves it. */
export const watermarkKey: Command = async (args, io) => {
  const { values } = parseCommand(USAGE, args, { options: { out: { type: 'string' } } });
  const out = requireOption(USAGE, '--out', values.out);
  const text = `${randomBytes(MARK_KEY_BYTES).toString('hex')}\n`;
  await writeFileDurably(out, text, { mode: 0o600, exclusive: true });
  io.print({ keyFile: out }, `${out}: whoever reads this file can read and forge marks`);
};
