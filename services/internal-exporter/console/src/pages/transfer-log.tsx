import { Anchor, Stack, Text, Title } from '@mantine/core';
import type { ConsoleTransferLog, TransferLogEntry } from '@sallyport/contracts';
import { DataTable, koreanTime, ProblemAlert } from '@sallyport/ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useRoute } from '../api.ts';

/** The auditor's table: what this side did beside what the other side reported. */
export function TransferLogPage(): ReactNode {
  const { t } = useTranslation();
  // Reading is itself a ledger entry, so the page asks once a minute, not every few seconds.
  const { value, problem } = useRoute<ConsoleTransferLog>('/v1/transfer-log', 60_000);
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
      <DataTable<TransferLogEntry>
        caption={t('nav.transfer-log')}
        rows={value?.rows ?? []}
        rowKey={(row) => row.packageId}
        empty={t('log.empty')}
        columns={[
          { label: t('request.receipt'), cell: (row) => row.receiptNumber ?? '–' },
          { label: t('request.recipient'), cell: (row) => row.recipientName ?? '–' },
          { label: t('log.sealed'), cell: (row) => koreanTime(row.sealedAt) },
          { label: t('log.sent'), cell: (row) => koreanTime(row.sentAt) },
          {
            label: t('log.received'),
            cell: (row) =>
              `${koreanTime(row.receivedAt)} ${row.verdict === null ? '' : t(`verdict.${row.verdict}`)} ${row.failure ?? ''}`,
          },
          {
            label: t('log.opened'),
            cell: (row) => `${row.openedCount} · ${koreanTime(row.lastOpenedAt)}`,
          },
          { label: t('log.key-destroyed'), cell: (row) => koreanTime(row.keyDestroyedAt) },
          { label: t('log.file-gone'), cell: (row) => koreanTime(row.fileGoneAt) },
          { label: t('log.recipient-receipt'), cell: (row) => koreanTime(row.recipientReceiptAt) },
        ]}
      />
    </Stack>
  );
}
