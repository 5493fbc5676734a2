import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { AccountsPage } from './pages/accounts.tsx';
import { ActivationPage } from './pages/activation.tsx';
import { DevicePage } from './pages/device.tsx';
import { HomePage } from './pages/home.tsx';
import { LanesPage } from './pages/lanes.tsx';
import { NewRequestPage } from './pages/new-request.tsx';
import { PlayPage } from './pages/play.tsx';
import { RequestPage } from './pages/request.tsx';
import { SignUpPage } from './pages/sign-up.tsx';
import { TransferLogPage } from './pages/transfer-log.tsx';
import { Shell } from './shell.tsx';

const root = createRootRoute({ component: Shell });
const page = <P extends string>(path: P, component: () => ReactNode) =>
  createRoute({ getParentRoute: () => root, path, component });

const routes = root.addChildren([
  page('/', HomePage),
  page('/sign-up', SignUpPage),
  page('/activation', ActivationPage),
  page('/device', DevicePage),
  page('/requests/new', NewRequestPage),
  page('/requests/$requestId', RequestPage),
  page('/packages/$packageId', PlayPage),
  page('/transfer-log', TransferLogPage),
  page('/lanes', LanesPage),
  page('/accounts', AccountsPage),
]);

export const router = createRouter({ routeTree: routes });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
