import { Anchor, Button, Code, Group, Stack, Text, Title } from '@mantine/core';
import type { PortalTransferLog, PortalTransferLogRow } from '@sallyport/contracts';
import { DataTable, koreanTime, ProblemAlert } from '@sallyport/ui';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useRoute } from '../api.ts';

/** What this zone did with footage, newest first. Reading it is itself written down. */
export function TransferLogPage(): ReactNode {
  const { t } = useTranslation();
  const [before, setBefore] = useState<string | null>(null);
  const path = before === null ? '/v1/transfer-log' : `/v1/transfer-log?before=${before}`;
  // Reading is itself a ledger entry, so the page asks once a minute, not every few seconds.
  const { value, problem } = useRoute<PortalTransferLog>(path, 60_000);
  const short = (id: string | null): string => id?.slice(0, 8) ?? '–';
  const next = value?.nextBefore ?? null;
  return (
    <Stack>
      <Title order={1} size="h2">
        {t('nav.transfer-log')}
      </Title>
      <Text size="sm">{t('log.hint')}</Text>
      <Anchor href="/v1/transfer-log.csv" download>
        {t('log.csv')}
      </Anchor>
      <ProblemAlert problem={problem} />
      <DataTable<PortalTransferLogRow>
        caption={t('nav.transfer-log')}
        rows={value?.rows ?? []}
        rowKey={(row) => String(row.row)}
        empty={value === null ? t('ui.busy') : t('log.empty')}
        columns={[
          { label: t('log.row'), cell: (row) => row.row },
          { label: t('log.at'), cell: (row) => koreanTime(row.at) },
          { label: t('log.event'), cell: (row) => <Code>{row.event}</Code> },
          {
            label: t('log.actor'),
            cell: (row) => `${t(`actor.${row.actorKind}`)} ${row.actor.slice(0, 8)}`,
          },
          { label: t('log.request'), cell: (row) => short(row.requestId) },
          { label: t('log.package'), cell: (row) => short(row.packageId) },
          { label: t('log.device'), cell: (row) => short(row.deviceId) },
          {
            label: t('log.segments'),
            cell: (row) =>
              row.firstSegment === null ? '–' : `${row.firstSegment}–${row.lastSegment ?? ''}`,
          },
          { label: t('log.size'), cell: (row) => row.sizeBytes ?? '–' },
          { label: t('log.outcome'), cell: (row) => row.outcome ?? '–' },
          { label: t('log.ledger'), cell: (row) => row.ledgerIndex ?? t('log.pending') },
        ]}
      />
      <Group>
        <Button variant="default" disabled={before === null} onClick={() => setBefore(null)}>
          {t('log.newest')}
        </Button>
        <Button variant="default" disabled={next === null} onClick={() => setBefore(next)}>
          {t('log.older')}
        </Button>
      </Group>
    </Stack>
  );
}
