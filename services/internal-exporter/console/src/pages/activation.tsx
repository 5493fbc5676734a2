import { Anchor } from '@mantine/core';
import { ActivationForm } from '@sallyport/ui';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api.ts';

/** Staff turn their one-time code into an account. */
export function ActivationPage(): ReactNode {
  const { t } = useTranslation();
  return (
    <ActivationForm api={api}>
      <Anchor component={Link} to="/">
        {t('ui.login')}
      </Anchor>
    </ActivationForm>
  );
}
