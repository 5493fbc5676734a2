import type { LaneGap } from '@sallyport/contracts';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { DataTable } from './data-table.tsx';
import { koreanTime } from './korean-time.ts';

/** What a one-way lane has not brought, for either zone. */
export function GapTable({ gaps }: { gaps: readonly LaneGap[] }): ReactNode {
  const { t } = useTranslation();
  return (
    <DataTable<LaneGap>
      caption={t('ui.gaps')}
      rows={gaps}
      rowKey={(gap) => `${gap.senderId} ${gap.epoch} ${gap.from}`}
      empty={t('ui.no-gaps')}
      columns={[
        { label: t('ui.gap-kind'), cell: (gap) => t(`ui.gap-${gap.kind}`) },
        { label: t('ui.gap-range'), cell: (gap) => `${gap.epoch}: ${gap.from}–${gap.to}` },
        { label: t('ui.gap-count'), cell: (gap) => gap.count },
        { label: t('ui.gap-since'), cell: (gap) => koreanTime(gap.firstSeenAt) },
      ]}
    />
  );
}
