import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { Shell } from './shell.tsx';
import { AccountsPage } from './pages/accounts.tsx';
import { ActivationPage } from './pages/activation.tsx';
import { ApproverKeyPage } from './pages/approver-key.tsx';
import { CamerasPage } from './pages/cameras.tsx';
import { ExportPage } from './pages/export.tsx';
import { FootagePage } from './pages/footage.tsx';
import { LanesPage } from './pages/lanes.tsx';
import { LedgerPage } from './pages/ledger.tsx';
import { PeoplePage } from './pages/people.tsx';
import { RequestPage } from './pages/request.tsx';
import { RequestsPage } from './pages/requests.tsx';
import { StationsPage } from './pages/stations.tsx';
import { TransferLogPage } from './pages/transfer-log.tsx';

const root = createRootRoute({ component: Shell });
const page = <P extends string>(path: P, component: () => React.ReactNode) =>
  createRoute({ getParentRoute: () => root, path, component });

export const requestRoute = createRoute({
  getParentRoute: () => root,
  path: '/requests/$requestId',
  component: RequestPage,
});
export const exportRoute = createRoute({
  getParentRoute: () => root,
  path: '/exports/$exportId',
  component: ExportPage,
});

const routes = root.addChildren([
  page('/', RequestsPage),
  requestRoute,
  exportRoute,
  page('/activation', ActivationPage),
  page('/people', PeoplePage),
  page('/footage', FootagePage),
  page('/cameras', CamerasPage),
  page('/stations', StationsPage),
  page('/accounts', AccountsPage),
  page('/approver-key', ApproverKeyPage),
  page('/transfer-log', TransferLogPage),
  page('/lanes', LanesPage),
  page('/ledger', LedgerPage),
]);

export const router = createRouter({ routeTree: routes });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
