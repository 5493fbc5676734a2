import { Alert, Text } from '@mantine/core';
import { isSallyportError } from '@sallyport/contracts';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from './api.ts';
import { FailureText } from './failure-text.tsx';

/** Says what happened, what to do, and the code small at the end. Renders nothing for null. */
export function ProblemAlert({ problem }: { problem: unknown }): ReactNode {
  const { t } = useTranslation();
  if (problem === null || problem === undefined) return null;
  if (isSallyportError(problem)) {
    return (
      <div role="alert">
        <FailureText code={problem.code} />
      </div>
    );
  }
  const known = problem instanceof ApiProblem ? problem : null;
  const unreachable = known?.status === 0;
  const title = unreachable
    ? t('ui.unreachable')
    : (known?.message ?? (problem instanceof Error ? problem.message : t('ui.unexpected')));
  const remedy = unreachable ? t('ui.unreachable-remedy') : (known?.remedy ?? '');
  return (
    <Alert color="red" variant="light" title={title} role="alert" my="sm">
      {remedy !== '' && <Text size="sm">{remedy}</Text>}
      {known !== null && known.detail !== '' && <Text size="sm">{known.detail}</Text>}
      {known !== null && (
        <Text size="xs" c="dimmed" mt={4}>
          {t('ui.code')}: {known.code} {known.requestId}
        </Text>
      )}
    </Alert>
  );
}
