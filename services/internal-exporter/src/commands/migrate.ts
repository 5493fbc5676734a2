import { createLifecycle, createLogger } from '@sallyport/runtime';
import { parseExporterEnvironment } from '../config/env.ts';
import { byCommand } from '../store/actors.ts';
import { inTransaction } from '../store/database.ts';
import { recordEvent } from '../store/ledger-outbox.ts';
import { openMigrated } from '../store/open-migrated.ts';
import { openFields, parseCommand, requireOption, type Command } from './command.ts';

const USAGE = 'exporter migrate --by STAFFNUMBER';

/**
 * Applies what the database lacks and writes to the ledger who did it. `start` does the same and names
 * nobody. Before `init` there is no ledger to write to.
 */
export const migrate: Command = async (args, io) => {
  const { values } = parseCommand(USAGE, args, { options: { by: { type: 'string' } } });
  const by = requireOption(USAGE, '--by', values.by);
  const config = parseExporterEnvironment(io.environment);
  const logger = createLogger({ service: 'exporter-command', level: 'silent' });
  const lifecycle = createLifecycle({ logger });
  try {
    const { db, applied } = await openMigrated(config, lifecycle, logger);
    if (applied.length > 0 && (await db.site.count()) > 0) {
      const { fields } = await openFields(config);
      const now = new Date();
      await inTransaction(db, async (tx) => {
        const actor = await byCommand(tx, fields, by, now);
        await recordEvent(tx, {
          at: now,
          actor,
          event: { kind: 'database.migrated', applied: [...applied] },
        });
      });
    }
    io.print(
      { applied },
      applied.length === 0 ? 'Nothing to apply.' : `Applied: ${applied.join(', ')}`,
    );
  } finally {
    await lifecycle.stop('command done');
  }
};
