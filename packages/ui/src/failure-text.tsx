import { Alert, Text } from '@mantine/core';
import { ERRORS, isErrorCode } from '@sallyport/contracts';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { currentLanguage } from './words.ts';

/** A failure that a record names by its code: what happened, what to do, the code small at the end. Nothing for null. */
export function FailureText({ code }: { code: string | null | undefined }): ReactNode {
  const { t } = useTranslation();
  if (code === null || code === undefined) return null;
  const words = isErrorCode(code) ? ERRORS[code][currentLanguage()] : null;
  return (
    <Alert color="red" variant="light" title={words?.what ?? code} my="xs">
      {words !== null && <Text size="sm">{words.remedy}</Text>}
      <Text size="xs" mt={4}>
        {t('ui.code')}: {code}
      </Text>
    </Alert>
  );
}
