import { Anchor, Loader, Stack } from '@mantine/core';
import type { PortalRole, PortalSite } from '@sallyport/contracts';
import { AppFrame, LoginForm, ProblemAlert, type NavigationEntry } from '@sallyport/ui';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, useRoute } from './api.ts';
import { useChallengeAnswer } from './device/this-device.ts';
import { useSession, useSessionChange } from './session.ts';

const PAGES: readonly { href: string; word: string; roles: readonly PortalRole[] }[] = [
  { href: '/', word: 'nav.home', roles: ['officer'] },
  { href: '/requests/new', word: 'nav.new-request', roles: ['officer'] },
  { href: '/device', word: 'nav.device', roles: ['officer'] },
  { href: '/transfer-log', word: 'nav.transfer-log', roles: ['auditor'] },
  { href: '/accounts', word: 'nav.accounts', roles: ['administrator'] },
  { href: '/lanes', word: 'nav.lanes', roles: ['auditor', 'administrator'] },
];
/** Pages for people who have no account yet. */
const OPEN_PAGES = ['/sign-up', '/activation'];

/** Log-in in front of everything but the open pages; then the frame with what this role may open. */
export function Shell(): ReactNode {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const { session, loading, problem } = useSession();
  const sessionChanged = useSessionChange();
  const site = useRoute<PortalSite>('/v1/site', 60_000).value;
  const role = session?.account.role;
  useChallengeAnswer(session);

  // Each role has its own first page.
  useEffect(() => {
    if (path !== '/' || role === undefined || role === 'officer') return;
    void navigate({ to: role === 'auditor' ? '/transfer-log' : '/accounts' });
  }, [path, role, navigate]);

  const navigation: NavigationEntry[] = PAGES.filter(
    ({ roles }) => role !== undefined && roles.includes(role),
  ).map(({ href, word }) => ({ href, label: t(word), active: path === href }));

  return (
    <AppFrame
      name={site === null ? t('app.name') : `${site.siteName} ${t('app.name')}`}
      person={session === null ? null : session.account.login}
      navigation={navigation}
      onNavigate={(href) => void navigate({ to: href })}
      onLogout={() => void api.send('DELETE', '/v1/session').then(sessionChanged)}
    >
      <ProblemAlert problem={problem} />
      {loading ? (
        <Loader aria-label={t('ui.busy')} />
      ) : session !== null || OPEN_PAGES.includes(path) ? (
        <Outlet />
      ) : (
        <LoginForm
          title={t('login.title')}
          onLogin={async (values) => {
            await api.send('POST', '/v1/session', values);
            await sessionChanged();
          }}
        >
          <Stack gap="xs">
            <Anchor component={Link} to="/sign-up" size="sm">
              {t('login.sign-up')}
            </Anchor>
            <Anchor component={Link} to="/activation" size="sm">
              {t('ui.activation-link')}
            </Anchor>
          </Stack>
        </LoginForm>
      )}
    </AppFrame>
  );
}
