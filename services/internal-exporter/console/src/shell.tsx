import { Anchor, Loader } from '@mantine/core';
import type { ConsoleRole } from '@sallyport/contracts';
import { AppFrame, LoginForm, type NavigationEntry } from '@sallyport/ui';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from './api.ts';
import { useSession, useSessionChange } from './session.ts';

const PAGES: readonly { href: string; word: string; roles: readonly ConsoleRole[] }[] = [
  { href: '/', word: 'nav.requests', roles: ['operator', 'approver'] },
  { href: '/people', word: 'nav.people', roles: ['operator', 'administrator'] },
  { href: '/footage', word: 'nav.footage', roles: ['operator'] },
  { href: '/cameras', word: 'nav.cameras', roles: ['operator', 'administrator'] },
  { href: '/stations', word: 'nav.stations', roles: ['administrator'] },
  { href: '/accounts', word: 'nav.accounts', roles: ['administrator'] },
  { href: '/approver-key', word: 'nav.approver-key', roles: ['approver'] },
  { href: '/transfer-log', word: 'nav.transfer-log', roles: ['auditor'] },
  { href: '/lanes', word: 'nav.lanes', roles: ['administrator', 'auditor'] },
  { href: '/ledger', word: 'nav.ledger', roles: ['auditor'] },
];

/** Log-in in front of everything but the activation page; then the frame with what this role may open. */
export function Shell(): ReactNode {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const { session, loading } = useSession();
  const sessionChanged = useSessionChange();
  const open = path === '/activation';

  // The list of requests is not for everybody: those roles begin with their own first page.
  const role = session?.account.role;
  useEffect(() => {
    const [first] = PAGES.filter(({ roles }) => role !== undefined && roles.includes(role));
    if (path === '/' && first !== undefined && first.href !== '/')
      void navigate({ to: first.href });
  }, [path, role, navigate]);

  const navigation: NavigationEntry[] =
    session === null
      ? []
      : PAGES.filter(({ roles }) => roles.includes(session.account.role)).map(({ href, word }) => ({
          href,
          label: t(word),
          active:
            href === '/'
              ? path === '/' || path.startsWith('/requests') || path.startsWith('/exports')
              : path === href,
        }));

  return (
    <AppFrame
      name={session?.site.siteName ?? t('app.name')}
      person={
        session === null ? null : `${session.account.name} (${t(`role.${session.account.role}`)})`
      }
      navigation={navigation}
      onNavigate={(href) => void navigate({ to: href })}
      onLogout={() => void api.send('DELETE', '/v1/session').then(sessionChanged)}
    >
      {loading ? (
        <Loader aria-label={t('ui.busy')} />
      ) : session !== null || open ? (
        <Outlet />
      ) : (
        <LoginForm
          title={t('app.name')}
          onLogin={async (values) => {
            await api.send('POST', '/v1/session', values);
            await sessionChanged();
          }}
        >
          <Anchor component={Link} to="/activation" size="sm">
            {t('activation.link')}
          </Anchor>
        </LoginForm>
      )}
    </AppFrame>
  );
}
