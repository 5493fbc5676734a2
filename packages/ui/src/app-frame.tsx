import {
  AppShell,
  Burger,
  Button,
  Group,
  NavLink,
  Text,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { switchLanguage } from './words.ts';

/** One entry of the side navigation. `waiting` is shown as a number when it is not 0. */
export interface NavigationEntry {
  readonly href: string;
  readonly label: string;
  readonly waiting?: number;
  readonly active: boolean;
}

export interface AppFrameProps {
  readonly name: string;
  readonly person: string | null;
  readonly navigation: readonly NavigationEntry[];
  readonly onNavigate: (href: string) => void;
  readonly onLogout: () => void;
  readonly children: ReactNode;
}

/** Header, side navigation, content: the same frame in console and portal, down to 360 px. */
export function AppFrame(props: AppFrameProps): ReactNode {
  const { t } = useTranslation();
  const [open, { toggle, close }] = useDisclosure(false);
  const scheme = useComputedColorScheme('light');
  const { setColorScheme } = useMantineColorScheme();
  const hasNavigation = props.navigation.length > 0;
  return (
    <AppShell
      header={{ height: 56 }}
      padding="md"
      {...(hasNavigation
        ? { navbar: { width: 220, breakpoint: 'sm', collapsed: { mobile: !open } } }
        : {})}
    >
      <a className="skip-link" href="#content">
        {t('ui.skip')}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group wrap="nowrap" gap="xs" miw={0}>
            {hasNavigation && (
              <Burger
                opened={open}
                onClick={toggle}
                hiddenFrom="sm"
                size="sm"
                aria-label={t('ui.menu')}
                aria-expanded={open}
              />
            )}
            <Text fw={700} truncate>
              {props.name}
            </Text>
          </Group>
          <Group gap="xs" wrap="nowrap" flex="none">
            {props.person !== null && (
              <Text size="sm" visibleFrom="sm">
                {props.person}
              </Text>
            )}
            <Button size="compact-sm" variant="subtle" onClick={() => void switchLanguage()}>
              {t('ui.language')}
            </Button>
            <Button
              size="compact-sm"
              variant="subtle"
              visibleFrom="xs"
              onClick={() => setColorScheme(scheme === 'dark' ? 'light' : 'dark')}
            >
              {scheme === 'dark' ? t('ui.light') : t('ui.dark')}
            </Button>
            {props.person !== null && (
              <Button size="compact-sm" variant="default" onClick={props.onLogout}>
                {t('ui.logout')}
              </Button>
            )}
          </Group>
        </Group>
      </AppShell.Header>
      {hasNavigation && (
        <AppShell.Navbar p="xs" aria-label={t('ui.menu')}>
          {props.navigation.map((entry) => (
            <NavLink
              key={entry.href}
              href={entry.href}
              label={entry.label}
              active={entry.active}
              {...(entry.active ? { 'aria-current': 'page' as const } : {})}
              rightSection={
                entry.waiting === undefined || entry.waiting === 0 ? null : (
                  <Text size="sm" fw={700}>
                    {entry.waiting}
                  </Text>
                )
              }
              onClick={(event) => {
                event.preventDefault();
                close();
                props.onNavigate(entry.href);
              }}
            />
          ))}
        </AppShell.Navbar>
      )}
      <AppShell.Main id="content" tabIndex={-1}>
        {props.children}
      </AppShell.Main>
    </AppShell>
  );
}
