import { PasswordInput, type PasswordInputProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** A password field whose eye speaks the page's language. */
export function PasswordField(props: PasswordInputProps): ReactNode {
  const { t } = useTranslation();
  const eye = { 'aria-label': t('ui.show-password') };
  return <PasswordInput {...props} visibilityToggleButtonProps={eye} />;
}
