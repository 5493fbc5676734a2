import type { Sessions } from '@sallyport/runtime';
import type { Database } from '../store/database.ts';
import type { PersonalFields } from '../store/personal-fields.ts';
import type { Site } from '../store/site.ts';

/** What the routes of the api role work with. */
export interface ApiTools {
  readonly db: Database;
  readonly fields: PersonalFields;
  readonly site: Site;
  readonly sessions: Sessions;
  readonly clock: () => Date;
}
