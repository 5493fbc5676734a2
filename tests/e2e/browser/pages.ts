import type { Person, World } from './world.ts';

export type App = 'console' | 'portal';

/** One page as one person sees it. */
export interface PageCase {
  readonly name: string;
  readonly app: App;
  readonly path: string;
  readonly who: Person;
}

/** Every page of both web apps, once for every role that sees something of its own there. */
export function listPages(world: World): readonly PageCase[] {
  const { requestId, exportId, packageId } = world.end;
  const page = (app: App, who: Person, path: string, name: string): PageCase => ({
    name: `${app} ${name} (${who})`,
    app,
    path,
    who,
  });
  return [
    page('portal', 'nobody', '/', 'log-in'),
    page('portal', 'nobody', '/sign-up', 'sign-up'),
    page('portal', 'nobody', '/activation', 'activation'),
    page('portal', 'officer', '/', 'home'),
    page('portal', 'officer', '/device', 'device'),
    page('portal', 'officer', '/requests/new', 'new request'),
    page('portal', 'officer', `/requests/${requestId}`, 'request'),
    page('portal', 'officer', `/packages/${packageId}`, 'play'),
    page('portal', 'dmz-auditor', '/transfer-log', 'transfer log'),
    page('portal', 'dmz-auditor', '/lanes', 'lanes'),
    page('portal', 'dmz-administrator', '/accounts', 'accounts'),
    page('console', 'nobody', '/', 'log-in'),
    page('console', 'nobody', '/activation', 'activation'),
    page('console', 'operator', '/', 'requests'),
    page('console', 'operator', `/requests/${requestId}`, 'request'),
    page('console', 'operator', `/exports/${exportId}`, 'export'),
    page('console', 'operator', '/people', 'people'),
    page('console', 'operator', '/footage', 'footage'),
    page('console', 'operator', '/cameras', 'cameras'),
    page('console', 'approver', `/requests/${requestId}`, 'request'),
    page('console', 'approver', `/exports/${exportId}`, 'export'),
    page('console', 'approver', '/approver-key', 'approver key'),
    page('console', 'administrator', '/people', 'people'),
    page('console', 'administrator', '/stations', 'stations'),
    page('console', 'administrator', '/accounts', 'accounts'),
    page('console', 'auditor', '/transfer-log', 'transfer log'),
    page('console', 'auditor', '/lanes', 'lanes'),
    page('console', 'auditor', '/ledger', 'ledger'),
  ];
}
