import type { SallyportServer } from '@sallyport/runtime';
import type { RouteContext } from '../context.ts';
import { directoryRoutes } from './directory.ts';
import { licenceRoutes } from './licences.ts';
import { packageRoutes } from './packages.ts';
import { requestRoutes } from './requests.ts';

/** What confirmed officers may do. */
export function stationRoutes(scope: SallyportServer, context: RouteContext): void {
  directoryRoutes(scope, context);
  requestRoutes(scope, context);
  packageRoutes(scope, context);
  licenceRoutes(scope, context);
}
