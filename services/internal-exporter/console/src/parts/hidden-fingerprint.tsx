import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** In place of a fingerprint that somebody has yet to hear. */
export function HiddenFingerprint(): ReactNode {
  const { t } = useTranslation();
  return (
    <Text size="sm" c="dimmed">
      {t('people.fingerprint-hidden')}
    </Text>
  );
}
