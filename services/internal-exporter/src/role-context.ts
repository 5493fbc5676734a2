import type { Lifecycle, Logger } from '@sallyport/runtime';
import type { ExporterConfig } from './config/env.ts';
import type { Database } from './store/database.ts';
import type { KeyFiles } from './store/key-files.ts';
import type { Site } from './store/site.ts';

/** Roles of the exporter; each may run as a process and user of its own. */
export const EXPORTER_ROLES = ['api', 'media', 'seal', 'send', 'intake'] as const;
export type ExporterRole = (typeof EXPORTER_ROLES)[number];

/** What a starting role is given: it opens only the key files that are its own. */
export interface RoleContext {
  readonly config: ExporterConfig;
  readonly db: Database;
  readonly site: Site;
  readonly keys: KeyFiles;
  readonly logger: Logger;
  readonly lifecycle: Lifecycle;
}
