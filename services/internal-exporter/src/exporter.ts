import { createLifecycle, createLogger, type Lifecycle } from '@sallyport/runtime';
import { requirePassphrase, type ExporterConfig } from './config/env.ts';
import type { ExporterRole, RoleContext } from './role-context.ts';
import { startApi } from './server.ts';
import { keyFilesIn } from './store/key-files.ts';
import { openMigrated } from './store/open-migrated.ts';
import { getSite } from './store/site.ts';
import { startIntake } from './workers/intake.ts';
import { startMedia } from './workers/media.ts';
import { startSeal } from './workers/seal.ts';
import { startSend } from './workers/send.ts';

/** A running exporter, as many roles of it as were asked for. */
export interface RunningExporter {
  /** Address of the console and its API; null without role `api`. */
  readonly address: string | null;
  readonly lifecycle: Lifecycle;
}

/**
 * Starts roles in this process. They meet through the database and files only, so any of them may
 * also run in a process of its own.
 *
 * @throws SallyportError ERR_EXPORTER_NOT_INITIALISED, ERR_ENVIRONMENT_INVALID, ERR_DATABASE_*, ERR_KEY_FILE_*
 */
export async function startExporter(
  config: ExporterConfig,
  roles: readonly ExporterRole[],
): Promise<RunningExporter> {
  const logger = createLogger({ service: 'internal-exporter', level: config.logLevel });
  const lifecycle = createLifecycle({ logger });
  try {
    const keys = keyFilesIn(config.keyFolder, requirePassphrase(config));
    const { db } = await openMigrated(config, lifecycle, logger);
    const context: RoleContext = { config, db, site: await getSite(db), keys, logger, lifecycle };
    if (roles.includes('media')) await startMedia(context);
    if (roles.includes('seal')) await startSeal(context);
    if (roles.includes('send')) await startSend(context);
    if (roles.includes('intake')) await startIntake(context);
    // Last to start, first to stop: no call arrives before the rest stands.
    const address = roles.includes('api') ? await startApi(context) : null;
    return { address, lifecycle };
  } catch (error) {
    await lifecycle.stop('start failed');
    throw error;
  }
}
