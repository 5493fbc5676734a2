import type { World } from './world.ts';

export type App = 'console' | 'portal';

/** One page as one role sees it. `cookie` null: nobody is logged in. */
export interface PageCase {
  readonly name: string;
  readonly app: App;
  readonly path: string;
  readonly cookie: string | undefined;
}

/** Every page of both web apps, once for every role that sees something of its own there. */
export function listPages(world: World): readonly PageCase[] {
  const { staff, requester, requestId, exportId, packageId } = world.end;
  const people = {
    nobody: undefined,
    operator: staff.operator.client.sessionHeaders()['cookie'],
    approver: staff.requestApprover.client.sessionHeaders()['cookie'],
    administrator: staff.administrator.client.sessionHeaders()['cookie'],
    auditor: staff.auditor.client.sessionHeaders()['cookie'],
    officer: requester.client.sessionHeaders()['cookie'],
    'dmz-auditor': world.gateway.auditor.sessionHeaders()['cookie'],
    'dmz-administrator': world.gateway.administrator.sessionHeaders()['cookie'],
  };
  const page = (app: App, who: keyof typeof people, path: string, name: string): PageCase => ({
    name: `${app} ${name} (${who})`,
    app,
    path,
    cookie: people[who],
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
    page('console', 'administrator', '/stations', 'stations'),
    page('console', 'administrator', '/accounts', 'accounts'),
    page('console', 'auditor', '/transfer-log', 'transfer log'),
    page('console', 'auditor', '/ledger', 'ledger'),
  ];
}
