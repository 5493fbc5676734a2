import { PortalCameras, PortalPolicy } from '@sallyport/contracts';
import type { SallyportServer } from '@sallyport/runtime';
import { findPolicy, listCameras } from '../../stations/directory-view.ts';
import type { RouteContext } from '../context.ts';

/** The directory as the request form needs it. */
export function directoryRoutes(scope: SallyportServer, { db }: RouteContext): void {
  scope.get('/v1/directory/cameras', { schema: { response: { 200: PortalCameras } } }, () =>
    listCameras(db),
  );
  scope.get('/v1/directory/policy', { schema: { response: { 200: PortalPolicy } } }, () =>
    findPolicy(db),
  );
}
