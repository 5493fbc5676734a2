import { Anchor, Badge, Group, Title } from '@mantine/core';
import type { ConsoleRequestRow, ConsoleRequests } from '@sallyport/contracts';
import { DataTable, koreanTime, ProblemAlert, stateName } from '@sallyport/ui';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useRoute } from '../api.ts';

/** Every request, newest first, with what an approver should notice. */
export function RequestsPage(): ReactNode {
  const { t } = useTranslation();
  const { value, problem } = useRoute<ConsoleRequests>('/v1/requests');
  return (
    <>
      <Title order={1} size="h2" mb="md">
        {t('nav.requests')}
      </Title>
      <ProblemAlert problem={problem} />
      <DataTable<ConsoleRequestRow>
        caption={t('requests.caption', { total: value?.total ?? 0 })}
        rows={value?.rows ?? []}
        rowKey={(row) => row.requestId}
        empty={t('requests.empty')}
        columns={[
          {
            label: t('request.receipt'),
            cell: (row) => (
              <Anchor component={Link} to={`/requests/${row.requestId}`}>
                {row.receiptNumber}
              </Anchor>
            ),
          },
          { label: t('request.state'), cell: (row) => stateName(row.state) },
          { label: t('request.case'), cell: (row) => row.caseNumber ?? '–' },
          {
            label: t('request.requester'),
            cell: (row) => `${row.requesterName} (${row.stationName ?? '–'})`,
          },
          { label: t('request.items'), cell: (row) => row.itemCount },
          { label: t('request.at'), cell: (row) => koreanTime(row.at) },
          {
            label: t('request.warnings'),
            cell: (row) => (
              <Group gap={4}>
                {row.warnings.map((warning) => (
                  <Badge key={warning} color="orange" variant="light" tt="none">
                    {t(`warning.${warning}`)}
                  </Badge>
                ))}
              </Group>
            ),
          },
        ]}
      />
    </>
  );
}
