import { fetchModels } from '@sallyport/media';
import { parseExporterEnvironment } from '../config/env.ts';
import { parseCommand, type Command } from './command.ts';

const USAGE = 'exporter models [--from DIR] [--to DIR]';
const TEXT = { type: 'string' } as const;
const DEFAULT_FOLDER = 'models';

/**
 * Puts the pinned detector models where the exporter looks for them, each held against its digest;
 * a closed site carries them in and names the folder.
 */
export const models: Command = async (args, io) => {
  const { values } = parseCommand(USAGE, args, { options: { from: TEXT, to: TEXT } });
  const config = parseExporterEnvironment(io.environment);
  const { modelsFolder, modelSource } = config;
  const from = values.from ?? modelSource;
  const known = modelsFolder === modelSource ? null : modelsFolder;
  const directory = values.to ?? known ?? DEFAULT_FOLDER;
  const fetched = await fetchModels({ directory, ...(from === null ? {} : { from }) });
  const lines = fetched.map(({ name, path, outcome }) => `${name}: ${outcome} (${path})`);
  const hint =
    config.modelsFolder === null
      ? [`Name the folder when starting: EXPORTER_MODELS=${directory}`]
      : [];
  io.print({ directory, models: fetched }, [...lines, ...hint].join('\n'));
};
