import { appendFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fetchModels, type FetchedModel } from '@sallyport/media';
import { parseExporterEnvironment } from '../config/env.ts';
import { parseCommand, requireOption, type Command } from './command.ts';

const USAGE = 'exporter models --by STAFFNUMBER [--from DIR] [--to DIR]';
const TEXT = { type: 'string' } as const;
const DEFAULT_FOLDER = 'models';
/** Beside the models: who brought which file in, and when; one JSON object a line. */
const JOURNAL = 'brought-in.jsonl';

/**
 * Puts the pinned detector models where the exporter looks for them, each held against its digest;
 * a closed site carries them in and names the folder. Works without a database, so who brought them in
 * stands in a journal beside them.
 */
export const models: Command = async (args, io) => {
  const { values } = parseCommand(USAGE, args, { options: { from: TEXT, to: TEXT, by: TEXT } });
  const by = requireOption(USAGE, '--by', values.by);
  const config = parseExporterEnvironment(io.environment);
  const { modelsFolder, modelSource } = config;
  const from = values.from ?? modelSource;
  const known = modelsFolder === modelSource ? null : modelsFolder;
  const directory = values.to ?? known ?? DEFAULT_FOLDER;
  const fetched = await fetchModels({ directory, ...(from === null ? {} : { from }) });
  await note(join(directory, JOURNAL), fetched, by);
  const lines = fetched.map(({ name, path, outcome }) => `${name}: ${outcome} (${path})`);
  const hint =
    config.modelsFolder === null
      ? [`Name the folder when starting: EXPORTER_MODELS=${directory}`]
      : [];
  io.print({ directory, models: fetched }, [...lines, ...hint].join('\n'));
};

async function note(journal: string, fetched: readonly FetchedModel[], by: string): Promise<void> {
  const at = new Date().toISOString();
  const lines = fetched
    .filter(({ outcome }) => outcome !== 'present')
    .map(({ path, outcome }) => `${JSON.stringify({ at, by, file: basename(path), outcome })}\n`);
  if (lines.length > 0) await appendFile(journal, lines.join(''), { mode: 0o600 });
}
