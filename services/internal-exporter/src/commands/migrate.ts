import { createLifecycle, createLogger } from '@sallyport/runtime';
import { parseExporterEnvironment } from '../config/env.ts';
import { openMigrated } from '../store/open-migrated.ts';
import { parseCommand, type Command } from './command.ts';

/** Applies what the database lacks; `start` does the same. */
export const migrate: Command = async (args, io) => {
  parseCommand('exporter migrate', args, { options: {} });
  const config = parseExporterEnvironment(io.environment);
  const logger = createLogger({ service: 'exporter-command', level: 'silent' });
  const lifecycle = createLifecycle({ logger });
  try {
    const { applied } = await openMigrated(config, lifecycle, logger);
    io.print(
      { applied },
      applied.length === 0 ? 'Nothing to apply.' : `Applied: ${applied.join(', ')}`,
    );
  } finally {
    await lifecycle.stop('command done');
  }
};
